import { encodeModel } from "../../src/onnx/encode.ts";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from "../../src/onnx/proto.ts";
import { ConvolutionLayer } from "./convolution.ts";
import { DenseLayer } from "./dense.ts";
import type { Layer } from "./layer.ts";
import { MaxPoolLayer } from "./max-pool.ts";

/** TensorProto.DataType of float32. */
const FLOAT = 1;
const IR_VERSION = 8;
const OPSET = 17;

export interface FloatModel {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Dense layers behind planes get a Flatten before them. */
  readonly layers: readonly Layer[];
}

interface Step {
  readonly name: string;
  readonly opType: string;
  readonly attributes?: AttributeProto[];
  readonly parameters?: TensorProto[];
}

/**
 * Writes a trained network as plain float32 ONNX, opset 17: `image` in, `logits` out, of Conv,
 * Relu, MaxPool, Flatten and Gemm. The same network gives the same bytes.
 */
export function writeFloatOnnx({ name, inputShape, outputShape, layers }: FloatModel): Uint8Array {
  const steps = stepsOf(layers, inputShape.length > 2);
  const nodes = steps.map((step, i): NodeProto => {
    const from = i === 0 ? "image" : `${steps[i - 1]?.name}.out`;
    const to = i === steps.length - 1 ? "logits" : `${step.name}.out`;
    const parameters = (step.parameters ?? []).map((tensor) => tensor.name);
    return {
      name: step.name,
      opType: step.opType,
      domain: "",
      input: [from, ...parameters],
      output: [to],
      attributes: step.attributes ?? [],
    };
  });
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: `lattice-${name}`,
    opsets: [{ domain: "", version: OPSET }],
    graph: {
      name,
      nodes,
      initializers: steps.flatMap(({ parameters }) => parameters ?? []),
      inputs: [{ name: "image", elementType: FLOAT, shape: [...inputShape] }],
      outputs: [{ name: "logits", elementType: FLOAT, shape: [...outputShape] }],
    },
  });
}

function stepsOf(layers: readonly Layer[], planes: boolean): Step[] {
  const steps: Step[] = [];
  const counts = new Map<string, number>();
  const named = (kind: string): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind}${count}`;
  };
  let flat = !planes;
  for (const layer of layers) {
    if (layer instanceof ConvolutionLayer) {
      steps.push(convolution(named("conv"), layer));
    } else if (layer instanceof MaxPoolLayer) {
      const attributes = [ints("kernel_shape", [2, 2]), ints("strides", [2, 2])];
      steps.push({ name: named("pool"), opType: "MaxPool", attributes });
    } else if (layer instanceof DenseLayer) {
      if (!flat) steps.push({ name: "flatten", opType: "Flatten", attributes: [int("axis", 1)] });
      flat = true;
      steps.push(dense(named("fc"), layer));
    } else {
      steps.push({ name: named("relu"), opType: "Relu" });
    }
  }
  return steps;
}

function convolution(name: string, { shape, weights, biases }: ConvolutionLayer): Step {
  const { inputs, outputs, kernel } = shape;
  return {
    name,
    opType: "Conv",
    attributes: [
      ints("dilations", [1, 1]),
      int("group", 1),
      ints("kernel_shape", [kernel, kernel]),
      ints("pads", [0, 0, 0, 0]),
      ints("strides", [1, 1]),
    ],
    parameters: [
      tensor(`${name}.weight`, [outputs, inputs, kernel, kernel], weights),
      tensor(`${name}.bias`, [outputs], biases),
    ],
  };
}

/** Gemm with the weights output-major, as trainers export them. */
function dense(name: string, { inputs, units, weights, biases }: DenseLayer): Step {
  const transposed = Float64Array.from(
    weights,
    (_, i) => weights[(i % inputs) * units + Math.floor(i / inputs)] as number,
  );
  return {
    name,
    opType: "Gemm",
    attributes: [int("transB", 1)],
    parameters: [
      tensor(`${name}.weight`, [units, inputs], transposed),
      tensor(`${name}.bias`, [units], biases),
    ],
  };
}

function tensor(name: string, dims: readonly number[], values: Float64Array): TensorProto {
  const rawData = new Uint8Array(4 * values.length);
  const view = new DataView(rawData.buffer);
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return {
    name,
    dims: [...dims],
    dataType: FLOAT,
    rawData,
    int32Data: [],
    int64Data: [],
    foreignData: false,
    external: false,
  };
}

function int(name: string, i: number): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.int, i, s: "", ints: [] };
}

function ints(name: string, values: readonly number[]): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.ints, i: 0, s: "", ints: [...values] };
}
