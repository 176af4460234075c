import { expect } from "chai";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { type ImportedModel, importModel } from "../../src/import/import-model.ts";
import { dequantiseOutput, quantiseInput } from "../../src/import/input.ts";
import type { FloatSamples } from "../../src/import/samples/samples.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { OnnxRunner } from "../../src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../src/runtime/same-bits.ts";
import { inputsFor } from "../helpers/random-tensors.ts";
import { FloatModelBuilder, randomSamples } from "./float-models.ts";
import { NETWORKS, type Network, qdqBlock, qdqNetwork, qlinearNetwork } from "./networks.ts";

describe("importModel", () => {
  describe("networks", () => {
    for (const [name, make] of Object.entries(NETWORKS)) {
      it(`imports ${name} with small errors and identical bits`, async () => {
        const network = make();
        const imported = await importNetwork(network, randomSamples(11, 48, network.shape));
        expectAccurate(imported, network);
        await expectSameBits(imported);
        expect(generateCircuit(imported.graph).source).to.include("TensorCommitment");
      });
    }

    for (const opset of [13, 18, 21]) {
      it(`reads opset ${opset}`, async () => {
        const b = new FloatModelBuilder(64, ["N", 3, 8, 8]);
        b.opset = opset;
        b.conv("x", "c", 3, 4, 3, { strides: [2, 2], pads: [1, 1, 1, 1] });
        b.add("Relu", ["c"], "r");
        // The axes moved from an attribute to an input.
        if (opset < 18) b.add("ReduceMean", ["r"], "m", { axes: [-2, -1], keepdims: 0 });
        else
          b.add("ReduceMean", ["r", b.integers("axes", "int64", [2], [2, 3])], "m", {
            keepdims: 0,
          });
        b.gemm("m", "y", 4, 3);
        const network = { bytes: b.bytes(), shape: [3, 8, 8], decibels: 18 };
        expectAccurate(await importNetwork(network, randomSamples(65, 32, [3, 8, 8])), network);
      });
    }

    it("gives the same file for the same samples", async () => {
      const network = (NETWORKS["a dense network"] as () => Network)();
      const run = async () =>
        (await importNetwork(network, randomSamples(11, 16, network.shape))).onnx;
      expect(await run()).to.deep.equal(await run());
    });

    it("puts out the class when the model ends in ArgMax", async () => {
      const b = new FloatModelBuilder(12, [1, 8]);
      b.gemm("x", "logits", 8, 5);
      b.add("ArgMax", ["logits"], "y", { axis: 1, keepdims: 0 });
      const imported = await importNetwork(
        { bytes: b.bytes(), shape: [8], decibels: 0 },
        randomSamples(13, 40, [8]),
      );
      expect(imported.graph.nodes.at(-1)?.op).to.equal("ArgMax");
      expect(imported.output).to.include({ name: "y", elementType: "int32", scale: 1 });
      expect(imported.report.heldOut?.top1Agreement).to.be.at.least(0.9);
      await expectSameBits(imported);
    });
  });

  describe("quantised models", () => {
    for (const perChannel of [false, true]) {
      it(`keeps the integers of a QDQ model, ${perChannel ? "per channel" : "per tensor"}`, async () => {
        const network = qdqNetwork(perChannel);
        const imported = await importNetwork(network, randomSamples(14, 32, network.shape));
        expectAccurate(imported, network);
        await expectSameBits(imported);
        // One step of the model's own output scale; rounding may fall on the other side of a half.
        expect(imported.report.heldOut?.maxError).to.be.at.most(1.01 * 0.08);
        expect(imported.output).to.deep.include({ elementType: "uint8", zeroPoint: 133 });
        expect(imported.output.scale).to.be.closeTo(0.08, 1e-8);
        expect(imported.input.zeroPoint).to.equal(128);
        const types = [...imported.graph.constants.values()].map(({ elementType }) => elementType);
        expect(types).to.include("uint8").and.not.include("int8");
        expect(imported.report.notes[0]).to.match(/stored as uint8 with zero point 128 more/);
      });
    }

    it("keeps the scales of a QDQ block with joins", async () => {
      const network = qdqBlock();
      const imported = await importNetwork(network, randomSamples(66, 32, network.shape));
      expectAccurate(imported, network);
      await expectSameBits(imported);
      const scales = new Set(imported.report.layers.map(({ scale }) => scale.toPrecision(3)));
      expect(scales).to.include("0.0400").and.include("0.0900").and.include("0.0500");
    });

    it("keeps weights of seven bits as int8", async () => {
      const network = qdqNetwork(true, 63);
      const { graph } = await importNetwork(network, randomSamples(15, 8, network.shape));
      expect([...graph.constants.values()].some((c) => c.elementType === "int8")).to.equal(true);
    });

    it("keeps the integers of a QLinear model", async () => {
      const network = qlinearNetwork();
      const random = new SeededRandom(16);
      const data = Float32Array.from({ length: 24 * 72 }, () => random.integer(0, 255));
      const imported = await importNetwork(network, { shape: [24, 2, 6, 6], data });
      expectAccurate(imported, network);
      await expectSameBits(imported);
      expect(imported.report.heldOut?.maxError).to.be.at.most(1.01 * 0.05);
      expect(imported.input).to.deep.include({ name: "x", zeroPoint: 127 });
    });
  });

  describe("inputs and outputs", () => {
    it("says how real inputs become integers and integers real outputs", async () => {
      const network = (NETWORKS["a dense network"] as () => Network)();
      const samples = randomSamples(17, 32, network.shape);
      const { graph, input, output } = await importNetwork(network, samples);
      expect(input).to.include({ name: "x", elementType: "uint8" });
      const data = quantiseInput(Array.from(samples.data).slice(0, 20), input);
      const { output: logits } = interpret(graph, { elementType: "uint8", shape: [1, 20], data });
      expect(dequantiseOutput(logits.data, output)).to.have.length(10);
      expect(quantiseInput([1e9, -1e9], input)).to.deep.equal(Uint8Array.of(255, 0));
      expect(dequantiseOutput([3], { scale: 0.5, zeroPoint: 1 })).to.deep.equal(Float64Array.of(1));
    });
  });
});

function importNetwork(
  { bytes, shape }: Network,
  calibration: FloatSamples,
): Promise<ImportedModel> {
  const integers = calibration.data[0] !== undefined && calibration.data[0] > 1;
  const held = randomSamples(99, 24, shape);
  const samples = integers
    ? { ...held, data: Float32Array.from(held.data, (v) => Math.round(127.5 + 127.5 * v)) }
    : held;
  return importModel(bytes, { calibration, heldOut: { samples } });
}

function expectAccurate({ report }: ImportedModel, { decibels }: Network): void {
  for (const measured of [report.calibration, report.heldOut]) {
    expect(measured?.sqnrDb ?? Number.POSITIVE_INFINITY).to.be.at.least(decibels);
  }
  expect(report.totals.widestAccumulator).to.be.at.most(31);
}

/** Random and extreme inputs, not just those that look like samples. */
async function expectSameBits({ graph, onnx }: ImportedModel): Promise<void> {
  expect(readOnnx(onnx).values).to.deep.equal(graph.values);
  const runner = await OnnxRunner.create(onnx);
  try {
    for (const inputs of inputsFor(graph, new SeededRandom(18), 4)) {
      assertSameBits(interpret(graph, inputs).outputs, (await runner.run(inputs)).outputs);
    }
  } finally {
    await runner.release();
  }
}
