import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { DATA_TYPES } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { modelBytes, node, tensor, value } from "../helpers/protos.ts";
import {
  floats,
  int8MatMul,
  type QLinearModel,
  type QLinearOptions,
  qlinearConv,
  qlinearMatMul,
} from "../helpers/qlinear-models.ts";
import { randomTensor } from "../helpers/random-tensors.ts";

const { uint8, int32 } = DATA_TYPES;
const MODELS = { QLinearMatMul: qlinearMatMul, QLinearConv: qlinearConv };
const POWERS: QLinearOptions = { exponents: [-6, 1], powersOfTwo: true };
const ANY: QLinearOptions = { exponents: [-6, -1], powersOfTwo: false };

/** Outputs of the graph that was read and of the file in ONNX Runtime. */
async function both({ bytes, inputType, inputShape }: QLinearModel, random: SeededRandom) {
  const graph = readOnnx(bytes, { roundScales: true });
  const runner = await OnnxRunner.create(bytes);
  const runs = [];
  for (let i = 0; i < 4; i++) {
    const input = randomTensor(random, inputType, inputShape);
    const [ours, theirs] = [interpret(graph, input), await runner.run(input)];
    runs.push({ ours: ours.outputs, theirs: theirs.outputs });
  }
  await runner.release();
  return runs;
}

/** One product x · 1, uint8 to uint8, with the given scales of x and of the result. */
function scaled(x: number, y: number, initializers = [floats("xs", [x], true)]): Uint8Array {
  return modelBytes({
    nodes: [node("QLinearMatMul", ["x", "xs", "z", "w", "ws", "z", "ys", "z"], ["y"])],
    initializers: [
      ...initializers,
      tensor("z", uint8, [], { int32Data: [0] }),
      tensor("w", uint8, [1, 1], { int32Data: [1] }),
      floats("ws", [1], true),
      floats("ys", [y], true),
    ],
    inputs: [value("x", uint8, [4, 1])],
    outputs: [value("y", uint8)],
  });
}

describe("readOnnx", () => {
  describe("QLinear operators", () => {
    for (const [op, make] of Object.entries(MODELS)) {
      it(`gives ONNX Runtime's bits for ${op} with scales that are powers of two`, async () => {
        const random = new SeededRandom(41);
        for (let i = 0; i < 40; i++) {
          const model = make(random, POWERS);
          for (const { ours, theirs } of await both(model, random)) assertSameBits(ours, theirs);
        }
      });

      it(`is at most one apart from ONNX Runtime for ${op} with any scales`, async () => {
        const random = new SeededRandom(42);
        let compared = 0;
        let apart = 0;
        for (let i = 0; i < 40; i++) {
          for (const { ours, theirs } of await both(make(random, ANY), random)) {
            const [a, b] = [ours.get("y")?.data ?? [], theirs.get("y")?.data ?? []];
            for (const [k, element] of [...a].entries()) {
              const distance = Math.abs(element - (b[k] as number));
              expect(distance).to.be.at.most(1);
              compared++;
              apart += distance;
            }
          }
        }
        expect(compared).to.be.greaterThan(500);
        expect(apart / compared).to.be.lessThan(0.02);
      });
    }

    it("gives ONNX Runtime's bits for MatMulInteger with int8 on the left", async () => {
      const random = new SeededRandom(43);
      for (let i = 0; i < 40; i++) {
        const model = int8MatMul(random);
        for (const { ours, theirs } of await both(model, random)) assertSameBits(ours, theirs);
      }
    });

    it("rounds halves to even", () => {
      const input = createTensor("uint8", [4, 1], [1, 3, 5, 254]);
      const { output } = interpret(readOnnx(scaled(0.5, 1)), input);
      expect([...output.data]).to.deep.equal([0, 2, 2, 127]);
    });

    it("multiplies by scales above one and saturates", () => {
      const input = createTensor("uint8", [4, 1], [0, 1, 63, 64]);
      const { output } = interpret(readOnnx(scaled(4, 1)), input);
      expect([...output.data]).to.deep.equal([0, 4, 252, 255]);
    });

    it("becomes integer nodes that read back the same", () => {
      const graph = readOnnx(scaled(0.5, 4));
      expect(graph.nodes.at(-1)?.output).to.equal("y");
      expect(readOnnx(writeOnnx(graph))).to.deep.equal(graph);
    });

    const refused: Record<string, [Uint8Array, string, RegExp]> = {
      "scales that combine to no power of two": [
        scaled(0.3, 1),
        "UNSUPPORTED_ATTRIBUTE",
        /combine to 0\.3.*import the model instead/,
      ],
      "scales far below what int32 can hold": [
        scaled(2 ** -100, 1),
        "UNSUPPORTED_ATTRIBUTE",
        /no room in int32/,
      ],
      "a scale that is not a number": [scaled(Number.NaN, 1), "TENSOR_VALUE", /is NaN/],
      "a scale of zero": [scaled(0, 1), "TENSOR_VALUE", /positive and finite/],
      "an infinite scale": [scaled(1, Number.POSITIVE_INFINITY), "TENSOR_VALUE", /is Infinity/],
      "a scale for each row": [
        scaled(1, 1, [floats("xs", [1, 2])]),
        "UNSUPPORTED_ATTRIBUTE",
        /scales must be single/,
      ],
      "a scale that is an integer": [
        scaled(1, 1, [tensor("xs", int32, [], { int32Data: [1] })]),
        "TENSOR_TYPE",
        /float32 or float16/,
      ],
      "a scale in another file": [
        scaled(1, 1, [{ ...floats("xs", [1], true), external: true }]),
        "EXTERNAL_DATA",
        /stored outside/,
      ],
    };
    for (const [name, [bytes, code, message]] of Object.entries(refused)) {
      it(`names ${name}`, () =>
        expectZkmlError(() => readOnnx(bytes), { code: code as "TENSOR_TYPE", message }));
    }
  });
});
