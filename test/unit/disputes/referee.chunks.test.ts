import type { TensorOpening } from "@lattice/sdk";
import { CHUNK_BYTES, type CommittedTensor } from "@lattice/zkml";
import { expect } from "chai";
import { concat, dataLength, dataSlice, getBytes, hexlify, ZeroHash, zeroPadValue } from "ethers";
import { network } from "hardhat";
import { attackedStep } from "../../helpers/disputes/attack.ts";

const { contract, run, honest, judge, withOperand } = await attackedStep(await network.create());

const WORD = zeroPadValue("0x77", 32);
const INPUT = run.trace.tensors[0] as CommittedTensor;
const chunkAt = (chunks: TensorOpening["chunks"], slot: number) =>
  dataSlice(hexlify(chunks), slot * CHUNK_BYTES, (slot + 1) * CHUNK_BYTES);

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    it("takes the evidence that these attacks start from", async () => {
      expect(await judge(honest())).to.equal(false);
      expect(honest().operands.map(({ chunkIndices }) => chunkIndices.length)).to.deep.equal([
        3, 3,
      ]);
    });

    describe("chunks", () => {
      it("reverts when one is given twice", async () => {
        const attack = withOperand(0, ({ chunkIndices: [a, b], chunks }) => ({
          chunkIndices: [a, b, b] as number[],
          chunks: concat([chunkAt(chunks, 0), chunkAt(chunks, 1), chunkAt(chunks, 1)]),
        }));
        const twice = attack.operands[0]?.chunkIndices[2];
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningIndex")
          .withArgs(twice, 6);
      });

      it("reverts when they descend", async () => {
        const attack = withOperand(0, ({ chunkIndices: [a, b, c], chunks }) => ({
          chunkIndices: [b, a, c] as number[],
          chunks: concat([chunkAt(chunks, 1), chunkAt(chunks, 0), chunkAt(chunks, 2)]),
        }));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningIndex")
          .withArgs(attack.operands[0]?.chunkIndices[1], 6);
      });

      it("reverts when one lies behind the last", async () => {
        const attack = withOperand(0, ({ chunkIndices: [a, b] }) => ({
          chunkIndices: [a, b, 6] as number[],
        }));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningIndex")
          .withArgs(6, 6);
      });

      it("reverts when one is missing that the step reads", async () => {
        const [chunks, tree] = [hexlify(INPUT.packed), INPUT.chunks];
        const [a, b, c] = (honest().operands[0]?.chunkIndices ?? []) as number[];
        const kept = [a, b] as number[];
        const attack = withOperand(0, () => ({
          chunkIndices: kept,
          chunks: concat(kept.map((i) => chunkAt(chunks, i))),
          chunkProof: tree.multiproof(kept),
        }));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "TensorReaderMissing")
          .withArgs(c);
      });

      it("reverts when one is opened that the step does not read", async () => {
        const [chunks, tree] = [hexlify(INPUT.packed), INPUT.chunks];
        const all = [0, 1, 2, 3, 4, 5];
        const attack = withOperand(0, () => ({
          chunkIndices: all,
          chunks,
          chunkProof: tree.multiproof(all),
        }));
        const read = honest().operands[0]?.chunkIndices as number[];
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "TensorReaderUnread")
          .withArgs(all.find((index) => !read.includes(index)));
      });

      it("reverts when there are more than any step reads", async () => {
        const attack = withOperand(0, () => ({
          chunkIndices: Array.from({ length: 25 }, (_, i) => i),
        }));
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "TensorReaderChunks")
          .withArgs(25, 24);
      });

      it("reverts when their bytes are too few or too many", async () => {
        for (const change of [
          (chunks: string) => dataSlice(chunks, 1),
          (chunks: string) => concat([chunks, "0x00"]),
        ]) {
          const attack = withOperand(1, ({ chunks }) => ({ chunks: change(hexlify(chunks)) }));
          await expect(judge(attack))
            .to.be.revertedWithCustomError(contract, "TensorReaderLength")
            .withArgs(dataLength(attack.operands[1]?.chunks as string), 3 * CHUNK_BYTES);
        }
      });

      it("reverts when one byte is another", async () => {
        const attack = withOperand(1, ({ chunks }) => {
          const bytes = getBytes(chunks).slice();
          bytes[5] = (bytes[5] as number) ^ 1;
          return { chunks: bytes };
        });
        await expect(judge(attack)).to.be.revertedWithCustomError(contract, "TensorReaderRoot");
      });

      it("reverts when they are opened against a root of another tensor", async () => {
        const other = hexlify(run.trace.tensors[1]?.chunks.root as Uint8Array);
        const attack = withOperand(0, () => ({ chunkRoot: other }));
        const expected = hexlify(run.trace.tree.root);
        await expect(judge(attack))
          .to.be.revertedWithCustomError(contract, "TraceOpeningTensor")
          .withArgs(0, (computed: string) => computed !== expected, expected);
      });

      it("reverts when something is opened of a tensor without chunks", async () => {
        const bare = {
          chunkIndices: [],
          chunks: "0x",
          chunkProof: [],
          siblings: [],
          chunkRoot: ZeroHash,
        };
        for (const more of [
          { chunkRoot: WORD },
          { siblings: [WORD] },
          { chunkProof: [WORD] },
          { chunks: "0x00" },
        ]) {
          const attack = withOperand(0, () => ({ ...bare, ...more }));
          await expect(judge(attack))
            .to.be.revertedWithCustomError(contract, "TraceOpeningSurplus")
            .withArgs(0);
        }
        const attack = withOperand(0, () => bare);
        await expect(judge(attack)).to.be.revertedWithCustomError(contract, "TensorReaderMissing");
      });
    });
  });
});
