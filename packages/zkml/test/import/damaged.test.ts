import { expect } from "chai";
import { importModel } from "../../src/import/import-model.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { randomSamples } from "./float-models.ts";
import { mutate } from "./fuzz.ts";
import { outcomeOf, quantisedModel, readFloat, smallModel } from "./small-models.ts";

const MUTATIONS = 1500;
const IMPORTED_MUTATIONS = 40;

describe("importModel", () => {
  describe("damaged files", () => {
    it("are read as another model or refused with a ZkmlError", () => {
      const random = new SeededRandom(21);
      const originals = [smallModel(), quantisedModel()];
      const outcomes = new Map<string, number>();
      for (let i = 0; i < MUTATIONS; i++) {
        const bytes = mutate(random.pick(originals), random);
        for (const read of [readFloat, readOnnx]) {
          const outcome = outcomeOf(() => read(bytes));
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      }
      expect(outcomes.get("MODEL_CORRUPT")).to.be.greaterThan(100);
      expect(outcomes.get("read")).to.be.greaterThan(100);
    });

    it("are imported or refused with a ZkmlError", async () => {
      const random = new SeededRandom(22);
      for (let i = 0; i < IMPORTED_MUTATIONS; i++) {
        const bytes = mutate(smallModel(), random);
        try {
          await importModel(bytes, { calibration: randomSamples(1, 4, [2]), method: "minmax" });
        } catch (error) {
          expect(error, String((error as Error).stack)).to.have.property("name", "ZkmlError");
        }
      }
    });
  });
});
