import { encodeStepEvidence, type StepEvidence } from "@lattice/sdk";
import { type CommittedTensor, knownTrace, openStep } from "@lattice/zkml";
import { expect } from "chai";
import { concat, dataSlice, hexlify, keccak256, toBeHex, ZeroHash, zeroPadValue } from "ethers";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { withByte } from "../../../packages/zkml/test/helpers/forged-traces.ts";
import { smallConvnet } from "../../../packages/zkml/test/helpers/small-convnet.ts";
import { attackedStep } from "../../helpers/disputes/attack.ts";
import { rootsOf } from "../../helpers/disputes/referee.ts";

const { contract, run, roots, honest, judge, withOperand } = await attackedStep(
  await network.create(),
);

const WORD = zeroPadValue("0x77", 32);
const other = (() => {
  const random = new SeededRandom(1);
  return committedRun(smallConvnet(random), random);
})();

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    describe("siblings", () => {
      it("reverts when one is missing or one too many", async () => {
        const lists = [
          [
            "nodeSiblings",
            (siblings: readonly string[]) => ({ ...honest(), nodeSiblings: siblings }),
          ],
          [
            "headerSiblings",
            (siblings: readonly string[]) => withOperand(0, () => ({ headerSiblings: siblings })),
          ],
          ["siblings", (siblings: readonly string[]) => withOperand(0, () => ({ siblings }))],
        ] as const;
        const right = {
          nodeSiblings: honest().nodeSiblings,
          headerSiblings: honest().operands[0]?.headerSiblings ?? [],
          siblings: honest().operands[0]?.siblings ?? [],
        };
        for (const [name, attack] of lists) {
          const siblings = right[name].map((sibling) => hexlify(sibling));
          for (const given of [[...siblings, WORD], siblings.slice(1)]) {
            if (given.length === siblings.length) continue;
            await expect(judge(attack(given)), name)
              .to.be.revertedWithCustomError(contract, "MerkleOpeningSiblings")
              .withArgs(given.length, siblings.length);
          }
        }
      });

      it("reverts when a chunk's proof is short or goes on", async () => {
        const proof = (honest().operands[0]?.chunkProof ?? []).map((node) => hexlify(node));
        for (const [given, needed] of [
          [[...proof, WORD], proof.length],
          [proof.slice(1), proof.length],
        ] as const) {
          await expect(judge(withOperand(0, () => ({ chunkProof: given }))))
            .to.be.revertedWithCustomError(contract, "MerkleOpeningSiblings")
            .withArgs(given.length, needed);
        }
      });

      it("reverts when they are those of another leaf", async () => {
        const attack = withOperand(0, () => ({ siblings: [WORD] }));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "TraceOpeningTensor")
          .withArgs(0, (computed: string) => computed !== ZeroHash, hexlify(run.trace.tree.root));
        const headers = withOperand(0, ({ headerSiblings }) => ({
          headerSiblings: headerSiblings.map(() => WORD),
        }));
        await expect(judge(headers)).to.be.revertedWithCustomError(contract, "TraceProgramOpening");
      });
    });

    describe("nodes and leaves", () => {
      it("reverts when a node of the tree is passed as a chunk", async () => {
        // The two hashes below the root are no chunk, however they are padded.
        const input = run.trace.tensors[0] as CommittedTensor;
        const below = concat([
          input.chunks.node(input.chunks.depth - 1, 0),
          input.chunks.node(input.chunks.depth - 1, 1),
        ]);
        const chunk = concat([below, new Uint8Array(1024 - 64)]);
        const attack = withOperand(0, ({ chunkIndices }) => ({
          chunkIndices: chunkIndices.slice(0, 1),
          chunks: chunk,
          chunkProof: [],
        }));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningSiblings")
          .withArgs(0, 3);
      });

      it("reverts when a leaf is passed as a node, one level higher", async () => {
        // Skipping the lowest level would let a chunk's hash stand for the pair it is in.
        const attack = withOperand(0, ({ chunkIndices, chunkProof }) => ({
          chunkIndices: chunkIndices.slice(0, 1),
          chunks: dataSlice(hexlify(new Uint8Array(1024)), 0, 1024),
          chunkProof: chunkProof.slice(1),
        }));
        await expect(judge(attack)).to.be.revertedWithCustomError(
          contract,
          "MerkleOpeningSiblings",
        );
      });

      it("reverts when the hashes below a node are passed as a node of the program", async () => {
        const { nodeTree } = other.program;
        const pair = concat([
          nodeTree.node(nodeTree.depth - 1, 0),
          nodeTree.node(nodeTree.depth - 1, 1),
        ]);
        expect(keccak256(concat(["0x01", pair]))).to.equal(hexlify(nodeTree.root));
        const evidence = openStep(other, knownTrace(other.trace), { node: 0, element: 0 });
        const attack: StepEvidence = { ...evidence, node: pair, nodeSiblings: [] };
        await expect(contract.isWrongStep(rootsOf(other, other.trace), encodeStepEvidence(attack)))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningSiblings")
          .withArgs(0, nodeTree.depth);
      });
    });

    describe("roots", () => {
      it("reverts when the program is another", async () => {
        const evidence = openStep(other, knownTrace(other.trace), { node: 0, element: 0 });
        await expect(contract.isWrongStep(roots, encodeStepEvidence(evidence)))
          .to.be.revertedWithCustomError(contract, "TraceProgramRoot")
          .withArgs(other.program.root, roots.program);
      });

      it("reverts when the trace is another", async () => {
        const forged = withByte(run.trace, 0, 0, (byte) => byte ^ 1);
        const evidence = openStep(run, knownTrace(forged), { node: 0, element: 1 });
        await expect(judge(evidence))
          .to.be.revertedWithCustomError(contract, "TraceOpeningTrace")
          .withArgs(forged.root, run.trace.root);
      });

      it("reverts when the weights are others", async () => {
        const attack = { ...honest(), weightsTree: WORD };
        const computed = keccak256(concat(["0x04", toBeHex(1, 4), WORD]));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "TraceOpeningWeights")
          .withArgs(computed, run.constants.root);
      });

      it("reverts when there is no such node, or no such element", async () => {
        await expect(judge({ ...honest(), nodeIndex: 1 }))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningIndex")
          .withArgs(1, 1);
        await expect(judge({ ...honest(), element: 4 }))
          .to.be.revertedWithCustomError(contract, "TensorReaderElement")
          .withArgs(4, 4);
      });

      it("reverts when the operands are fewer or more than the node's", async () => {
        const evidence = honest();
        for (const operands of [
          evidence.operands.slice(1),
          [...evidence.operands, ...evidence.operands.slice(1)],
        ]) {
          await expect(judge({ ...evidence, operands }))
            .to.be.revertedWithCustomError(contract, "OperatorStepArity")
            .withArgs(1, operands.length, 2);
        }
      });

      it("reverts when a hint is given that the operator does not take", async () => {
        await expect(judge({ ...honest(), hint: 1 }))
          .to.be.revertedWithCustomError(contract, "OperatorStepHint")
          .withArgs(1, 1);
      });
    });
  });
});
