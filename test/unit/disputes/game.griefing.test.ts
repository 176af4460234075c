import { expect } from "chai";
import { network } from "hardhat";
import { BOND, bondedCase, RESPONSE_SECONDS } from "../../helpers/dispute-cases.ts";
import { answer, ask, inquiredCase, inquiryOf, MOVES } from "../../helpers/dispute-inquiries.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const inquired = () => inquiredCase(chain);
const bonded = () => bondedCase(chain);

describe("DisputeGame", () => {
  describe("an inquiry for nothing", () => {
    it("DIS-4: delays the provider for two moves a round at most, and pays it half the bond", async () => {
      const base = await networkHelpers.loadFixture(inquired);
      const { disputes, market, subject, challenger, provider, order, system, rival } = base;
      for (const move of MOVES) {
        await answer(base, move);
        if (move === MOVES.at(-1)) break;
        // At the last second of its turn, every time.
        const { deadline } = await inquiryOf(base);
        await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
        await ask(base, move);
      }
      const { deadline } = await inquiryOf(base);
      const longest = base.openedAt + 2 * MOVES.length * RESPONSE_SECONDS;
      expect(deadline).to.be.lessThanOrEqual(longest);
      await networkHelpers.time.increaseTo(Math.max(Number(deadline), base.challengeableUntil));
      await expect(
        disputes.connect(rival).closeInquiry(market, subject, challenger),
      ).to.changeTokenBalances(ethers, system.token, [disputes, provider], [-BOND, BOND / 2n]);
      await expect(market.settle(order)).to.emit(market, "JobSettled");
    });

    it("costs its maker a bond for each time, and the provider one answer if it stops at once", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, challenger, rival, provider, system } = base;
      for (const griefer of [challenger, rival]) {
        await disputes.connect(griefer).inquire(market, claim);
      }
      const [first] = MOVES;
      if (!first) throw new Error("no moves");
      for (const griefer of [challenger, rival]) {
        await disputes.answer(market, subject, griefer, first.nodes, first.data);
      }
      await networkHelpers.time.increase(RESPONSE_SECONDS);
      for (const griefer of [challenger, rival]) {
        await expect(disputes.closeInquiry(market, subject, griefer)).to.changeTokenBalances(
          ethers,
          system.token,
          [disputes, provider],
          [-BOND, BOND / 2n],
        );
      }
      expect(await disputes.isHeld(market, subject)).to.equal(false);
    });
  });
});
