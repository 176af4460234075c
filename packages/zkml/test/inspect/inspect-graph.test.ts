import { expect } from "chai";
import { DIGITS_MODEL_URL } from "../../models/digits/index.ts";
import { estimateConstraints } from "../../src/circuit/estimate.ts";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { readInstances } from "../../src/cli/manifest.ts";
import { inspectGraph } from "../../src/inspect/inspect-graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { loadModel } from "../../src/onnx/load-model.ts";
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
      const { totals, layers } = inspectGraph(graph);
      expect(totals.constraints).to.equal(circuit.r1cs.constraints.length);
      const conv = layers.find(({ operator }) => operator === "ConvInteger");
      expect(conv?.macs).to.equal(4 * 7 * 7 * 2 * 3 * 3);
    } finally {
      await circuit.remove();
    }
  });

  it("estimates within a hundredth what the compiler counts when it keeps sums", async () => {
    const { source } = generateCircuit(smallConvnet(new SeededRandom(5)));
    const circuit = await compileSource(source, "quick");
    try {
      const parts = estimateConstraints(source, "quick");
      const estimated = parts.reduce((total, { constraints }) => total + constraints, 0);
      const counted = circuit.r1cs.constraints.length;
      expect(estimated).to.be.closeTo(counted, counted / 100);
    } finally {
      await circuit.remove();
    }
  });

  it("counts sums too where a proof has too many multiplications for full simplification", async () => {
    const { graph } = await loadModel(DIGITS_MODEL_URL);
    const { source, simplification } = generateCircuit(graph);
    expect(simplification).to.equal("full");
    expect(generateCircuit(graph, { jobsPerProof: 6 }).simplification).to.equal("quick");
    const total = (which: "full" | "quick") =>
      estimateConstraints(source, which).reduce((sum, part) => sum + part.constraints, 0);
    expect(total("quick")).to.be.above(total("full"));
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
});
