import { JobState } from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  BOUNTY,
  bondedCase,
  type Case,
  COLLATERAL,
  COMPENSATION,
  convict,
  Ground,
  OWN_ADDRESS_SECONDS,
  passPriority,
} from "../../helpers/dispute-cases.ts";
import { CAPABILITIES } from "../../helpers/joining.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const bonded = () => bondedCase(chain);

/** Convicted by the challenger, and due. */
async function due() {
  const base = await bondedCase(chain);
  await convict(base, base.challenger);
  await passPriority(base);
  return base;
}

async function depositOf({ system, order }: Case) {
  return (await system.escrow.accountOf(order.requester, order.paymentToken)).deposit;
}

/** Executes, and checks all that moved. */
async function expectSlash(
  base: Case,
  reporter: Signer,
  { bounty = BOUNTY, compensation = COMPENSATION } = {},
) {
  const { system, disputes, market, claim, subject, provider, order, jobId, rival } = base;
  const { token, vault, registry, actors } = system;
  const [before, deposit] = [await vault.provisionOf(provider, registry), await depositOf(base)];
  const act = disputes.connect(rival).execute(market, claim);
  await expect(act)
    .to.emit(disputes, "VerdictExecuted")
    .withArgs(market.target, subject, provider.address, reporter.address, Ground.WrongStep);
  await expect(act)
    .to.emit(market, "ResultPunished")
    .withArgs(jobId, provider.address, reporter.address, COLLATERAL);
  await expect(act).to.emit(market, "JobRefunded").withArgs(jobId, order.requester, order.maxPrice);
  await expect(act)
    .to.emit(vault, "StakeSlashed")
    .withArgs(
      ...[provider.address, registry.target, market.target, COLLATERAL],
      COLLATERAL - bounty - compensation,
    );
  await expect(act).to.changeTokenBalances(
    ethers,
    token,
    [vault, disputes, base.requester, base.challenger, rival, provider, actors.adaPayout],
    [-COLLATERAL, 0n, compensation, bounty, 0n, 0n, 0n],
  );
  const after = await vault.provisionOf(provider, registry);
  expect(before.tokens - after.tokens).to.equal(COLLATERAL);
  expect(before.exposure - after.exposure).to.equal(COLLATERAL);
  expect((await depositOf(base)) - deposit).to.equal(order.maxPrice);
  expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
  expect(await disputes.isHeld(market, subject)).to.equal(false);
}

describe("DisputeGame", () => {
  describe("execute", () => {
    it("SLA-2, PAY-2: slashes the collateral, pays bounty and compensation, refunds the order", async () => {
      const base = await networkHelpers.loadFixture(due);
      await expectSlash(base, base.challenger);
    });

    it("happens once", async () => {
      const { disputes, market, claim, subject } = await networkHelpers.loadFixture(due);
      await disputes.execute(market, claim);
      await expect(disputes.execute(market, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameAlreadyExecuted")
        .withArgs(market.target, subject);
    });

    it("needs a verdict", async () => {
      const { disputes, market, claim, subject } = await networkHelpers.loadFixture(bonded);
      await expect(disputes.execute(market, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotConvicted")
        .withArgs(market.target, subject);
    });

    it("waits for earlier finders to the second", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject } = base;
      await convict(base, base.challenger);
      const { executableAt } = await disputes.verdictOf(market, subject);
      await networkHelpers.time.setNextBlockTimestamp(executableAt - 1n);
      await expect(disputes.execute(market, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotExecutable")
        .withArgs(market.target, subject, executableAt);
      await networkHelpers.time.setNextBlockTimestamp(executableAt);
      await expect(disputes.execute(market, claim)).to.emit(disputes, "VerdictExecuted");
    });

    it("LIV-2: goes on while new work is paused", async () => {
      const base = await networkHelpers.loadFixture(due);
      await base.market.connect(base.system.actors.guardian).setNewWorkPaused(true);
      await expectSlash(base, base.challenger);
    });

    it("LIV-1: goes on when the lane was taken off", async () => {
      const base = await networkHelpers.loadFixture(due);
      const { disputes, market, system } = base;
      await disputes.connect(system.actors.governance).setLane(market, ZeroAddress);
      await expectSlash(base, base.challenger);
    });

    it("LIV-1: frees and refunds, without a slash, when the market may no longer slash", async () => {
      const base = await networkHelpers.loadFixture(due);
      const { system, disputes, market, claim, jobId, provider, challenger, order } = base;
      const { registry, vault, token, actors } = system;
      await registry.connect(actors.governance).setStakeModule(market, false);
      const deposit = await depositOf(base);
      const act = disputes.execute(market, claim);
      await expect(act)
        .to.emit(market, "ResultPunished")
        .withArgs(jobId, provider.address, challenger.address, 0n);
      await expect(act)
        .to.emit(vault, "StakeUnlocked")
        .withArgs(provider.address, registry.target, market.target, COLLATERAL);
      await expect(act).to.changeTokenBalances(ethers, token, [vault, challenger], [0n, 0n]);
      expect((await depositOf(base)) - deposit).to.equal(order.maxPrice);
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(0n);
    });
  });

  describe("a reporter that is the provider's", () => {
    it("SLA-3: is the provider itself: no bounty, and it loses all of the collateral", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, subject, system, provider } = base;
      await convict(base, provider);
      await passPriority(base);
      const act = disputes.execute(market, claim);
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [system.vault, provider, system.actors.adaPayout, base.requester],
        [-COLLATERAL, 0n, 0n, COMPENSATION],
      );
      expect((await disputes.verdictOf(market, subject)).reporter).to.equal(provider.address);
    });

    it("never gets back what another address of it loses: bounty and compensation are less", async () => {
      const base = await networkHelpers.loadFixture(due);
      // Both the challenger and the requester could be the provider's, and it would still lose.
      const { system, disputes, market, claim, challenger, requester } = base;
      const gains = [challenger, requester].map(({ address }) => system.token.balanceOf(address));
      const before = (await Promise.all(gains)).reduce((sum, each) => sum + each);
      await disputes.execute(market, claim);
      const after =
        (await system.token.balanceOf(challenger)) + (await system.token.balanceOf(requester));
      expect(after - before).to.equal(BOUNTY + COMPENSATION);
      expect(BOUNTY + COMPENSATION).to.be.lessThan(COLLATERAL);
    });

    it("SLA-3, LIV-1: by a payout that it declared since, waits a week, then goes without a bounty", async () => {
      const base = await networkHelpers.loadFixture(due);
      const { disputes, market, claim, subject, system, provider, challenger } = base;
      await system.registry
        .connect(provider)
        .update("https://ada.example", challenger, CAPABILITIES);
      const { executableAt } = await disputes.verdictOf(market, subject);
      const until = executableAt + BigInt(OWN_ADDRESS_SECONDS);
      await networkHelpers.time.setNextBlockTimestamp(until - 1n);
      await expect(disputes.execute(market, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameOwnAddress")
        .withArgs(provider.address, challenger.address, until);
      await networkHelpers.time.setNextBlockTimestamp(until);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [system.vault, challenger, base.requester],
        [-COLLATERAL, 0n, COMPENSATION],
      );
    });

    it("by a payout that it takes back again, is paid", async () => {
      const base = await networkHelpers.loadFixture(due);
      const { system, provider, challenger } = base;
      const registry = system.registry.connect(provider);
      await registry.update("https://ada.example", challenger, CAPABILITIES);
      await registry.update("https://ada.example", system.actors.adaPayout, CAPABILITIES);
      await expectSlash(base, challenger);
    });
  });
});
