import { ZkmlError } from "../errors/zkml-error.ts";

const QUANTISE =
  "quantise the layer to MatMulInteger or ConvInteger with an int32 Add for the bias";
const TABLE =
  "replace it by a table: a Gather from a constant list with the int32 value as index, or by a Clip";
const FIX_SHAPES = "export the model with fixed shapes and fold constants";
const POOL = "fold the average into a ConvInteger, or use MaxPool";

const ADVICE: Readonly<Record<string, string>> = {
  MatMul: QUANTISE,
  Gemm: QUANTISE,
  Conv: QUANTISE,
  QLinearMatMul: QUANTISE,
  QLinearConv: QUANTISE,
  DynamicQuantizeLinear: "use a constant scale, a power of two, with an integer Div and a Clip",
  QuantizeLinear: "use an integer Div by a power of two, a Clip and a Cast",
  DequantizeLinear: "keep the int32 value; a scale does not change which class wins",
  BatchNormalization: "fold it into the weights before it",
  Softmax: "output the logits; softmax does not change which class wins",
  LogSoftmax: "output the logits; softmax does not change which class wins",
  Sigmoid: TABLE,
  Tanh: TABLE,
  Gelu: TABLE,
  Erf: TABLE,
  Exp: TABLE,
  LeakyRelu: "use Max of the value and the value divided by a constant",
  AveragePool: POOL,
  GlobalAveragePool: POOL,
  Shape: FIX_SHAPES,
  ReduceMean: "use ReduceSum and a Div by the number of elements",
  ArgMin: "use ArgMax of the negated value",
  Dropout: "export the model for inference, which removes it",
};

export function unsupportedOperator(
  operator: string,
  node: string,
  supported: readonly string[],
): ZkmlError {
  const advice = ADVICE[operator] ?? `rewrite it with ${supported.join(", ")}`;
  return new ZkmlError(
    "UNSUPPORTED_OPERATOR",
    `operator ${operator} (node "${node}") has no exact integer form here; ${advice}`,
    { operator, node },
  );
}
