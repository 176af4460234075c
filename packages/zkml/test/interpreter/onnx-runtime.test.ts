import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph, OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

const GRAPHS_PER_OPERATOR = 40;
const RANDOM_INPUTS = 4;

/** Runs the written model in ONNX Runtime and the read one in the interpreter. */
async function compare(graph: IntegerGraph, random: SeededRandom): Promise<number> {
  const bytes = writeOnnx(graph);
  const read = readOnnx(bytes);
  const runner = await OnnxRunner.create(bytes);
  let runs = 0;
  for (const inputs of inputsFor(graph, random, RANDOM_INPUTS)) {
    assertSameBits(interpret(read, inputs).outputs, (await runner.run(inputs)).outputs);
    runs++;
  }
  await runner.release();
  return runs;
}

describe("interpreter", () => {
  describe("against ONNX Runtime", () => {
    for (const op of Object.keys(RANDOM_GRAPHS) as OperatorName[]) {
      it(`computes ${op} with the same bits`, async () => {
        const random = new SeededRandom(0x1417 + op.length);
        let runs = 0;
        for (let i = 0; i < GRAPHS_PER_OPERATOR; i++) {
          runs += await compare(RANDOM_GRAPHS[op](random), random);
        }
        expect(runs).to.equal(GRAPHS_PER_OPERATOR * (RANDOM_INPUTS + 2));
      });
    }

    it("computes a whole convolutional network with the same bits", async () => {
      const random = new SeededRandom(77);
      let runs = 0;
      for (let i = 0; i < 20; i++) runs += await compare(smallConvnet(random), random);
      expect(runs).to.equal(20 * (RANDOM_INPUTS + 2));
    });
  });
});
