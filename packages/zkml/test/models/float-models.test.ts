import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { LENET_MODEL_URL } from "../../models/lenet/index.ts";
import { createLenet } from "../../models/lenet/layers.ts";
import { MLP_MODEL_URL } from "../../models/mlp/index.ts";
import { drawImages } from "../../models/training/data.ts";
import { writeFloatOnnx } from "../../models/training/float-onnx.ts";
import { drawSamples } from "../../models/training/samples.ts";
import { run, train } from "../../models/training/train.ts";
import { SeededRandom } from "../../src/ir/random.ts";

const MODELS = [
  { name: "mlp", url: MLP_MODEL_URL, inputShape: [1, 784], flat: true, parameters: 44_530 },
  {
    name: "lenet",
    url: LENET_MODEL_URL,
    inputShape: [1, 1, 28, 28],
    flat: false,
    parameters: 44_426,
  },
] as const;

const LARGEST_FILE = 250 * 1024;

async function logitsOf(session: InferenceSession, pixels: Float32Array, shape: readonly number[]) {
  const outputs = await session.run({ image: new Tensor("float32", pixels, [...shape]) });
  return outputs.logits?.data as Float32Array;
}

describe("float models", () => {
  for (const { name, url, inputShape, flat, parameters } of MODELS) {
    describe(name, () => {
      let bytes: Buffer;
      let report: Record<string, unknown>;

      before(async () => {
        bytes = await readFile(url);
        const text = await readFile(new URL(`${name}.json`, url), "utf8");
        report = JSON.parse(text) as Record<string, unknown>;
      });

      it("is the file that its report describes", () => {
        expect(createHash("sha256").update(bytes).digest("hex")).to.equal(report.sha256);
        expect(bytes).to.have.length(report.bytes as number);
        expect(bytes.length).to.be.at.most(LARGEST_FILE);
        expect(report.parameters).to.equal(parameters);
      });

      it("recognises at least 98 % of drawings it never saw, in ONNX Runtime", async () => {
        const count = 500;
        const { images, labels } = drawSamples({ count, set: "held-out", flat });
        const pixels = new Float32Array(
          Uint8Array.from(images.subarray(images.length - count * 784 * 4)).buffer,
        );
        const session = await InferenceSession.create(fileURLToPath(url));
        let correct = 0;
        for (let i = 0; i < count; i++) {
          const logits = await logitsOf(session, pixels.slice(i * 784, (i + 1) * 784), inputShape);
          if (logits.indexOf(Math.max(...logits)) === labels[labels.length - count + i]) correct++;
        }
        await session.release();
        expect(correct / count).to.be.at.least(0.98);
      });

      it("loses less than a point with weights of six bits", () => {
        const { accuracy, weightBits } = report.heldOut as {
          accuracy: number;
          weightBits: Record<string, number>;
        };
        expect(accuracy - (weightBits[6] as number)).to.be.lessThan(0.01);
      });
    });
  }

  describe("training", () => {
    const options = {
      epochs: 2,
      batchSize: 30,
      learningRate: 0.05,
      momentum: 0.9,
      weightDecay: 0.001,
      clipRatio: 3,
    };
    const images = drawImages(120);
    const trained = () => {
      const random = new SeededRandom(7);
      const layers = createLenet(random);
      train(layers, images, options, random);
      return layers;
    };
    const write = (layers: ReturnType<typeof trained>) =>
      writeFloatOnnx({ name: "lenet", inputShape: [1, 1, 28, 28], outputShape: [1, 10], layers });

    it("gives the same bytes from the same seed", () => {
      expect(write(trained())).to.deep.equal(write(trained()));
    });

    it("writes what ONNX Runtime computes as training does", async () => {
      const layers = trained();
      const session = await InferenceSession.create(write(layers));
      for (let i = 0; i < 5; i++) {
        const pixels = images.pixels.subarray(i * 784, (i + 1) * 784);
        const expected = run(layers, pixels);
        const actual = await logitsOf(session, Float32Array.from(pixels), [1, 1, 28, 28]);
        for (const [unit, value] of actual.entries()) {
          expect(value).to.be.closeTo(expected[unit] as number, 1e-4);
        }
      }
      await session.release();
    });

    it("keeps weights within the ratio that it is told", () => {
      for (const { values, isWeight } of trained().flatMap(({ parameters }) => parameters)) {
        if (!isWeight) continue;
        const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        const meanSquare = values.reduce((sum, value) => sum + value * value, 0) / values.length;
        // Clipping shrinks the mean square that it went by.
        expect(largest / Math.sqrt(meanSquare)).to.be.lessThan(options.clipRatio * 1.05);
      }
    });

    it("computes the gradient that differences of the loss show", () => {
      const layers = createLenet(new SeededRandom(11));
      const pixels = images.pixels.subarray(0, 784);
      const total = () => run(layers, pixels).reduce((sum, logit, i) => sum + (i + 1) * logit, 0);
      total();
      let errors: Float64Array = Float64Array.from({ length: 10 }, (_, i) => i + 1);
      for (const layer of layers.toReversed()) {
        layer.backward(errors);
        errors = layer.inputErrors(errors);
      }
      const step = 1e-6;
      for (const { values, gradient } of layers.flatMap(({ parameters }) => parameters)) {
        const index = gradient.reduce(
          (best, value, i) => (Math.abs(value) > Math.abs(gradient[best] as number) ? i : best),
          0,
        );
        const kept = values[index] as number;
        values[index] = kept + step;
        const above = total();
        values[index] = kept - step;
        const below = total();
        values[index] = kept;
        const slope = (above - below) / (2 * step);
        expect(slope / (gradient[index] as number)).to.be.closeTo(1, 1e-4);
      }
    });
  });

  describe("drawSamples", () => {
    const options = { count: 20, set: "held-out", flat: false } as const;

    it("gives the same bytes for the same options", () => {
      expect(drawSamples(options)).to.deep.equal(drawSamples(options));
    });

    it("writes arrays that NumPy reads: header aligned to 64 bytes, then the elements", () => {
      const { images, labels } = drawSamples(options);
      expect(images.subarray(0, 8).toString("latin1")).to.equal("\x93NUMPY\x01\x00");
      const start = 10 + images.readUInt16LE(8);
      expect(start % 64).to.equal(0);
      const header = images.subarray(10, start).toString("latin1");
      expect(header).to.contain("'shape': (20, 1, 28, 28)").and.contain("'descr': '<f4'");
      expect(images.length - start).to.equal(20 * 784 * 4);
      expect(labels.toString("latin1")).to.contain("'shape': (20,)").and.contain("'descr': '|u1'");
      expect([...labels.subarray(-20)]).to.deep.equal(Array.from({ length: 20 }, (_, i) => i % 10));
    });

    it("draws other digits to calibrate with than to test with", () => {
      const calibration = drawSamples({ ...options, set: "calibration" });
      expect(calibration.images).to.not.deep.equal(drawSamples(options).images);
    });
  });
});
