import { expect } from "chai";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { importModel } from "../../src/import/import-model.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { randomSamples } from "./float-models.ts";
import { randomNetwork } from "./random-networks.ts";

const NETWORKS = 24;

describe("importModel", () => {
  describe("random networks", () => {
    for (const method of ["minmax", "percentile", "mse"] as const) {
      it(`imports them with small errors and identical bits, ranges by ${method}`, async () => {
        for (let seed = 1; seed <= NETWORKS / 3; seed++) {
          const network = randomNetwork(1000 * method.length + seed);
          const calibration = randomSamples(seed, 24, network.shape);
          const imported = await importModel(network.bytes, { calibration, method, weightBits: 7 });
          const { sqnrDb } = imported.report.calibration;
          expect(sqnrDb ?? Number.POSITIVE_INFINITY, `seed ${seed}`).to.be.at.least(20);
          generateCircuit(imported.graph);
          const runner = await OnnxRunner.create(imported.onnx);
          for (const inputs of inputsFor(imported.graph, new SeededRandom(seed), 2)) {
            const { outputs } = interpret(imported.graph, inputs);
            assertSameBits(outputs, (await runner.run(inputs)).outputs);
          }
          await runner.release();
        }
      }).timeout(60_000);
    }
  });
});
