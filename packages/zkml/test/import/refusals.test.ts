import { expect } from "chai";
import type { ZkmlErrorCode } from "../../src/errors/zkml-error.ts";
import { type ImportOptions, importModel } from "../../src/import/import-model.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { FloatModelBuilder, randomSamples } from "./float-models.ts";

type Case = readonly [
  shape: number[],
  build: (b: FloatModelBuilder) => void,
  code: ZkmlErrorCode,
  message: RegExp,
];

const IMAGE = [2, 6, 6];
const POOL = { kernel_shape: [2, 2], strides: [2, 2] };

const CASES: Readonly<Record<string, Case>> = {
  "an operator that has no integer form": [
    [4],
    (b) => b.add("LSTM", ["x"], "y"),
    "UNSUPPORTED_OPERATOR",
    /operator LSTM \(node "LSTM-y"\) cannot be imported; unroll it/,
  ],
  attention: [
    [4, 4],
    (b) => b.add("MatMul", ["x", "x"], "y"),
    "UNSUPPORTED_ATTRIBUTE",
    /node "MatMul-y" \(MatMul\): its weights "x" are computed/,
  ],
  "a softmax inside the model": [
    [4],
    (b) => {
      b.add("Softmax", ["x"], "s");
      b.gemm("s", "y", 4, 2);
    },
    "UNSUPPORTED_ATTRIBUTE",
    /only a final softmax/,
  ],
  "a division by a computed value": [
    [4],
    (b) => {
      b.gemm("x", "d", 4, 4);
      b.add("Div", ["x", "d"], "y");
    },
    "UNSUPPORTED_ATTRIBUTE",
    /divides two computed values/,
  ],
  "transposed activations": [
    [4],
    (b) => b.add("Gemm", ["x", b.weights("w", [1, 2], 1)], "y", { transA: 1 }),
    "UNSUPPORTED_ATTRIBUTE",
    /transA must be 0/,
  ],
  "weights that do not fit": [
    [4],
    (b) => b.gemm("x", "y", 5, 2),
    "INVALID_SHAPE",
    /weights \[5, 2\] do not fit input \[1, 4\]/,
  ],
  "groups that do not fit": [
    IMAGE,
    (b) => b.add("Conv", ["x", b.weights("w", [2, 1, 3, 3], 9)], "y", { group: 3 }),
    "INVALID_SHAPE",
    /do not fit/,
  ],
  "one-dimensional convolutions": [
    [2, 8],
    (b) => b.add("Conv", ["x", b.weights("w", [2, 2, 3], 6)], "y"),
    "UNSUPPORTED_ATTRIBUTE",
    /two-dimensional windows/,
  ],
  "averages whose border counts fewer elements": [
    IMAGE,
    (b) => b.add("AveragePool", ["x"], "y", { ...POOL, pads: [1, 1, 1, 1] }),
    "UNSUPPORTED_ATTRIBUTE",
    /count_include_pad/,
  ],
  "an unknown attribute": [
    IMAGE,
    (b) => b.add("MaxPool", ["x"], "y", { ...POOL, future: 1 }),
    "UNSUPPORTED_ATTRIBUTE",
    /attribute future/,
  ],
  "a mean over channels": [
    IMAGE,
    (b) => b.add("ReduceMean", ["x"], "y", { axes: [1] }),
    "UNSUPPORTED_ATTRIBUTE",
    /mean over height and width/,
  ],
  "two scales for one stored value": [
    [4],
    (b) => {
      b.fakeQuantise("x", "q", 0.01, 128);
      const other = b.floats("other", [], [0.02]);
      b.add("DequantizeLinear", ["q.q", other, "q.zero"], "y");
    },
    "UNSUPPORTED_ATTRIBUTE",
    /which was made with/,
  ],
  "arithmetic on stored integers": [
    [4],
    (b) => {
      b.fakeQuantise("x", "q", 0.01, 128);
      b.add("Relu", ["q.q"], "y");
    },
    "UNSUPPORTED_ATTRIBUTE",
    /put DequantizeLinear before it/,
  ],
  "a constant output": [
    [4],
    (b) => b.add("Identity", [b.floats("c", [1], [1])], "y"),
    "INVALID_GRAPH",
    /reads "y"/,
  ],
};

describe("importModel", () => {
  describe("refusals", () => {
    for (const [name, [shape, build, code, message]] of Object.entries(CASES)) {
      it(`refuses ${name}`, () => {
        const b = new FloatModelBuilder(41, [1, ...shape]);
        build(b);
        return expectZkmlError(() => run(b, shape), { code, message });
      });
    }

    it("refuses a fixed batch other than the one asked for", () => {
      const b = new FloatModelBuilder(42, [2, 4]);
      b.gemm("x", "y", 4, 2);
      return expectZkmlError(() => run(b, [4], { batch: 3 }), {
        code: "INVALID_SHAPE",
        message: /fixed batch 2, not 3/,
      });
    });

    it("refuses two outputs unless one is chosen", async () => {
      const b = new FloatModelBuilder(43, [1, 4]);
      b.gemm("x", "a", 4, 2);
      b.gemm("x", "y", 4, 3);
      const options = { calibration: randomSamples(1, 4, [4]) };
      await expectZkmlError(() => importModel(b.bytes(["a", "y"]), options), {
        code: "INVALID_GRAPH",
        message: /puts out a, y; choose/,
      });
      const { output } = await importModel(b.bytes(["a", "y"]), { ...options, output: "a" });
      expect(output).to.deep.include({ name: "a", shape: [1, 2] });
    });

    it("refuses weights of eight bits, which can saturate", async () => {
      const b = new FloatModelBuilder(44, [1, 4]);
      b.gemm("x", "y", 4, 2);
      const refused = await run(b, [4], { weightBits: 8 }).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(RangeError);
    });

    it("stops when it is cancelled", async () => {
      const b = new FloatModelBuilder(45, [1, 4]);
      b.gemm("x", "y", 4, 2);
      const controller = new AbortController();
      const reason = new Error("enough");
      const onProgress = () => controller.abort(reason);
      const stopped = await run(b, [4], { signal: controller.signal, onProgress }).catch(
        (error: unknown) => error,
      );
      expect(stopped).to.equal(reason);
    });
  });

  describe("batches", () => {
    it("sets a dynamic batch, and takes samples that do not fill it", async () => {
      const b = new FloatModelBuilder(46, ["batch", 4]);
      b.gemm("x", "y", 4, 3);
      const labels = [0, 1, 2, 0, 1];
      const { graph, report } = await run(b, [4], { batch: 2, labels });
      expect(graph.inputs[0]?.shape).to.deep.equal([2, 4]);
      expect(report.calibration.samples).to.equal(5);
      expect(report.calibration.floatAccuracy).to.be.within(0, 1);
    });
  });
});

function run(b: FloatModelBuilder, shape: readonly number[], options: Partial<ImportOptions> = {}) {
  return importModel(b.bytes(), { calibration: randomSamples(1, 5, shape), ...options });
}
