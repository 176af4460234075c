import { DATA_TYPES } from "../../src/onnx/proto.ts";
import { FloatModelBuilder } from "./float-models.ts";

/** A small network, its sample shape and what its integer form must keep. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
  /** Least signal-to-noise ratio of the output, in decibels. */
  readonly decibels: number;
}

const SQUARE = { kernel_shape: [2, 2], strides: [2, 2] };
const SAME = { pads: [1, 1, 1, 1] };

export const NETWORKS: Readonly<Record<string, () => Network>> = {
  "a dense network": () => {
    const b = new FloatModelBuilder(1, ["N", 20]);
    b.gemm("x", "h", 20, 16);
    b.add("Relu", ["h"], "r");
    b.gemm("r", "y", 16, 10);
    return { bytes: b.bytes(), shape: [20], decibels: 27 };
  },
  "MatMul and Add with a softmax": () => {
    const b = new FloatModelBuilder(2, [1, 12]);
    b.add("MatMul", ["x", b.weights("w", [12, 8], 12)], "m");
    b.add("Add", ["m", b.biases("b", 8)], "h");
    b.add("LeakyRelu", ["h"], "r", {}, { alpha: 0.1 });
    b.add("MatMul", ["r", b.weights("w2", [8, 5], 8)], "logits");
    b.add("Softmax", ["logits"], "y", { axis: -1 });
    return { bytes: b.bytes(), shape: [12], decibels: 25 };
  },
  "convolutions with batch normalisation and pools": () => {
    const b = new FloatModelBuilder(3, ["batch", 2, 10, 10]);
    b.conv("x", "c", 2, 6, 3, SAME);
    b.batchNorm("c", "n", 6);
    b.add("Relu", ["n"], "r");
    b.add("MaxPool", ["r"], "p", SQUARE);
    b.conv("p", "c2", 6, 8, 3, { auto_pad: "SAME_UPPER" });
    b.add("Clip", ["c2", b.floats("low", [], [0]), b.floats("high", [], [6])], "r6");
    b.add("GlobalAveragePool", ["r6"], "g");
    b.add("Flatten", ["g"], "f");
    b.gemm("f", "y", 8, 10);
    return { bytes: b.bytes(), shape: [2, 10, 10], decibels: 26 };
  },
  "a residual block, a concatenation and a depthwise layer": () => {
    const b = new FloatModelBuilder(4, [1, 3, 8, 8]);
    b.conv("x", "c", 3, 6, 3, SAME);
    b.add("Relu", ["c"], "r");
    b.conv("r", "c2", 6, 6, 3, SAME);
    b.batchNorm("c2", "n", 6);
    b.add("Add", ["n", "r"], "s");
    b.add("Relu", ["s"], "sr");
    b.conv("sr", "c3", 6, 4, 1);
    b.add("Concat", ["sr", "c3"], "cat", { axis: 1 });
    b.add("AveragePool", ["cat"], "ap", SQUARE);
    b.conv("ap", "c4", 10, 10, 3, { group: 10, ...SAME });
    b.add("ReduceMean", ["c4"], "m", { axes: [2, 3], keepdims: 0 });
    b.gemm("m", "y", 10, 5);
    return { bytes: b.bytes(), shape: [3, 8, 8], decibels: 24 };
  },
  "sigmoid, tanh and the pattern of GELU by tables": () => {
    const b = new FloatModelBuilder(5, [1, 12]);
    b.gemm("x", "h", 12, 16);
    b.add("Sigmoid", ["h"], "a");
    b.gemm("a", "h2", 16, 16);
    b.add("Tanh", ["h2"], "a2");
    b.gemm("a2", "h3", 16, 16);
    b.add("Div", ["h3", b.floats("root", [], [Math.SQRT2])], "d");
    b.add("Erf", ["d"], "e");
    b.add("Add", ["e", b.floats("one", [], [1])], "e1");
    b.add("Mul", ["h3", "e1"], "me");
    b.add("Mul", ["me", b.floats("half", [], [0.5])], "ge");
    b.gemm("ge", "y", 16, 6);
    return { bytes: b.bytes(), shape: [12], decibels: 22 };
  },
  "gates, differences and hard activations": () => {
    const b = new FloatModelBuilder(6, [1, 12]);
    b.gemm("x", "h", 12, 16);
    b.add("HardSigmoid", ["h"], "a");
    b.gemm("a", "h2", 16, 16);
    b.add("Mul", ["h2", "a"], "p");
    b.add("Sub", ["p", "h"], "s");
    b.add("HardSwish", ["s"], "hs");
    b.add("Mul", ["hs", b.floats("v", [16], b.random16())], "hv");
    b.gemm("hv", "y", 16, 6);
    return { bytes: b.bytes(), shape: [12], decibels: 22 };
  },
  "shapes that an exporter computes": () => {
    const b = new FloatModelBuilder(7, ["N", 2, 6, 6]);
    b.conv("x", "c", 2, 4, 3);
    b.add("Relu", ["c"], "r");
    b.add("Transpose", ["r"], "t", { perm: [0, 2, 3, 1] });
    b.add("Shape", ["t"], "shape");
    b.add("Gather", ["shape", b.integers("zero", "int64", [], [0])], "n");
    b.add("Unsqueeze", ["n", b.integers("axes", "int64", [1], [0])], "n1");
    b.add("Concat", ["n1", b.integers("rest", "int64", [1], [-1])], "target", { axis: 0 });
    b.add("Reshape", ["t", "target"], "f");
    b.add("Transpose", [b.weights("w", [5, 64], 64)], "wt", { perm: [1, 0] });
    b.add("MatMul", ["f", "wt"], "m");
    b.add("Identity", ["m"], "i");
    b.add("Unsqueeze", ["i", "axes"], "y");
    return { bytes: b.bytes(), shape: [2, 6, 6], decibels: 26 };
  },
};

