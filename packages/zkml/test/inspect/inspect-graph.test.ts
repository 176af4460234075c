import { expect } from "chai";
import { DIGITS_MODEL_URL } from "../../models/digits/index.ts";
import { LENET_MODEL_URL } from "../../models/lenet/index.ts";
import { drawImages } from "../../models/training/data.ts";
import { estimateConstraints } from "../../src/circuit/estimate.ts";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { readInstances } from "../../src/cli/manifest.ts";
import { importModel } from "../../src/import/import-model.ts";
import { inspectGraph } from "../../src/inspect/inspect-graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { loadModel } from "../../src/onnx/load-model.ts";
import { biasPerChannel, dividePerRow } from "../circuit/graphs.ts";
import { compileSource } from "../circuit/harness.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

describe("inspectGraph", () => {
  it("estimates the committed count of the digit classifier, layer by layer", async () => {
    const { graph } = await loadModel(DIGITS_MODEL_URL);
    const summary = inspectGraph(graph);
    const declared = (await readInstances()).models.find(({ name }) => name === "digits");
    expect(summary.totals).to.deep.equal({
      constraints: declared?.constraints,
      macs: 784 * 48 + 48 * 10,
      weights: 784 * 48 + 48 + 1 + 48 * 10 + 10,
    });
    const clip = summary.layers.find(({ operator }) => operator === "Clip");
    expect(clip).to.deep.include({ name: "hidden/clip", constraints: 48 * 26, macs: 0 });
    // The division and the cast are proven with the clip.
    const without = summary.layers.filter(({ constraints }) => constraints === undefined);
    expect(without.map(({ operator }) => operator)).to.deep.equal(["Div", "Cast"]);
  });

  it("estimates what the compiler counts for convolution, pooling and transposition", async () => {
    const graph = smallConvnet(new SeededRandom(5));
    const circuit = await compileSource(generateCircuit(graph).source);
    try {
      const { totals, layers, simplification } = inspectGraph(graph);
      expect(simplification).to.equal("full");
      expect(totals.constraints).to.equal(circuit.r1cs.constraints.length);
      const conv = layers.find(({ operator }) => operator === "ConvInteger");
      expect(conv?.macs).to.equal(4 * 7 * 7 * 2 * 3 * 3);
    } finally {
      await circuit.remove();
    }
  });

  it("estimates the linear constraints that quick simplification leaves of a large model", async () => {
    const { pixels, labels } = drawImages(300);
    const calibration = { shape: [300, 1, 28, 28], data: pixels };
    const { graph } = await importModel(LENET_MODEL_URL, { calibration, labels, name: "lenet" });
    const { totals, simplification } = inspectGraph(graph);
    expect(simplification).to.equal("quick");
    // What circom counted of this import: 101 728 others and 26 633 linear.
    expect(totals.constraints).to.be.closeTo(128_361, 1_283);
  });

  it("says why a model has no circuit, and summarises it all the same", () => {
    const graph = smallConvnet(new SeededRandom(5));
    const [output] = graph.outputs;
    if (output === undefined) throw new Error("the model has no output");
    const { totals, refusal, commitments, layers } = inspectGraph({
      ...graph,
      outputs: [output, output],
    });
    expect(refusal?.code).to.equal("INVALID_GRAPH");
    expect([totals.constraints, commitments]).to.deep.equal([undefined, undefined]);
    expect(layers).to.have.lengthOf(graph.nodes.length);
  });
});

describe("estimateConstraints", () => {
  const convnet = () => smallConvnet(new SeededRandom(5));
  for (const { name, graph, simplification } of [
    { name: "convolution and pooling", graph: convnet, simplification: "quick" },
    { name: "clamps and a bias a channel", graph: biasPerChannel, simplification: "quick" },
    { name: "divisors by row", graph: dividePerRow, simplification: "full" },
    { name: "divisors by row", graph: dividePerRow, simplification: "quick" },
  ] as const) {
    it(`is exact for ${name} after ${simplification} simplification`, async () => {
      const { source } = generateCircuit(graph());
      const circuit = await compileSource(source, { simplification });
      try {
        const parts = estimateConstraints(source, simplification);
        const total = parts.reduce((sum, { constraints }) => sum + constraints, 0);
        expect(total).to.equal(circuit.r1cs.constraints.length);
      } finally {
        await circuit.remove();
      }
    });
  }

  it("takes parameters that differ by channel from their tables, and their mean", () => {
    const source = `function integers0() {
    return [
        4, 16
    ];
}
template Model() {
    // 0. Carry the context.
    // 2. Div scale
    var table0[2] = integers0();
    for (var i = 0; i < 10; i++) { v1[i] <== DivideUnsigned(8, table0[i % 2])(v0[i]); }
    // 2. Mul gate
    for (var i = 0; i < 3; i++) { v2[i] <== v1[i] * v0[0]; }
}`;
    expect(estimateConstraints(source)).to.deep.equal([
      { label: "0. Carry the context.", constraints: 1 },
      { label: "2. Div scale", constraints: 5 * (8 + 2) + 5 * (8 + 4) },
      { label: "2. Mul gate", constraints: 3 },
    ]);
  });

  it("counts a sum only where it does not rename a signal, and products of looked-up places", () => {
    const source = `function integers0() {
    return [
        0, 7, 1
    ];
}
template Model() {
    // 2. Add bias
    var table0[3] = integers0();
    for (var i = 0; i < 6; i++) { v1[i] <== v0[i] + table0[i % 3]; }
    // 2. Sub pair
    for (var i = 0; i < 6; i++) { v2[i] <== v1[i] - v0[0]; }
    // 2. Sub mirror
    for (var i = 0; i < 3; i++) { v3[i] <== table0[i] - v0[i]; }
    // 2. Mul scale
    for (var i = 0; i < 3; i++) { v4[i] <== v0[i] * table0[i]; }
    // 2. Mul gate
    for (var i = 0; i < 3; i++) { v5[i] <== v4[table1[i]] * v0[0]; }
    // 2. Transpose turn
    for (var i = 0; i < 3; i++) { v6[i] <== v5[table1[i]]; }
    // 2. MatMulInteger dense
    signal v7[5];
    v7 <== MatMulConstant(1, 3, 5, 0, integers0())(v6);
}`;
    const counts = (simplification: "full" | "quick") =>
      estimateConstraints(source, simplification).map(({ constraints }) => constraints);
    expect(counts("full")).to.deep.equal([0, 0, 0, 0, 3, 0, 0]);
    expect(counts("quick")).to.deep.equal([4, 6, 3, 1, 3, 0, 5]);
  });
});
