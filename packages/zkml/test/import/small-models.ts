import { expect } from "chai";
import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { expandQLinear } from "../../src/import/float/expand-qlinear.ts";
import { readFloatGraph } from "../../src/import/float/read-float.ts";
import { decodeModel } from "../../src/onnx/decode.ts";
import { FloatModelBuilder } from "./float-models.ts";

export function readFloat(bytes: Uint8Array): unknown {
  return readFloatGraph(expandQLinear(decodeModel(bytes)));
}

/** "read" or the code of the ZkmlError; any other error fails the test. */
export function outcomeOf(action: () => unknown): string {
  try {
    action();
    return "read";
  } catch (error) {
    expect(error, String((error as Error).stack)).to.have.property("name", "ZkmlError");
    return (error as { code: ZkmlErrorCode }).code;
  }
}

export function smallModel(): Uint8Array {
  const b = new FloatModelBuilder(3, ["N", 2]);
  b.gemm("x", "h", 2, 3);
  b.add("Sigmoid", ["h"], "s");
  b.add("Reshape", ["s", b.integers("to", "int64", [4], [0, 3, 1, 1])], "image");
  b.conv("image", "c", 3, 2, 1, { pads: [1, 1, 1, 1] });
  b.add("MaxPool", ["c"], "p", { kernel_shape: [2, 2], strides: [1, 1] });
  b.add("Add", ["p", "p"], "d");
  b.add("Flatten", ["d"], "f");
  b.gemm("f", "y", 8, 2);
  return b.bytes();
}

export function quantisedModel(): Uint8Array {
  const b = new FloatModelBuilder(4, [1, 2]);
  b.fakeQuantise("x", "q", 0.01, 128);
  b.add("MatMul", ["q", b.givenWeights("w", [2, 3], 127, 1)], "m");
  b.fakeQuantise("m", "y", 0.02, 120);
  return b.bytes();
}
