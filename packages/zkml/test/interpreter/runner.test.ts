import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { DATA_TYPES } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { FLOAT, modelBytes, value } from "../helpers/protos.ts";

const pair = (a: number, b: number) => createTensor("int32", [2], [a, b]);

describe("execution", () => {
  const graph = readOnnx(modelBytes());
  let runner: OnnxRunner;

  before(async () => {
    runner = await OnnxRunner.create(modelBytes());
  });

  after(() => runner.release());

  const executions: Record<string, (input: Parameters<OnnxRunner["run"]>[0]) => unknown> = {
    "the interpreter": (input) => interpret(graph, input),
    "the runner": (input) => runner.run(input),
  };
  for (const [name, execute] of Object.entries(executions)) {
    describe(`inputs of ${name}`, () => {
      it("refuses a wrong shape, naming both", () =>
        expectZkmlError(() => execute(createTensor("int32", [1, 2], [1, 2])), {
          code: "TENSOR_SHAPE",
          metadata: { input: "x", expected: [2], actual: [1, 2] },
          message: /takes shape \[2\]; got \[1, 2\]/,
        }));

      it("refuses a wrong element type, naming both", () =>
        expectZkmlError(() => execute(createTensor("uint8", [2], [1, 2])), {
          code: "TENSOR_TYPE",
          metadata: { input: "x", expected: "int32", actual: "uint8" },
        }));

      it("refuses data that is not what the element type says", () => {
        const mislabelled = {
          elementType: "int32",
          shape: [2],
          data: Uint8Array.of(1, 2),
        } as const;
        return expectZkmlError(() => execute(mislabelled), { code: "TENSOR_TYPE" });
      });

      it("refuses data shorter than its shape", () => {
        const short = { elementType: "int32", shape: [2], data: Int32Array.of(1) } as const;
        return expectZkmlError(() => execute(short), { code: "TENSOR_SHAPE" });
      });

      it("refuses an unknown input name", () =>
        expectZkmlError(() => execute({ z: pair(1, 2) }), {
          code: "TENSOR_SHAPE",
          metadata: { expected: ["x"], actual: ["z"] },
        }));

      it("takes inputs by name", async () => {
        const result = (await execute({ x: pair(1, 5) })) as ReturnType<typeof interpret>;
        expect(result.output).to.deep.equal(pair(3, 5));
      });
    });
  }

  describe("OnnxRunner", () => {
    it("runs on the CPU unless told", () => {
      expect(runner.executionProvider).to.equal("cpu");
      expect(runner.failures).to.deep.equal([]);
    });

    it("falls back to the CPU, reporting and logging why", async () => {
      const warnings: unknown[] = [];
      const logger = { warn: (details: unknown) => warnings.push(details) };
      const executionProviders = ["no-such-provider"];
      const fallback = await OnnxRunner.create(modelBytes(), { executionProviders, logger });
      expect(fallback.executionProvider).to.equal("cpu");
      expect(fallback.failures).to.have.length(1);
      expect(fallback.failures[0]?.provider).to.equal("no-such-provider");
      expect(fallback.failures[0]?.reason).to.match(/not found/);
      expect(warnings).to.deep.equal(fallback.failures);
      expect((await fallback.run(pair(-1, 8))).output).to.deep.equal(pair(3, 8));
      await fallback.release();
    });

    it("says so when the model does not load", () =>
      expectZkmlError(() => OnnxRunner.create(modelBytes().subarray(0, 40)), {
        code: "RUNTIME_LOAD_FAILED",
        message: /cpu: .*protobuf/,
      }));

    it("refuses models that take floating point", async () => {
      const inputs = [value("x", FLOAT, [2])];
      const outputs = [value("y", FLOAT, [2])];
      const initializers = [
        {
          name: "three",
          dims: [],
          dataType: FLOAT,
          rawData: new Uint8Array(4),
          int32Data: [],
          int64Data: [],
          foreignData: false,
          external: false,
        },
      ];
      await expectZkmlError(
        () => OnnxRunner.create(modelBytes({ inputs, outputs, initializers })),
        {
          code: "TENSOR_TYPE",
          metadata: { input: "x", actual: "float32" },
        },
      );
    });

    it("refuses models with dynamic shapes", () =>
      expectZkmlError(
        () =>
          OnnxRunner.create(
            modelBytes({
              inputs: [value("x", DATA_TYPES.int32, ["batch"])],
              outputs: [value("y", DATA_TYPES.int32)],
            }),
          ),
        { code: "INVALID_SHAPE", metadata: { input: "x", dimension: "batch" } },
      ));

    it("refuses to run after release, which may be repeated", async () => {
      const released = await OnnxRunner.create(modelBytes());
      await released.release();
      await released.release();
      await expectZkmlError(() => released.run(pair(1, 2)), { code: "RUNTIME_RELEASED" });
    });
  });

  describe("assertSameBits", () => {
    const reference = new Map([["y", pair(3, 5)]]);

    it("passes equal outputs", () => assertSameBits(reference, new Map([["y", pair(3, 5)]])));

    it("names the first difference", () =>
      expectZkmlError(() => assertSameBits(reference, new Map([["y", pair(3, 6)]])), {
        code: "BITS_DIFFER",
        metadata: { output: "y", index: 1, expected: 5, actual: 6 },
      }));

    it("refuses another shape or type", async () => {
      for (const other of [
        createTensor("int32", [2, 1], [3, 5]),
        createTensor("uint8", [2], [3, 5]),
      ]) {
        await expectZkmlError(() => assertSameBits(reference, new Map([["y", other]])), {
          code: "BITS_DIFFER",
          metadata: { output: "y" },
        });
      }
    });

    it("refuses a missing output", () =>
      expectZkmlError(() => assertSameBits(reference, new Map()), {
        code: "BITS_DIFFER",
        message: /is missing/,
      }));
  });
});
