import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  BOUNTY,
  bondedCase,
  type Case,
  COMPENSATION,
  convict,
  Ground,
  OPENING_BOND,
  PRIORITY_SECONDS,
  passPriority,
  RESPONSE_SECONDS,
  TRACE,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import { openingOf, PROGRAM_OPENING, publishOutput } from "../../helpers/dispute-demands.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const bonded = () => bondedCase(chain);
const OUTPUT = TRACE.tensors[7];

function demand({ disputes, market, claim, requester }: Case, first: number, count: number) {
  return disputes.connect(requester).demandOutput(market, claim, first, count);
}

/** The requester has demanded the first 16 of 18 chunks. */
async function demanded() {
  const base = await bondedCase(chain);
  await demand(base, 0, 16);
  return base;
}

describe("DisputeGame", () => {
  describe("demandOutput", () => {
    it("DIS-2, DIS-3: takes a bond for each chunk, and holds the result", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, subject, requester, system, order } = base;
      const act = demand(base, 0, 3);
      const deadline = (await timeOf(chain, await act)) + RESPONSE_SECONDS;
      await expect(act)
        .to.emit(disputes, "ChunksDemanded")
        .withArgs(
          ...[market.target, subject, requester.address, false],
          ...[0n, 3n, 3n * OPENING_BOND, deadline],
        );
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [requester, disputes],
        [-3n * OPENING_BOND, 3n * OPENING_BOND],
      );
      await networkHelpers.time.increaseTo(base.challengeableUntil);
      await expect(market.settle(order))
        .to.be.revertedWithCustomError(market, "DisputedLaneHeld")
        .withArgs(subject);
    });

    it("is the requester's, in the window, of a result that is not convicted", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, rival, challengeableUntil } = base;
      await expect(disputes.connect(rival).demandOutput(market, claim, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotParty")
        .withArgs(market.target, subject, rival.address);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(challengeableUntil);
      await expect(demand(base, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotChallengeable")
        .withArgs(market.target, subject, challengeableUntil);
      await snapshot.restore();
      const at = await timeOf(chain, await convict(base, rival));
      await expect(demand(base, 0, 1))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyConvicted")
        .withArgs(market.target, subject, rival.address, at);
    });

    it("LIV-3: takes one demand at a time, of 1 to 16 chunks, in their order", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, subject, provider } = base;
      const refused = (first: number, count: number) =>
        expect(demand(base, first, count))
          .to.be.revertedWithCustomError(disputes, "DisputeGameInvalidDemand")
          .withArgs(market.target, subject, first, count);
      await refused(16, 1);
      await publishOutput(base, provider, 0, 16);
      await refused(0, 16);
      await refused(16, 0);
      await refused(16, 17);
      await demand(base, 16, 16);
      await publishOutput(base, provider, 16, 2);
      await refused(18, 1);
    });
  });

  describe("publishOutput", () => {
    it("pays the provider, whoever publishes for it, and lets the result go on", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, subject, provider, rival, system, order } = base;
      const act = publishOutput(base, rival, 0, 16);
      const { chunks } = openingOf(OUTPUT ?? { header: "0x", chunks: [], root: "0x" }, 0, 16);
      await expect(act)
        .to.emit(disputes, "ChunksPublished")
        .withArgs(market.target, subject, rival.address, false, 0n, chunks);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, provider, rival],
        [-16n * OPENING_BOND, 16n * OPENING_BOND, 0n],
      );
      await networkHelpers.time.increaseTo(base.challengeableUntil);
      await expect(market.settle(order)).to.emit(market, "JobSettled");
    });

    it("opens the program's output in the provider's trace, and just the chunks", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, claim, subject, provider, system } = base;
      await expect(publishOutput(base, provider, 1, 16))
        .to.be.revertedWithCustomError(system.referee, "SteeredRefereeOtherChunks")
        .withArgs(OUTPUT?.root, 0n, 16n);
      const opening = openingOf(OUTPUT ?? { header: "0x", chunks: [], root: "0x" }, 0, 16);
      await expect(
        disputes.connect(provider).publishOutput(market, claim, PROGRAM_OPENING, ZeroHash, opening),
      )
        .to.be.revertedWithCustomError(system.referee, "SteeredRefereeOtherRoots")
        .withArgs(TRACE.root, ZeroHash);
      const { deadline } = await disputes.demandOf(market, subject, false);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(publishOutput(base, provider, 0, 16))
        .to.be.revertedWithCustomError(disputes, "DisputeGameDeadlinePassed")
        .withArgs(deadline);
    });

    it("needs a demand", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      await expect(publishOutput(base, base.provider, 0, 1))
        .to.be.revertedWithCustomError(base.disputes, "DisputeGameNoDemand")
        .withArgs(base.market.target, base.subject, false);
    });
  });

  describe("claimUnanswered, of an output", () => {
    it("convicts the provider for the requester, whose bond returns", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, claim, subject, provider, requester, rival, system } = base;
      await networkHelpers.time.increase(RESPONSE_SECONDS);
      const act = disputes.connect(rival).claimUnanswered(market, claim, false);
      const at = await timeOf(chain, await act);
      await expect(act)
        .to.emit(disputes, "ResultConvicted")
        .withArgs(
          ...[market.target, subject, provider.address, requester.address],
          ...[Ground.Silence, at, at + PRIORITY_SECONDS],
        );
      await expect(act)
        .to.emit(disputes, "DemandUnanswered")
        .withArgs(market.target, subject, requester.address, false);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, requester],
        [-16n * OPENING_BOND, 16n * OPENING_BOND],
      );
      await passPriority(base);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [requester, rival],
        [BOUNTY + COMPENSATION, 0n],
      );
      expect(await disputes.isHeld(market, subject)).to.equal(false);
    });

    it("of a result that was convicted meanwhile, only returns the bond", async () => {
      const base = await networkHelpers.loadFixture(demanded);
      const { disputes, market, claim, subject, requester, challenger, system } = base;
      await convict(base, challenger);
      await networkHelpers.time.increase(RESPONSE_SECONDS);
      const act = disputes.claimUnanswered(market, claim, false);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, requester],
        [-16n * OPENING_BOND, 16n * OPENING_BOND],
      );
      const { reporter, openInquiries } = await disputes.verdictOf(market, subject);
      expect([reporter, openInquiries]).to.deep.equal([challenger.address, 0n]);
    });
  });
});
