import { expect } from "chai";
import { keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import { Place, RESPONSE_SECONDS, TRACE, Turn, timeOf } from "../../helpers/dispute-cases.ts";
import {
  answer,
  ask,
  caseAfter,
  FIRST,
  inquiredCase,
  inquiryOf,
  MOVES,
} from "../../helpers/dispute-inquiries.ts";
import { type Move, pathTo } from "../../helpers/dispute-trees.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const ROUND_GAS = 120_000n;
const inquired = () => inquiredCase(chain);
const atChunk = () => caseAfter(chain, MOVES.length - 1);

describe("DisputeGame", () => {
  describe("answer and ask", () => {
    it("DIS-4: lead from the trace root to a chunk, 16 nodes at a time", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, subject, challenger } = base;
      // Two levels below each root: 19 tensors, then 18 chunks.
      const places = [Place.Trace, Place.Tensors, Place.Tensor, Place.Chunks, Place.Chunk];
      const heights = [0n, 1n, 0n, 1n, 0n];
      expect(MOVES).to.have.lengthOf(places.length);
      for (const [i, move] of MOVES.entries()) {
        const answering = answer(base, move);
        const deadline = (await timeOf(chain, await answering)) + RESPONSE_SECONDS;
        await expect(answering)
          .to.emit(disputes, "QuestionAnswered")
          .withArgs(
            ...[market.target, subject, challenger.address],
            ...[places[i], heights[i], move.nodes, move.data, deadline],
          );
        expect((await inquiryOf(base)).turn).to.equal(Turn.Inquirer);
        if (i === MOVES.length - 1) break;
        const asking = ask(base, move);
        const until = (await timeOf(chain, await asking)) + RESPONSE_SECONDS;
        await expect(asking)
          .to.emit(disputes, "QuestionAsked")
          .withArgs(
            ...[market.target, subject, challenger.address],
            ...[places[i + 1], heights[i + 1], move.child, move.nodes[move.child], until],
          );
        const { turn, target } = await inquiryOf(base);
        expect([turn, target]).to.deep.equal([Turn.Provider, move.nodes[move.child]]);
      }
      const { leaves, index } = await inquiryOf(base);
      expect([leaves, index]).to.deep.equal([18n, 17n]);
    });

    it("reach every leaf, and say where they stand", async () => {
      for (const [tensor, chunk] of [
        [0, 0],
        [15, 0],
        [18, 0],
        [7, 3],
      ] as const) {
        const base = await networkHelpers.loadFixture(inquired);
        const moves = pathTo(TRACE, tensor, chunk);
        for (const move of moves.slice(0, -1)) {
          await answer(base, move);
          await ask(base, move);
        }
        await answer(base, moves.at(-1) ?? {});
        const { place, index } = await inquiryOf(base);
        expect([place, index]).to.deep.equal([Place.Chunk, BigInt(chunk)]);
      }
    });

    it("a round costs less than 120,000 gas", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const answered = await (await answer(base, FIRST)).wait();
      const asked = await (await ask(base, FIRST)).wait();
      const gas = (answered?.gasUsed ?? 0n) + (asked?.gasUsed ?? 0n);
      console.log(`gas: ${answered?.gasUsed} an answer, ${asked?.gasUsed} a question`);
      expect(FIRST.nodes).to.have.lengthOf(16);
      expect(gas).to.be.lessThan(ROUND_GAS);
    });
  });

  describe("a question", () => {
    it("names a child among the nodes of the last answer", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes } = base;
      await answer(base, FIRST);
      for (const [child, nodes] of [
        [16, FIRST.nodes],
        [0, FIRST.nodes.slice(1)],
        [0, [...FIRST.nodes].reverse()],
        [0, []],
      ] as const) {
        await expect(ask(base, { child, nodes: [...nodes] }))
          .to.be.revertedWithCustomError(disputes, "DisputeGameInvalidQuestion")
          .withArgs(child, nodes.length);
      }
    });

    it("comes in its turn and in time, from the inquirer", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, subject, challenger, rival } = base;
      await expect(ask(base, FIRST))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
        .withArgs(market.target, subject, challenger.address);
      await answer(base, FIRST);
      await expect(disputes.connect(rival).ask(market, subject, 0, FIRST.nodes))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotYourTurn")
        .withArgs(market.target, subject, rival.address);
      const { deadline } = await inquiryOf(base);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(ask(base, FIRST))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlinePassed")
        .withArgs(deadline);
    });

    it("DIS-1: does not ask for what lies behind the last leaf: nobody could answer", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      // Tensor 18 is the last; its neighbour is a leaf of zeros.
      const [first, second] = pathTo(TRACE, 18, 0) as [Move, Move];
      await answer(base, first);
      await ask(base, first);
      await answer(base, second);
      expect(second.nodes[1]).to.equal(ZeroHash);
      await expect(ask(base, { ...second, child: 1 }))
        .to.be.revertedWithCustomError(base.disputes, "DisputeGameInvalidQuestion")
        .withArgs(1n, 2n);
    });

    it("may ask below a node of nothing but such leaves, which the provider can answer", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      await answer(base, FIRST);
      await ask(base, { ...FIRST, child: 12 });
      await answer(base, { nodes: [ZeroHash, ZeroHash] });
      await expect(ask(base, { nodes: [ZeroHash, ZeroHash], child: 0 }))
        .to.be.revertedWithCustomError(base.disputes, "DisputeGameInvalidQuestion")
        .withArgs(0n, 2n);
    });

    it("is not asked below a chunk", async () => {
      const base = await networkHelpers.loadFixture(atChunk);
      await answer(base, MOVES.at(-1) ?? {});
      const empty = keccak256("0x");
      expect((await inquiryOf(base)).target).to.equal(empty);
      await expect(ask(base, { nodes: [], child: 0 }))
        .to.be.revertedWithCustomError(base.disputes, "DisputeGameInvalidQuestion")
        .withArgs(0n, 0n);
    });
  });
});
