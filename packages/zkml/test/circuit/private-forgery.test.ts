import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { hashList } from "../../src/circuit/hash-list.ts";
import { generatePrivateCircuit } from "../../src/circuit/private/generate-private.ts";
import { privateWeights, type WeightSignals } from "../../src/circuit/private/weight-signals.ts";
import { CIRCUITS_DIRECTORY } from "../../src/circuit/sources.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { inverse, reduce } from "../../src/keys/field.ts";
import { randomTensor } from "../helpers/random-tensors.ts";
import { compileSource, refusal } from "./harness.ts";
import { fieldElements } from "./private-graphs.ts";

const [ROWS, INNER, COLUMNS] = [4, 96, 3];
const CONTEXT = 77n;
const SALT = 5n;
/** Of clips: those that all values reach, that none does, and all ones. */
const BOUNDS = [-(2 ** 24), -1, 0, 1, 254, 255, 256, 2 ** 22, 2 ** 24];

/** Sums that are put out, and beside it clipped to a single value, so that the clip checks nothing. */
function clippedToOneValue(random: SeededRandom): IntegerGraph {
  const builder = new GraphBuilder("constant clip");
  builder.addInput({ name: "x", elementType: "uint8", shape: [ROWS, INNER] });
  builder.addConstant("w", randomTensor(random, "uint8", [INNER, COLUMNS]));
  const zero = { aZeroPoint: 0, bZeroPoint: 0 };
  builder.addNode({ op: "MatMulInteger", name: "d", inputs: ["x", "w"], output: "sums", ...zero });
  const clip = { op: "Clip", name: "clip", min: 255, max: 255 } as const;
  builder.addNode({ ...clip, inputs: ["sums"], output: "one" });
  builder.addNode({ op: "Add", name: "add", inputs: ["sums", "one"], output: "y" });
  return builder.finish(["y"]);
}

/** The same with any clips and divisions, and in half of all cases a bias. */
function randomlyClipped(random: SeededRandom): IntegerGraph {
  const builder = new GraphBuilder("random clips");
  builder.addInput({ name: "x", elementType: "uint8", shape: [ROWS, INNER] });
  builder.addConstant("w", randomTensor(random, "uint8", [INNER, COLUMNS]));
  builder.addConstant("b", randomTensor(random, "int32", [COLUMNS], [-500, 500]));
  const zero = { aZeroPoint: 0, bZeroPoint: 0 };
  builder.addNode({ op: "MatMulInteger", name: "d", inputs: ["x", "w"], output: "sums", ...zero });
  builder.addNode({ op: "Add", name: "bias", inputs: ["sums", "b"], output: "biased" });
  let value = random.pick(["sums", "biased"]);
  for (let i = 0; i < random.integer(1, 3); i++) {
    const name = `step${i}`;
    if (random.integer(0, 2) === 0) {
      builder.addConstant(`c${i}`, createTensor("int32", [], [random.pick([1, 4, 256, 10])]));
      builder.addNode({ op: "Div", name, inputs: [value, `c${i}`], output: name });
    } else {
      const [one, other] = [random.pick(BOUNDS), random.pick(BOUNDS)];
      const [min, max] = [Math.min(one, other), Math.max(one, other)];
      builder.addNode({ op: "Clip", name, inputs: [value], output: name, min, max });
    }
    value = name;
  }
  builder.addNode({ op: "Add", name: "last", inputs: [value, "biased"], output: "y" });
  return builder.finish(["y"]);
}

/**
 * Changes of the first column's first three sums, numbers 0, 3 and 6 of the digest's first chunk, that
 * leave the chunk (a word of `width` digits each) and the identity at the challenge as they are and add
 * one to the first element of the output's commitment (words of 32 digits): with a = 2^(3·width) and
 * b = 2^96 the polynomial (X − a)(X − x), scaled to be 1 at b.
 */
function unseenChanges(width: bigint, x: bigint): Map<number, bigint> {
  const a = 2n ** (3n * width);
  const b = 2n ** 96n;
  const scale = inverse(reduce((b - a) * (b - x)));
  return new Map([
    [0, reduce(a * x * scale)],
    [3, reduce(-(a + x) * scale)],
    [6, scale],
  ]);
}

/** The circuit with a witness generator that claims changed sums. */
async function cheat(source: string, changes: ReadonlyMap<number, bigint>): Promise<string> {
  const library = await readFile(join(CIRCUITS_DIRECTORY, "lib", "freivalds.circom"), "utf8");
  const [template = ""] = library.match(/^template MatMulClaim[\s\S]*?^}/m) ?? [];
  const place = "r * columns + c";
  const added = [...changes].map(([i, change]) => `(${place} == ${i} ? ${change} : 0)`);
  const other = template
    .replace("template MatMulClaim", "template MatMulCheat")
    .replace("<-- sum;", `<-- sum + ${added.join(" + ")};`);
  return source
    .replace("template Model()", `${other}\n\ntemplate Model()`)
    .replace("MatMulClaim(", "MatMulCheat(");
}

/** Sums as ClaimDigest packs them. */
function chunksOf(sums: readonly bigint[], width: bigint): bigint[] {
  const perChunk = Number(252n / width);
  const chunks: bigint[] = [];
  for (let start = 0; start < sums.length; start += perChunk) {
    const words = sums.slice(start, start + perChunk).map((sum) => sum + 2n ** (width - 1n));
    chunks.push(words.reduceRight((chunk, word) => (chunk << width) + word, 0n));
  }
  return chunks;
}

describe("a prover with private weights that looks for sums with the same digest", () => {
  it("is refused where a clip to one value is all that reads the sums beside the output", async () => {
    const random = new SeededRandom(71);
    const graph = clippedToOneValue(random);
    const generated = generatePrivateCircuit(graph);
    const width = BigInt(/ClaimDigest\((\d+),/.exec(generated.source)?.[1] ?? 0);
    const input = randomTensor(random, "uint8", [ROWS, INNER]);
    const weights = await privateWeights(generated.weights as WeightSignals, graph, SALT);
    const { output } = interpret(graph, input);

    const inputCommitment = await commitTensor(input);
    const sums = Array.from(output.data, (value) => BigInt(value) - 255n);
    const digest = await hashList("lattice.claim.v1", chunksOf(sums, width));
    const statement = [CONTEXT, weights.commitment, inputCommitment, digest];
    const challenge = await hashList("lattice.challenge.v1", statement);
    const source = await cheat(generated.source, unseenChanges(width, challenge));
    const cheating = await compileSource(source);
    try {
      const signals = {
        ...weights.signals,
        contextIn: CONTEXT,
        [generated.inputSignal]: fieldElements([input]),
      };
      expect(await refusal(cheating, signals)).to.match(/Assert Failed.*Bits/s);
    } finally {
      await cheating.remove();
    }
  });

  it("finds the range of every sum that a digest packs checked, whatever clips and divisions read it", () => {
    const random = new SeededRandom(72);
    let ownChecks = 0;
    for (let i = 0; i < 300; i++) {
      const { source } = generatePrivateCircuit(randomlyClipped(random));
      const [, width, sums] = /ClaimDigest\((\d+), \d+\)\((v\d+)\)/.exec(source) ?? [];
      if (sums === undefined) continue;
      const own = source.includes(`SignedBits(${width})(${sums}[i])`);
      const taken = new RegExp(`Requantise\\(${width}, [^()]*\\)\\(${sums}\\[i\\]\\)`).test(source);
      expect(own || taken, `of ${sums} in\n${source}`).to.equal(true);
      if (own) ownChecks++;
    }
    expect(ownChecks).to.be.within(20, 280);
  });
});
