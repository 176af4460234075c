import { hashOrder, JobState, type Order, proofContext, Tier } from "@lattice/sdk";
import { expect } from "chai";
import { toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  ASKS,
  bondedOrder,
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  OUTPUT_COMMITMENT,
  OUTPUT_DIGEST,
  PROOF,
  post,
  postCommitted,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;

/** Makes the verifier accept `PROOF` for the order's result by `provider`. */
async function acceptDelivery(system: Marketplace, order: Order, provider: string) {
  const context = proofContext({
    chainId: 31337n,
    market: await system.market.getAddress(),
    orderHash: hashOrder(order),
    provider,
    modelVersion: order.modelVersion,
  });
  await system.verifier.accept(PROOF, [
    context,
    BigInt(order.inputCommitment),
    BigInt(OUTPUT_COMMITMENT),
  ]);
  return context;
}

async function deliverable() {
  const system = await deployMarketplace(chain);
  const { ada } = system.actors;
  const order = await directOrder(system, ada);
  const jobId = await post(system, order);
  const context = await acceptDelivery(system, order, ada.address);
  return { system, market: system.market, ada, order, jobId, context };
}

async function bonded() {
  const system = await deployMarketplace(chain);
  const order = await bondedOrder(system, system.actors.ada);
  return { system, market: system.market, order, ...(await postCommitted(system, order)) };
}

describe("JobMarket", () => {
  describe("deliver", () => {
    const deliver = ({ market, ada, order }: Awaited<ReturnType<typeof deliverable>>) =>
      market.connect(ada).deliver(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST, PROOF);

    it("accepts, proves and pays in one call, without collateral", async () => {
      const place = await networkHelpers.loadFixture(deliverable);
      const { system, market, ada, order, jobId } = place;
      const { escrow, vault, registry, actors } = system;
      const before = (await escrow.accountOf(order.requester, order.paymentToken)).deposit;
      const delivering = deliver(place);
      const fee = (ASKS.ada * 50_000n + 999_999n) / 1_000_000n;
      const royalty = (ASKS.ada * 30_000n) / 1_000_000n;
      await expect(delivering)
        .to.emit(market, "JobSettled")
        .withArgs(jobId, ada.address, order.requester, [
          ASKS.ada - fee - royalty,
          royalty,
          fee,
          0n,
        ]);
      const now = await networkHelpers.time.latest();
      await expect(delivering)
        .to.emit(market, "ResultCommitted")
        .withArgs(jobId, ada.address, OUTPUT_COMMITMENT, OUTPUT_DIGEST, now);
      await expect(delivering).not.to.emit(vault, "StakeLocked");
      const after = (await escrow.accountOf(order.requester, order.paymentToken)).deposit;
      expect(after).to.equal(before);
      const { earnings } = await escrow.accountOf(actors.adaPayout, order.paymentToken);
      expect(earnings).to.equal(ASKS.ada - fee - royalty);
      expect(await escrow.lockedBy(market, order.paymentToken)).to.equal(0);
      expect((await vault.provisionOf(ada, registry)).exposure).to.equal(0);
      const job = await market.jobOf(jobId);
      expect([job.state, job.deadline, job.provider]).to.deep.equal([
        BigInt(JobState.Settled),
        0n,
        ada.address,
      ]);
    });

    it("LIV-2: pays for a result while new work is paused", async () => {
      const place = await networkHelpers.loadFixture(deliverable);
      await place.market.connect(place.system.actors.guardian).setNewWorkPaused(true);
      await expect(deliver(place)).to.emit(place.market, "JobSettled");
    });

    it("reverts for a provider that takes no work", async () => {
      const place = await networkHelpers.loadFixture(deliverable);
      const { system, market, ada, order } = place;
      await system.registry.connect(system.actors.governance).setJailed(ada, true);
      await expect(deliver(place))
        .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
        .withArgs(ada.address, order.modelVersion);
      const { stranger } = system.actors;
      const unknown = await directOrder(system, stranger, { maxPrice: 5n });
      await post(system, unknown);
      await expect(
        market.connect(stranger).deliver(unknown, OUTPUT_COMMITMENT, OUTPUT_DIGEST, PROOF),
      )
        .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
        .withArgs(stranger.address, order.modelVersion);
    });

    it("PAY-1: pays once", async () => {
      const place = await networkHelpers.loadFixture(deliverable);
      await deliver(place);
      await expect(deliver(place))
        .to.be.revertedWithCustomError(place.market, "JobMarketWrongState")
        .withArgs(place.jobId, JobState.Settled);
    });

    it("PRF-1: reverts for a proof of another result, and stays open", async () => {
      const { market, ada, order, jobId } = await networkHelpers.loadFixture(deliverable);
      const other = toBeHex(BigInt(OUTPUT_COMMITMENT) + 1n, 32);
      await expect(market.connect(ada).deliver(order, other, OUTPUT_DIGEST, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
        .withArgs(jobId);
      await expect(market.connect(ada).deliver(order, ZeroHash, OUTPUT_DIGEST, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidCommitment")
        .withArgs(ZeroHash);
      expect((await market.jobOf(jobId)).state).to.equal(JobState.Posted);
    });

    it("reverts for anyone but the named provider, and from the deadline on", async () => {
      const place = await networkHelpers.loadFixture(deliverable);
      const { system, market, ada, order, jobId } = place;
      const { ben } = system.actors;
      await expect(market.connect(ben).deliver(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketNotProvider")
        .withArgs(jobId, ada.address, ben.address);
      const { deadline } = await market.jobOf(jobId);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(deliver(place))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobId, deadline);
    });

    it("reverts for drawn orders and for tiers without proofs", async () => {
      const { system, market, ada } = await networkHelpers.loadFixture(deliverable);
      const drawn = await drawOrder(system);
      const drawnId = await post(system, drawn);
      await expect(market.connect(ada).deliver(drawn, OUTPUT_COMMITMENT, OUTPUT_DIGEST, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketWrongMode")
        .withArgs(drawnId, drawn.mode);
      const order = await bondedOrder(system, ada);
      const jobId = await post(system, order);
      await expect(market.connect(ada).deliver(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketNotProvable")
        .withArgs(jobId, Tier.Optimistic);
    });
  });

  describe("bonded results", () => {
    it("wait for their challenge window, then anyone settles them", async () => {
      const { system, market, order, jobId, provider } = await networkHelpers.loadFixture(bonded);
      const { vault, registry, escrow, actors } = system;
      const { state, deadline } = await market.jobOf(jobId);
      expect(state).to.equal(JobState.Challengeable);
      await networkHelpers.time.setNextBlockTimestamp(deadline - 1n);
      await expect(market.settle(order))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlineNotPassed")
        .withArgs(jobId, deadline);
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(order.collateral);
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.connect(actors.stranger).settle(order))
        .to.emit(market, "JobSettled")
        .and.to.emit(vault, "StakeUnlocked")
        .withArgs(provider.address, registry.target, market.target, order.collateral);
      const { earnings } = await escrow.accountOf(actors.adaPayout, order.paymentToken);
      expect(earnings).to.equal(
        ASKS.ada - (ASKS.ada * 30_000n) / 1_000_000n - (ASKS.ada * 50_000n + 999_999n) / 1_000_000n,
      );
      expect((await vault.provisionOf(provider, registry)).exposure).to.equal(0);
    });

    it("LIV-2: settle while paused and after their tier closed", async () => {
      const { system, market, order } = await networkHelpers.loadFixture(bonded);
      const { actors } = system;
      await market.connect(actors.guardian).setNewWorkPaused(true);
      await market.connect(actors.governance).setTier(Tier.Optimistic, false);
      await networkHelpers.time.increase(order.challengeSeconds);
      await expect(market.settle(order)).to.emit(market, "JobSettled");
    });

    it("carry any root but zero, and cannot be proved or timed out", async () => {
      const { system, market, order, jobId } = await networkHelpers.loadFixture(bonded);
      const { ada, reporter } = system.actors;
      const second = await bondedOrder(system, ada);
      const another = await post(system, second);
      await market.connect(ada).accept(second);
      await expect(market.connect(ada).commit(second, ZeroHash, OUTPUT_DIGEST))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidCommitment")
        .withArgs(ZeroHash);
      const root = toBeHex(2n ** 256n - 1n, 32);
      await market.connect(ada).commit(second, root, OUTPUT_DIGEST);
      expect((await market.jobOf(another)).outputCommitment).to.equal(root);
      await networkHelpers.time.increase(order.challengeSeconds);
      await expect(market.connect(reporter).timeOut(order))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, JobState.Challengeable);
      await expect(market.prove(order, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobId, JobState.Challengeable);
    });
  });
});
