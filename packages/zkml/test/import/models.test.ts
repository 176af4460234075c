import { expect } from "chai";
import { LENET_MODEL_URL } from "../../models/lenet/index.ts";
import { MLP_MODEL_URL } from "../../models/mlp/index.ts";
import { drawSamples } from "../../models/training/samples.ts";
import { importModel } from "../../src/import/import-model.ts";
import { readNpy } from "../../src/import/samples/npy.ts";

const CASES = [
  { name: "LeNet", url: LENET_MODEL_URL, flat: false, widest: 21 },
  { name: "a dense network", url: MLP_MODEL_URL, flat: true, widest: 22 },
];

describe("importModel", () => {
  describe("trained networks", () => {
    for (const { name, url, flat, widest } of CASES) {
      it(`loses at most one point of the accuracy of ${name}`, async () => {
        const calibration = drawSamples({ count: 100, set: "calibration", flat });
        const heldOut = drawSamples({ count: 300, set: "held-out", flat });
        const { report } = await importModel(url, {
          calibration: readNpy(calibration.images),
          heldOut: {
            samples: readNpy(heldOut.images),
            labels: readNpy(heldOut.labels).data,
          },
        });
        expect(report.heldOut?.pointsLost).to.be.at.most(1);
        expect(report.heldOut?.integerAccuracy).to.be.at.least(0.97);
        expect(report.heldOut?.sqnrDb).to.be.at.least(28);
        expect(report.totals.widestAccumulator).to.be.at.most(widest);
        expect(report.input).to.include({ zeroPoint: 0 });
      });
    }
  });
});
