import { expect } from "chai";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { hashList } from "../../src/circuit/hash-list.ts";
import { architectureOf } from "../../src/circuit/private/architecture.ts";
import { generatePrivateCircuit } from "../../src/circuit/private/generate-private.ts";
import { privateConstants } from "../../src/circuit/private/private-constants.ts";
import {
  commitWeights,
  privateWeights,
  randomSalt,
  type WeightSignals,
} from "../../src/circuit/private/weight-signals.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { randomTensor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";
import { arithmetic, chain, tinyMlp } from "./graphs.ts";
import { biasDivides, otherWeights } from "./private-graphs.ts";

const random = () => new SeededRandom(21);
const signalsOf = (graph = tinyMlp()) => generatePrivateCircuit(graph).weights as WeightSignals;

describe("architectures of private weights", () => {
  it("takes weights and biases, and leaves divisors and bounds in the circuit", () => {
    const names = privateConstants(tinyMlp()).map(({ name, role }) => `${role} ${name}`);
    expect(names).to.deep.equal(["weight w1", "bias b1", "weight w2"]);
    const { graph } = architectureOf(tinyMlp());
    expect([...graph.constants.keys()]).to.deep.equal(["zero", "scale", "top"]);
  });

  it("bounds every value for any weights of the declared bits", () => {
    const { graph, tensors } = architectureOf(tinyMlp());
    // Three pixels up to 255, weights from -64 to 63, and a bias as wide as their sum.
    expect(graph.intervals.get("h")).to.deep.equal({ min: -64n * 765n, max: 63n * 765n });
    expect(tensors.map(({ bits }) => bits)).to.deep.equal([7, 17, 7]);
    const narrow = architectureOf(otherWeights(tinyMlp(), random()), { biasBits: 10 });
    expect(narrow.tensors.map(({ bits }) => bits)).to.deep.equal([7, 10, 7]);
  });

  for (const graph of [tinyMlp(), smallConvnet(random())]) {
    it(`writes one source for all models of the architecture of ${graph.name}`, () => {
      const { source } = generatePrivateCircuit(graph);
      expect(generatePrivateCircuit(otherWeights(graph, random())).source).to.equal(source);
      expect(generatePrivateCircuit(graph, { weightBits: 7, biasBits: 18 }).source).to.not.equal(
        source,
      );
    });
  }

  it("is compiled in full where constant weights would not be", () => {
    const shape = [1, 784] as const;
    const builder = new GraphBuilder("wide");
    builder.addInput({ name: "x", elementType: "uint8", shape });
    builder.addConstant("w", randomTensor(random(), "int8", [784, 10], [-64, 63]));
    const zero = { aZeroPoint: 0, bZeroPoint: 0 };
    builder.addNode({ op: "MatMulInteger", name: "d", inputs: ["x", "w"], output: "y", ...zero });
    const graph = builder.finish(["y"]);
    const options = { jobsPerProof: 32 };
    expect(generateCircuit(graph, options).simplification).to.equal("quick");
    expect(generatePrivateCircuit(graph, options).simplification).to.equal("full");
  });

  it("checks claimed sums only where that takes fewer constraints", () => {
    const graph = smallConvnet(random());
    const checks = (jobsPerProof: number, identities = true) =>
      generatePrivateCircuit(graph, { jobsPerProof, identities }).source.match(/= \w+Check\(/g);
    expect(checks(1)).to.deep.equal(["= ConvCheck("]);
    expect(checks(1, false)).to.equal(null);
    // A row for each of 32 jobs makes the dense layer worth it, though its sums need bits.
    expect(generatePrivateCircuit(tinyMlp()).source).to.not.match(/= \w+Check\(/);
    expect(checks(32)).to.deep.equal(["= ConvCheck(", "= MatMulCheck("]);
  });

  it("claims no sums whose second operand is a job's own", () => {
    const builder = new GraphBuilder("square");
    const zero = { aZeroPoint: 0, bZeroPoint: 0 };
    builder.addInput({ name: "x", elementType: "uint8", shape: [64, 64] });
    builder.addConstant("w", createTensor("uint8", [64, 64], new Array(4096).fill(3)));
    for (const [name, second] of [
      ["weighted", "w"],
      ["squared", "x"],
    ] as const) {
      const inputs = ["x", second] as const;
      builder.addNode({ op: "MatMulInteger", name, inputs, output: name, ...zero });
    }
    const inputs = ["weighted", "squared"] as const;
    builder.addNode({ op: "Add", name: "add", inputs, output: "y" });
    const { source } = generatePrivateCircuit(builder.finish(["y"]), { jobsPerProof: 2 });
    expect(source.match(/= \w+Check\(/g)).to.deep.equal(["= MatMulCheck("]);
    expect(source).to.match(/MatMulPrivate\(64, 64, 64, 0, 0\)\(v0, v0\)/);
  });

  describe("refusals", () => {
    it("names a weight that does not fit the declared bits", () =>
      expectZkmlError(() => architectureOf(tinyMlp(), { weightBits: 6 }), {
        code: "TENSOR_VALUE",
        metadata: { constant: "w1", index: 2, bits: 6 },
        message: /weightBits/,
      }));

    it("names a node whose sums some weights of these bits would saturate", () =>
      expectZkmlError(() => architectureOf(tinyMlp(), { weightBits: 8 }), {
        code: "SATURATION_POSSIBLE",
        metadata: { node: "hidden" },
      }));

    it("names a bias that is a divisor too", () =>
      expectZkmlError(() => architectureOf(biasDivides()), {
        code: "UNSUPPORTED_ATTRIBUTE",
        metadata: { node: "div" },
      }));

    it("names a model without weights", () => {
      const graph = chain("int32", [1], { b: [[1], [1]] }, [arithmetic("Max", "x", "b", "y")]);
      return expectZkmlError(() => architectureOf(graph), {
        code: "UNSUPPORTED_ATTRIBUTE",
        metadata: { graph: "chain" },
      });
    });

    for (const option of [{ weightBits: 1 }, { weightBits: 9 }, { biasBits: 33 }] as const) {
      it(`refuses ${JSON.stringify(option)}`, () => {
        expect(() => architectureOf(tinyMlp(), option)).to.throw(RangeError, /must be an integer/);
      });
    }
  });
});

describe("commitWeights", () => {
  it("is Poseidon over the salt and the commitments of the tensors, in reading order", async () => {
    const graph = tinyMlp();
    const tensors = ["w1", "b1", "w2"].map((name) => graph.constants.get(name) as IntegerTensor);
    const commitments = await Promise.all(tensors.map(commitTensor));
    const expected = await hashList("lattice.weights.v1", [5n, ...commitments]);
    expect(await commitWeights(graph, 5n)).to.equal(expected);
    const { commitment, signals } = await privateWeights(signalsOf(), graph, 5n);
    expect(commitment).to.equal(expected);
    expect(Object.keys(signals)).to.deep.equal(["salt", "v1", "v2", "v3"]);
  });

  it("differs for another salt and for other weights", async () => {
    const other = otherWeights(tinyMlp(), random());
    const all = [
      await commitWeights(tinyMlp(), 5n),
      await commitWeights(tinyMlp(), 6n),
      await commitWeights(other, 5n),
    ];
    expect(new Set(all).size).to.equal(3);
  });

  it("takes field elements as salts", async () => {
    for (const salt of [-1n, FIELD_ORDER]) {
      const error = await commitWeights(tinyMlp(), salt).catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(RangeError);
    }
    const [a, b] = [randomSalt(), randomSalt()];
    expect(a).to.not.equal(b);
    expect(a < FIELD_ORDER && b < FIELD_ORDER).to.equal(true);
  });

  it("refuses the weights of another architecture", () =>
    expectZkmlError(() => privateWeights(signalsOf(), smallConvnet(random()), 1n), {
      code: "INVALID_GRAPH",
      metadata: { graph: "convnet" },
    }));

  it("refuses weights beyond the circuit's bits", () => {
    const narrow = generatePrivateCircuit(otherWeights(tinyMlp(), random()), { biasBits: 10 });
    const wide = otherWeights(tinyMlp(), random());
    const bias = privateConstants(wide).find(({ role }) => role === "bias");
    bias?.tensor.data.set([512]);
    return expectZkmlError(() => privateWeights(narrow.weights as WeightSignals, wide, 1n), {
      code: "TENSOR_VALUE",
      metadata: { constant: bias?.name ?? "", bits: 10 },
    });
  });
});
