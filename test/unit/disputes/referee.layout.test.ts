import { encodeStepEvidence } from "@lattice/sdk";
import { expect } from "chai";
import { concat, dataLength, dataSlice, getBytes, hexlify, toBeHex } from "ethers";
import { network } from "hardhat";
import { attackedStep } from "../../helpers/disputes/attack.ts";

const { contract, roots, honest } = await attackedStep(await network.create());

const WORD = 32;
/** Where the evidence begins in the call: selector, five roots, offset and length of the bytes. */
const START = 4 + 7 * WORD;
const PROGRAM_WORD = 1;
const NODE_WORD = 5;

const bytes = encodeStepEvidence(honest());
const size = dataLength(bytes);
const judge = (evidence: string) => contract.isWrongStep(roots, evidence);

function withWord(word: number, value: number): string {
  return concat([
    dataSlice(bytes, 0, word * WORD),
    toBeHex(value, WORD),
    dataSlice(bytes, (word + 1) * WORD),
  ]);
}

const wordAt = (word: number) => Number(dataSlice(bytes, word * WORD, (word + 1) * WORD));

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    describe("encoding", () => {
      it("reverts when a member does not begin where the one before ended", async () => {
        for (const [word, value] of [
          [0, 64],
          [PROGRAM_WORD, wordAt(PROGRAM_WORD) + 32],
          [NODE_WORD, wordAt(PROGRAM_WORD)],
        ] as const) {
          await expect(judge(withWord(word, value)))
            .to.be.revertedWithCustomError(contract, "EvidenceLayoutOffset")
            .withArgs(START + word * WORD, value, wordAt(word));
        }
      });

      it("reverts when it is cut off or goes on", async () => {
        for (const [evidence, length] of [
          [dataSlice(bytes, 0, size - WORD), size - WORD],
          [dataSlice(bytes, 0, size - 1), size - 1],
          [concat([bytes, "0x00"]), size + 1],
          [concat([bytes, toBeHex(0, WORD)]), size + WORD],
        ] as const) {
          await expect(judge(evidence))
            .to.be.revertedWithCustomError(contract, "EvidenceLayoutLength")
            .withArgs(length, size);
        }
      });

      it("reverts when there is none", async () => {
        await expect(judge("0x"))
          .to.be.revertedWithCustomError(contract, "EvidenceLayoutOffset")
          .withArgs(START, 0, WORD);
      });

      it("reverts when a length is longer than any evidence", async () => {
        const header = 1 + wordAt(PROGRAM_WORD) / WORD + 3;
        expect(wordAt(header)).to.equal(dataLength(honest().program.header));
        await expect(judge(withWord(header, 2 ** 32)))
          .to.be.revertedWithCustomError(contract, "EvidenceLayoutLength")
          .withArgs(2 ** 32, 2 ** 32 - 1);
      });

      it("reverts when bytes are padded with anything but zeros", async () => {
        const header = 1 + wordAt(PROGRAM_WORD) / WORD + 4;
        const length = dataLength(honest().program.header);
        const padded = getBytes(bytes);
        padded[header * WORD + length] = 1;
        await expect(judge(hexlify(padded)))
          .to.be.revertedWithCustomError(contract, "EvidenceLayoutPadding")
          .withArgs(START + header * WORD + length);
      });
    });
  });
});
