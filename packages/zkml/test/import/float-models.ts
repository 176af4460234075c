import type { FloatSamples } from "../../src/import/samples/samples.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { encodeModel } from "../../src/onnx/encode.ts";
import type { AttributeProto, NodeProto, TensorProto } from "../../src/onnx/proto.ts";
import { ATTRIBUTE_TYPES, DATA_TYPES } from "../../src/onnx/proto.ts";
import { FLOAT, node, tensor, value } from "../helpers/protos.ts";

type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Builds float32 ONNX models with seeded random weights. */
export class FloatModelBuilder {
  readonly random: SeededRandom;
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly inputShape: (number | string)[];
  opset = 17;

  constructor(seed: number, inputShape: (number | string)[]) {
    this.random = new SeededRandom(seed);
    this.inputShape = inputShape;
  }

  /** Adds a node with one output of the given name. Attributes in `floats` are float32. */
  add(
    opType: string,
    input: string[],
    output: string,
    attributes: Attributes = {},
    floats: Readonly<Record<string, number>> = {},
  ): string {
    const list = Object.entries(attributes).map(([name, given]) => attribute(name, given));
    for (const [name, f] of Object.entries(floats)) {
      list.push({ name, type: ATTRIBUTE_TYPES.float, i: 0, f, s: "", ints: [] });
    }
    this.nodes.push(
      node(opType, input, [output], { name: `${opType}-${output}`, attributes: list }),
    );
    return output;
  }

  floats(name: string, dims: number[], values: ArrayLike<number>): string {
    const rawData = new Uint8Array(Float32Array.from(values).buffer);
    this.initializers.push(tensor(name, FLOAT, dims, { rawData }));
    return name;
  }

  integers(
    name: string,
    type: "uint8" | "int8" | "int32" | "int64",
    dims: number[],
    list: number[],
  ): string {
    const data = type === "int64" ? { int64Data: list } : { int32Data: list };
    this.initializers.push(tensor(name, DATA_TYPES[type], dims, data));
    return name;
  }

  /** Normal weights of the size that keeps activations about as large as the inputs. */
  weights(name: string, dims: number[], inputs: number): string {
    const length = dims.reduce((product, d) => product * d, 1);
    const spread = Math.sqrt(2 / inputs);
    return this.floats(
      name,
      dims,
      Float32Array.from({ length }, () => spread * this.random.normal()),
    );
  }

  biases(name: string, count: number): string {
    return this.floats(
      name,
      [count],
      Float32Array.from({ length: count }, () => 0.3 * this.random.normal()),
    );
  }

  conv(
    input: string,
    output: string,
    channels: number,
    filters: number,
    kernel: number,
    attributes: Attributes = {},
  ): string {
    const group = Number(attributes.group ?? 1);
    const dims = [filters, channels / group, kernel, kernel];
    const w = this.weights(`${output}.w`, dims, (channels / group) * kernel ** 2);
    return this.add("Conv", [input, w, this.biases(`${output}.b`, filters)], output, attributes);
  }

  gemm(input: string, output: string, inputs: number, units: number): string {
    const w = this.weights(`${output}.w`, [units, inputs], inputs);
    return this.add("Gemm", [input, w, this.biases(`${output}.b`, units)], output, { transB: 1 });
  }

  batchNorm(input: string, output: string, channels: number): string {
    const list = (name: string, low: number, high: number) =>
      this.floats(
        `${output}.${name}`,
        [channels],
        Float32Array.from({ length: channels }, () => this.random.between(low, high)),
      );
    const inputs = [input, list("s", 0.5, 1.5), list("b", -0.5, 0.5), list("m", -0.3, 0.3)];
    return this.add("BatchNormalization", [...inputs, list("v", 0.5, 1.5)], output);
  }

  random16(): number[] {
    return Array.from({ length: 16 }, () => this.random.between(0.4, 1.6));
  }

  integerList(length: number, low: number, high: number): number[] {
    return Array.from({ length }, () => this.random.integer(low, high));
  }

  /** int8 weights in [-largest, largest] behind a DequantizeLinear. */
  givenWeights(name: string, dims: number[], largest: number, axis?: number): string {
    const channels = axis === undefined ? 1 : (dims[axis] as number);
    const list = axis === undefined ? [] : [channels];
    const length = dims.reduce((product, d) => product * d, 1);
    this.integers(`${name}.i`, "int8", dims, this.integerList(length, -largest, largest));
    const scales = Array.from({ length: channels }, () => this.random.between(0.001, 0.004));
    this.floats(`${name}.s`, list, scales);
    this.integers(`${name}.z`, "int8", list, new Array<number>(channels).fill(0));
    const inputs = [`${name}.i`, `${name}.s`, `${name}.z`];
    return this.add("DequantizeLinear", inputs, name, axis === undefined ? {} : { axis });
  }

  /** QuantizeLinear and DequantizeLinear with one scale. */
  fakeQuantise(
    input: string,
    output: string,
    scale: number,
    zeroPoint: number,
    type: "uint8" | "int8" = "uint8",
  ): string {
    const s = this.floats(`${output}.scale`, [], [scale]);
    const z = this.integers(`${output}.zero`, type, [], [zeroPoint]);
    this.add("QuantizeLinear", [input, s, z], `${output}.q`);
    return this.add("DequantizeLinear", [`${output}.q`, s, z], output);
  }

  bytes(outputs: string[] = ["y"], inputType: number = FLOAT): Uint8Array {
    return encodeModel({
      irVersion: 8,
      producerName: "test",
      opsets: [{ domain: "", version: this.opset }],
      graph: {
        name: "float",
        nodes: this.nodes,
        initializers: this.initializers,
        inputs: [value("x", inputType, this.inputShape)],
        outputs: outputs.map((name) => value(name, FLOAT)),
      },
    });
  }
}

/** Uniform samples. */
export function randomSamples(
  seed: number,
  count: number,
  shape: readonly number[],
  low = -1,
  high = 1,
): FloatSamples {
  const random = new SeededRandom(seed);
  const length = shape.reduce((product, d) => product * d, count);
  const data = Float32Array.from({ length }, () => random.between(low, high));
  return { shape: [count, ...shape], data };
}

function attribute(name: string, given: number | string | readonly number[]): AttributeProto {
  const empty = { name, i: 0, s: "", ints: [] };
  if (typeof given === "number") return { ...empty, type: ATTRIBUTE_TYPES.int, i: given };
  if (typeof given === "string") return { ...empty, type: ATTRIBUTE_TYPES.string, s: given };
  return { ...empty, type: ATTRIBUTE_TYPES.ints, ints: [...given] };
}
