import { encodeProofEvidence } from "@lattice/sdk";
import {
  commitTensor,
  createTensor,
  type ElementType,
  GraphBuilder,
  type IntegerGraph,
  interpret,
  type Shape,
  type ValueInfo,
} from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { deployMockReferee, provenRun } from "../../helpers/disputes/proof.ts";
import { PROOF } from "../../helpers/orders.ts";
import { Manner } from "../../helpers/routers.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const accepting = () => deployMockReferee(chain, Manner.AnswersTrue);
const refusing = () => deployMockReferee(chain, Manner.AnswersFalse);
const CONTEXT = 1n;

/** Bounds of what a drawn tensor holds. */
const RANGES: Readonly<Record<ElementType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

function drawn(elementType: ElementType, shape: Shape) {
  const random = new SeededRandom(shape.length);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const [low, high] = RANGES[elementType];
  const data = Array.from({ length: count }, () => random.integer(low, high));
  return createTensor(elementType, shape, data);
}

/** One cast, so that input and output have the same shape and other types. */
function castGraph(elementType: ElementType, shape: Shape): IntegerGraph {
  const builder = new GraphBuilder("cast");
  builder.addInput({ name: "x", elementType, shape });
  builder.addNode({ op: "Cast", name: "cast", inputs: ["x"], output: "y", to: "int32" });
  return builder.finish(["y"]);
}

/** The input is the right operand of a product, whose columns lie together. */
function columnsGraph(shape: Shape): IntegerGraph {
  const builder = new GraphBuilder("columns");
  builder.addInput({ name: "x", elementType: "uint8", shape });
  builder.addConstant("a", drawn("uint8", [2, shape.at(-2) as number]));
  builder.addNode({
    op: "MatMulInteger",
    name: "product",
    inputs: ["a", "x"],
    output: "y",
    aZeroPoint: 3,
    bZeroPoint: 0,
  });
  return builder.finish(["y"]);
}

/** Counts at the ends of field elements, of hashes, and of chunks of the trace. */
const CASES: readonly (readonly [what: string, graph: IntegerGraph])[] = [
  ...[1, 7, 8, 31, 32, 105, 106, 465, 466, 1024, 1025].map((count) => {
    const what = `${count} bytes, as many 32-bit words`;
    return [what, castGraph("uint8", [count])] as const;
  }),
  ["signed bytes", castGraph("int8", [3, 50])],
  ["an image of three channels, packed with channels last", castGraph("int8", [2, 3, 5, 4])],
  ["an image of one channel", castGraph("uint8", [1, 1, 28, 28])],
  ["as many images of one pixel", castGraph("int8", [7, 6, 1, 1])],
  ["a matrix packed column by column", columnsGraph([9, 11])],
  ["matrices packed column by column", columnsGraph([3, 4, 5])],
];

describe("ProofReferee", () => {
  for (const [what, graph] of CASES) {
    it(`commits to ${what} as circuits do`, async () => {
      const [info] = graph.inputs as [ValueInfo];
      const input = drawn(info.elementType, info.shape);
      const { output } = interpret(graph, input);
      const commitments = { input: await commitTensor(input), output: await commitTensor(output) };
      const prove = (outputCommitment: bigint) => {
        const { trace, against } = provenRun(graph, input, { proof: PROOF, outputCommitment });
        const { roots, evidence } = against(trace);
        return [roots, encodeProofEvidence(evidence)] as const;
      };

      const { referee: lenient, selector: yes } = await networkHelpers.loadFixture(accepting);
      const [roots, own] = prove(commitments.output);
      expect(await lenient.contradicts(roots, yes, CONTEXT, own)).to.equal(false);
      const [, other] = prove(commitments.output + 1n);
      expect(await lenient.contradicts(roots, yes, CONTEXT, other)).to.equal(true);

      const { referee: strict, selector: no } = await networkHelpers.loadFixture(refusing);
      await expect(strict.contradicts(roots, no, CONTEXT, own))
        .to.be.revertedWithCustomError(strict, "ProofRefereeInvalidProof")
        .withArgs(no, [CONTEXT, commitments.input, commitments.output]);
    });
  }

  it("reverts when some chunks of a tensor are missing", async () => {
    const graph = castGraph("uint8", [3000]);
    const input = drawn("uint8", [3000]);
    const { trace, against } = provenRun(graph, input, { proof: PROOF, outputCommitment: 1n });
    const { roots, evidence } = against(trace);
    const [first] = trace.tensors;
    const part = {
      ...evidence.input,
      chunkIndices: [0, 2],
      chunks: new Uint8Array([
        ...evidence.input.chunks.slice(0, 1024),
        ...evidence.input.chunks.slice(2048),
      ]),
      chunkProof: first?.chunks.multiproof([0, 2]) ?? [],
    };
    const { referee, selector } = await networkHelpers.loadFixture(accepting);
    const data = encodeProofEvidence({ ...evidence, input: part });
    await expect(referee.contradicts(roots, selector, CONTEXT, data))
      .to.be.revertedWithCustomError(referee, "ProofRefereeChunks")
      .withArgs(2, 3);
  });
});
