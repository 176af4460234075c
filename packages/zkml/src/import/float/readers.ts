import { ZkmlError } from "../../errors/zkml-error.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import type { FloatContext } from "./float-context.ts";
import { ACTIVATION_READERS } from "./read-activation.ts";
import { ARITHMETIC_READERS } from "./read-arithmetic.ts";
import { LAYOUT_READERS } from "./read-layout.ts";
import { LINEAR_READERS } from "./read-linear.ts";
import { POOLING_READERS } from "./read-pooling.ts";
import { QUANTISED_READERS } from "./read-quantised.ts";

export type FloatReader = (node: NodeReader, context: FloatContext, proto: NodeProto) => void;

/** How each operator of a float32 or quantised model is read. */
export const READERS: ReadonlyMap<string, FloatReader> = new Map<string, FloatReader>([
  ...LINEAR_READERS,
  ...ARITHMETIC_READERS,
  ...ACTIVATION_READERS,
  ...POOLING_READERS,
  ...LAYOUT_READERS,
  ...QUANTISED_READERS,
]);

const RECURRENT = "unroll it, or replace it by dense or convolutional layers";
const NORMALISE =
  "its mean and variance depend on the data; use BatchNormalization, which folds into weights";
const INTEGER = "the model is partly in integer form already; use `readOnnx` for integer models";
const FIXED = "export the model with fixed shapes and constant folding";

const REMEDIES: Readonly<Record<string, string>> = {
  LSTM: RECURRENT,
  GRU: RECURRENT,
  RNN: RECURRENT,
  LayerNormalization: NORMALISE,
  InstanceNormalization: NORMALISE,
  GroupNormalization: NORMALISE,
  MatMulInteger: INTEGER,
  ConvInteger: INTEGER,
  DynamicQuantizeLinear: "quantise statically: scales that depend on the data cannot be proven",
  ConvTranspose: "use Conv after repeating or padding its input in the training code",
  Pad: "give the padding to the Conv or pooling that follows",
  Resize: "use strides or pooling instead",
  Softmax: "only a final softmax can be dropped",
  Split: "slice the weights instead, so that each branch has a layer of its own",
  Slice: "slice the weights instead, so that each branch has a layer of its own",
  Gather: FIXED,
  Expand: FIXED,
  Where: FIXED,
  If: "export the model for inference, which removes the branch",
  Loop: RECURRENT,
  Scan: RECURRENT,
};

export function refuseOperator(operator: string, node: string): ZkmlError {
  const remedy =
    REMEDIES[operator] ?? `rewrite it with ${[...READERS.keys()].slice(0, 12).join(", ")} and such`;
  return new ZkmlError(
    "UNSUPPORTED_OPERATOR",
    `operator ${operator} (node "${node}") cannot be imported; ${remedy}`,
    { operator, node },
  );
}