/** A quantised model in QDQ form: int8 activations, weights with one scale or one per channel. */
export function qdqNetwork(perChannel: boolean, largest = 127): Network {
  const b = new FloatModelBuilder(8, [1, 3, 8, 8]);
  b.fakeQuantise("x", "xq", 2 / 255, 0, "int8");
  const filters = b.givenWeights("w1", [6, 3, 3, 3], largest, perChannel ? 0 : undefined);
  b.add("Conv", ["xq", filters, b.biases("b1", 6)], "c");
  b.add("Relu", ["c"], "r");
  b.fakeQuantise("r", "rq", 0.016, -128, "int8");
  b.add("MaxPool", ["rq"], "p", SQUARE);
  b.fakeQuantise("p", "pq", 0.016, -128, "int8");
  b.add("Flatten", ["pq"], "f");
  const dense = b.givenWeights("w2", [10, 54], largest, perChannel ? 0 : undefined);
  b.add("Gemm", ["f", dense, b.biases("b2", 10)], "g", { transB: 1 });
  b.fakeQuantise("g", "y", 0.08, 5, "int8");
  return { bytes: b.bytes(), shape: [3, 8, 8], decibels: 34 };
}

/** A quantised model in QLinear form, whose input is uint8 already. */
export function qlinearNetwork(): Network {
  const b = new FloatModelBuilder(9, [1, 2, 6, 6]);
  const byte = (name: string, value: number) => b.integers(name, "uint8", [], [value]);
  const scale = (name: string, value: number) => b.floats(name, [], [value]);
  b.integers("w", "int8", [4, 2, 3, 3], b.integerList(72, -127, 127));
  b.floats("ws", [4], [0.002, 0.003, 0.004, 0.001]);
  b.integers("wz", "int8", [4], [0, 0, 0, 0]);
  b.integers("bias", "int32", [4], [100, -200, 300, 5]);
  const x = ["x", scale("xs", 2 / 255), byte("xz", 127)];
  const y = [scale("ys", 0.012), byte("yz", 0)];
  b.add("QLinearConv", [...x, "w", "ws", "wz", ...y, "bias"], "c", { kernel_shape: [3, 3] });
  b.add("MaxPool", ["c"], "p", SQUARE);
  b.add("Flatten", ["p"], "f");
  b.integers("w2", "uint8", [16, 5], b.integerList(80, 0, 255));
  const w2 = ["w2", scale("w2s", 0.003), byte("w2z", 120)];
  const z = [scale("zs", 0.05), byte("zz", 128)];
  b.add("QLinearMatMul", ["f", ...y, ...w2, ...z], "m");
  b.add("DequantizeLinear", ["m", ...z], "y");
  return { bytes: b.bytes(["y"], DATA_TYPES.uint8), shape: [2, 6, 6], decibels: 34 };
}
