import type { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor, Shape } from "../../src/ir/tensor.ts";
import { DATA_TYPES, type TensorProto } from "../../src/onnx/proto.ts";
import { FLOAT, intsAttribute, modelBytes, node, tensor, value } from "./protos.ts";
import { randomTensor } from "./random-tensors.ts";

export interface QLinearModel {
  readonly bytes: Uint8Array;
  readonly inputType: "uint8" | "int8";
  readonly inputShape: Shape;
}

export interface QLinearOptions {
  /** Of one scale; the least and greatest power of two drawn, or any number between them. */
  readonly exponents: readonly [number, number];
  readonly powersOfTwo: boolean;
}

export function floats(name: string, values: readonly number[], scalar = false): TensorProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  return tensor(name, FLOAT, scalar ? [] : [values.length], { rawData });
}

function integers(name: string, { elementType, shape, data }: IntegerTensor): TensorProto {
  return tensor(name, DATA_TYPES[elementType], [...shape], { int32Data: [...data] });
}

function scale(random: SeededRandom, { exponents, powersOfTwo }: QLinearOptions): number {
  const [least, most] = exponents;
  return 2 ** (powersOfTwo ? random.integer(least, most) : random.between(least, most));
}

/** Zero points and scales around operands of random 8-bit types; weights of seven bits. */
export function qlinearMatMul(random: SeededRandom, options: QLinearOptions): QLinearModel {
  const [rows, inner, columns] = [
    random.integer(1, 3),
    random.integer(1, 40),
    random.integer(1, 4),
  ];
  const inputType = random.pick(["uint8", "int8"] as const);
  const w = randomTensor(random, "int8", [inner, columns], [-64, 63]);
  const many = random.pick([true, false]);
  const yType = inputType;
  const initializers = [
    floats("as", [scale(random, options)], true),
    integers("az", randomTensor(random, inputType, [])),
    integers("w", w),
    floats(
      "ws",
      Array.from({ length: many ? columns : 1 }, () => scale(random, options)),
      !many,
    ),
    integers("wz", randomTensor(random, "int8", many ? [columns] : [], [0, 0])),
    floats("ys", [1], true),
    integers("yz", randomTensor(random, yType, [])),
  ];
  const inputShape = [rows, inner];
  const inputs = ["x", "as", "az", "w", "ws", "wz", "ys", "yz"];
  const bytes = modelBytes({
    nodes: [node("QLinearMatMul", inputs, ["y"])],
    initializers,
    inputs: [value("x", DATA_TYPES[inputType], [...inputShape])],
    outputs: [value("y", DATA_TYPES[yType])],
  });
  return { bytes, inputType, inputShape };
}

/** Two filters with pads and a bias, one scale or one for each. */
export function qlinearConv(random: SeededRandom, options: QLinearOptions): QLinearModel {
  const inputShape = [1, 2, 5, 6];
  const filters = 2;
  const many = random.pick([true, false]);
  const w = randomTensor(random, "int8", [filters, 2, 3, 2], [-64, 63]);
  const initializers = [
    floats("xs", [scale(random, options)], true),
    integers("xz", randomTensor(random, "uint8", [])),
    integers("w", w),
    floats(
      "ws",
      Array.from({ length: many ? filters : 1 }, () => scale(random, options)),
      !many,
    ),
    integers("wz", randomTensor(random, "int8", [], [0, 0])),
    floats("ys", [1], true),
    integers("yz", randomTensor(random, "uint8", [])),
    integers("b", randomTensor(random, "int32", [filters], [-9000, 9000])),
  ];
  const inputs = ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"];
  const attributes = [intsAttribute("pads", [1, 0, 0, 1]), intsAttribute("strides", [1, 2])];
  const bytes = modelBytes({
    nodes: [node("QLinearConv", inputs, ["y"], { attributes })],
    initializers,
    inputs: [value("x", DATA_TYPES.uint8, inputShape)],
    outputs: [value("y", DATA_TYPES.uint8)],
  });
  return { bytes, inputType: "uint8", inputShape };
}

/** MatMulInteger of int8 by weights of seven bits, or by any uint8. */
export function int8MatMul(random: SeededRandom): QLinearModel {
  const [rows, inner, columns] = [
    random.integer(1, 3),
    random.integer(1, 40),
    random.integer(1, 4),
  ];
  const w = random.pick([
    randomTensor(random, "int8", [inner, columns], [-64, 63]),
    randomTensor(random, "uint8", [inner, columns]),
  ]);
  const inputShape = [rows, inner];
  const bytes = modelBytes({
    nodes: [node("MatMulInteger", ["x", "w", "xz", "wz"], ["y"])],
    initializers: [
      integers("w", w),
      integers("xz", randomTensor(random, "int8", [])),
      integers("wz", randomTensor(random, w.elementType, [], [0, 9])),
    ],
    inputs: [value("x", DATA_TYPES.int8, inputShape)],
    outputs: [value("y", DATA_TYPES.int32)],
  });
  return { bytes, inputType: "int8", inputShape };
}
