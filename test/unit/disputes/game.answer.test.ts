import { expect } from "chai";
import { concat, id, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import { Place, TRACE } from "../../helpers/dispute-cases.ts";
import {
  answer,
  caseAfter,
  expectInvalid,
  FIRST,
  inquiredCase,
  inquiryOf,
  MOVES,
  SECOND,
  TENSOR,
} from "../../helpers/dispute-inquiries.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const inquired = () => inquiredCase(chain);
const atTensors = () => caseAfter(chain, 1);
const atTensor = () => caseAfter(chain, 2);
const atChunk = () => caseAfter(chain, MOVES.length - 1);

describe("DisputeGame", () => {
  describe("an answer", () => {
    it("is refused with a number of nodes other than asked for", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      await expect(answer(base, { ...FIRST, nodes: FIRST.nodes.slice(1) }))
        .to.be.revertedWithCustomError(base.disputes, "DisputeGameInvalidAnswer")
        .withArgs(Place.Trace, TRACE.root);
      await expectInvalid(base, { ...FIRST, nodes: [...FIRST.nodes, ZeroHash] });
      await expectInvalid(base, { ...FIRST, nodes: [] });
      // The levels above and below hash to the same root, and are not what was asked for.
      await expectInvalid(base, { ...FIRST, nodes: TRACE.levels[2] ?? [] });
      await expectInvalid(base, { ...FIRST, nodes: TRACE.levels[0] ?? [] });
    });

    it("is refused with other nodes, in another order, or another number of tensors", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      await expectInvalid(base, { ...FIRST, nodes: [id("x"), ...FIRST.nodes.slice(1)] });
      await expectInvalid(base, { ...FIRST, nodes: [...FIRST.nodes].reverse() });
      for (const data of [toBeHex(20, 4), toBeHex(0, 4), toBeHex(19, 8), "0x"]) {
        await expectInvalid(base, { ...FIRST, data });
      }
    });

    it("is refused with data where none is asked for", async () => {
      const base = await networkHelpers.loadFixture(atTensors);
      await expectInvalid(base, { ...SECOND, data: "0x00" });
      await expectInvalid(base, { ...SECOND, nodes: [SECOND.nodes[0] ?? ZeroHash] });
    });

    it("takes no node for a leaf, and no leaf for a node", async () => {
      const base = await networkHelpers.loadFixture(atTensor);
      // The target is a leaf: the two nodes whose hash is a node, or a header with them, do not open it.
      await expectInvalid(base, { nodes: SECOND.nodes, data: "0x" });
      await expectInvalid(base, { nodes: TENSOR.nodes, data: "0x" });
      await expectInvalid(base, {
        nodes: [TRACE.tensors[7]?.chunkRoot ?? ZeroHash],
        data: TENSOR.data,
      });
    });

    it("is refused with another header, or one that no value has", async () => {
      const base = await networkHelpers.loadFixture(atTensor);
      const [type, rest] = [TENSOR.data.slice(0, 4), TENSOR.data.slice(4)];
      for (const data of [
        "0x",
        "0x0100",
        `0x00${rest}`,
        `0x04${rest}`,
        `${type}${rest}00`,
        concat(["0x010009", ...Array.from({ length: 9 }, () => toBeHex(1, 4))]),
        concat(["0x010002", toBeHex(18_000, 4), toBeHex(0, 4)]),
        concat(["0x010002", toBeHex(1 << 13, 4), toBeHex((1 << 13) + 1, 4)]),
        concat(["0x010001", toBeHex(17_999, 4)]),
      ]) {
        await expectInvalid(base, { ...TENSOR, data });
      }
      await answer(base, TENSOR);
    });

    it("is refused with a chunk that is not the target's, too short, too long, or beside nodes", async () => {
      const base = await networkHelpers.loadFixture(atChunk);
      const chunk = MOVES.at(-1)?.data ?? "0x";
      await expectInvalid(base, { data: TRACE.tensors[7]?.chunks[3] ?? "0x" });
      await expectInvalid(base, { data: chunk.slice(0, -2) });
      await expectInvalid(base, { data: `${chunk}00` });
      await expectInvalid(base, { data: chunk, nodes: [ZeroHash] });
      await answer(base, { data: chunk });
    });

    it("comes once, in its turn and in time, from anyone", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, subject, challenger, rival } = base;
      const snapshot = await networkHelpers.takeSnapshot();
      const { deadline } = await inquiryOf(base);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(answer(base, FIRST))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlinePassed")
        .withArgs(deadline);
      await snapshot.restore();
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await answer(base, FIRST);
      await expect(answer(base, FIRST))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
        .withArgs(market.target, subject, challenger.address);
      await expect(disputes.answer(market, subject, rival, FIRST.nodes, FIRST.data))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
        .withArgs(market.target, subject, rival.address);
    });
  });
});
