import { readFile } from "node:fs/promises";
import { expect } from "chai";
import {
  DIGIT_PIXELS,
  DIGITS_MODEL_URL,
  HELD_OUT_SEED,
  renderDigit,
} from "../../models/digits/index.ts";
import { createMlp, trainMlp } from "../../models/digits/mlp.ts";
import { quantiseMlp } from "../../models/digits/quantise.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";
import { type LoadedModel, loadModel } from "../../src/onnx/load-model.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";

/** Away from the drawings that the training script reports on. */
const FIRST_SEED = HELD_OUT_SEED + 2 ** 20;

function drawing(index: number): { image: IntegerTensor; label: number } {
  const { pixels, label } = renderDigit(index % 10, FIRST_SEED + index);
  return { image: createTensor("uint8", [1, DIGIT_PIXELS], pixels), label };
}

describe("digits", () => {
  describe("renderDigit", () => {
    it("draws the same pixels for the same label and seed", () => {
      expect(renderDigit(4, 99)).to.deep.equal(renderDigit(4, 99));
    });

    it("draws another picture for another seed", () => {
      expect(renderDigit(4, 99).pixels).to.not.deep.equal(renderDigit(4, 100).pixels);
    });

    it("keeps ink and paper apart in every drawing", () => {
      for (let i = 0; i < 200; i++) {
        const { pixels } = renderDigit(i % 10, i);
        expect(pixels).to.have.length(DIGIT_PIXELS);
        const inked = pixels.filter((pixel) => pixel > 100).length;
        expect(inked, `seed ${i}`).to.be.within(15, 350);
      }
    });

    for (const label of [-1, 10, 2.5]) {
      it(`refuses the label ${label}`, () => {
        expect(() => renderDigit(label, 1)).to.throw(RangeError, `label ${label} is not a digit`);
      });
    }
  });

  describe("model", () => {
    let model: LoadedModel;
    let report: Record<string, unknown>;

    before(async () => {
      model = await loadModel(DIGITS_MODEL_URL);
      const text = await readFile(new URL("digits.json", DIGITS_MODEL_URL), "utf8");
      report = JSON.parse(text) as Record<string, unknown>;
    });

    it("is the file that its report describes", () => {
      expect(model.digest).to.equal(`0x${report.sha256}`);
      expect(model.bytes).to.have.length(report.bytes as number);
      expect(model.graph.inputs).to.deep.equal([report.input]);
      expect(model.graph.outputs).to.deep.equal([report.output]);
      expect((report.heldOut as { accuracy: number }).accuracy).to.be.at.least(0.95);
    });

    it("keeps int8 weights in seven bits", () => {
      const weights = [...model.graph.constants.values()].filter((t) => t.elementType === "int8");
      expect(weights).to.have.length(2);
      for (const { data } of weights) {
        expect(Math.min(...data)).to.be.at.least(-64);
        expect(Math.max(...data)).to.be.at.most(63);
      }
    });

    it("recognises at least 98 % of drawings it never saw, each with the runtime's bits", async () => {
      const runner = await OnnxRunner.create(model.bytes);
      const count = 1000;
      let correct = 0;
      for (let i = 0; i < count; i++) {
        const { image, label } = drawing(i);
        const { output, outputs } = interpret(model.graph, image);
        assertSameBits(outputs, (await runner.run(image)).outputs);
        if (output.data.indexOf(Math.max(...output.data)) === label) correct++;
      }
      await runner.release();
      expect(correct / count).to.be.at.least(0.98);
    });
  });

  describe("training", () => {
    function trainSmall(): Uint8Array {
      const count = 300;
      const pixels = new Float64Array(count * DIGIT_PIXELS);
      const labels = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        const drawn = renderDigit(i % 10, i);
        labels[i] = drawn.label;
        for (const [p, pixel] of drawn.pixels.entries()) pixels[i * DIGIT_PIXELS + p] = pixel / 255;
      }
      const random = new SeededRandom(3);
      const mlp = createMlp(DIGIT_PIXELS, 8, 10, random);
      const options = {
        epochs: 2,
        batchSize: 30,
        learningRate: 0.05,
        momentum: 0.9,
        weightDecay: 0,
      };
      trainMlp(mlp, { pixels, labels }, options, random);
      return writeOnnx(quantiseMlp(mlp, { pixels, labels }).graph);
    }

    it("gives the same bytes from the same seed", () => {
      expect(trainSmall()).to.deep.equal(trainSmall());
    });
  });
});
