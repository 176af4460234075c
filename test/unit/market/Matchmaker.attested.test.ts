import { JobState } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";
import { GPU_CLASS, giveClass, openGate, revoke } from "../../helpers/attestations.ts";
import { bid, closeBidding, postAuction } from "../../helpers/auctions.ts";
import { postDrawable } from "../../helpers/draws.ts";
import { settleWeights } from "../../helpers/epochs.ts";
import {
  ASKS,
  deployMarketplace,
  directOrder,
  type Marketplace,
  post,
  publishModel,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const PRICE = parseEther("1");

/** All three offer a model that asks for the class; ada and ben hold it, cal, who has half of the stake, does not. */
async function attestedModel() {
  const system = await deployMarketplace(chain);
  const { ada, ben, cal } = system.actors;
  await openGate(system);
  const verifier = await system.verifier.getAddress();
  const modelVersion = await publishModel(system, verifier, { attestedClass: BigInt(GPU_CLASS) });
  for (const [provider, ask] of [
    [ada, ASKS.ada],
    [ben, ASKS.ben],
    [cal, ASKS.cal],
  ] as const) {
    await system.registry.connect(provider).setOffer(modelVersion, system.token, ask);
  }
  await settleWeights(system);
  const attested: Marketplace = { ...system, modelVersion };
  const uids = {
    ada: (await giveClass(attested, ada)).uid,
    ben: (await giveClass(attested, ben)).uid,
  };
  return { system: attested, ...attested, uids };
}

/** An auction for which ada and ben bid the same. */
async function bidFor() {
  const place = await attestedModel();
  const auction = await postAuction(place.system);
  for (const provider of [place.actors.ada, place.actors.ben]) {
    await bid(place.system, provider, auction.order, PRICE);
  }
  return { ...place, ...auction };
}

/** Posts a job and assigns it, to the first pick among `eligible`. Returns how many were passed over. */
async function assignOne(system: Marketplace, eligible: readonly string[]): Promise<number> {
  const { market, matchmaker } = system;
  const { order, jobId, candidates } = await postDrawable(system);
  const first = candidates.findIndex((candidate) => eligible.includes(candidate));
  if (first === -1) {
    await expect(market.assign(order))
      .to.be.revertedWithCustomError(matchmaker, "MatchmakerNoEligibleProvider")
      .withArgs(jobId, candidates.length);
    return candidates.length;
  }
  await market.assign(order);
  expect((await market.jobOf(jobId)).provider).to.equal(candidates[first]);
  return first;
}

describe("Matchmaker: attested classes", () => {
  describe("draw", () => {
    it("ATT-4: passes over who does not hold the class", async () => {
      const { system, actors } = await networkHelpers.loadFixture(attestedModel);
      let passedOver = 0;
      for (let job = 0; job < 8; job++) {
        passedOver += await assignOne(system, [actors.ada.address, actors.ben.address]);
      }
      expect(passedOver).to.be.greaterThan(0);
    });

    it("ATT-4: finds nobody where nobody holds the class", async () => {
      const { system, market, gate, matchmaker, actors } =
        await networkHelpers.loadFixture(attestedModel);
      await gate.connect(actors.governance).setAttestor(actors.attestor, false);
      const { order, jobId } = await postDrawable(system);
      await expect(market.assign(order))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerNoEligibleProvider")
        .withArgs(jobId, 8);
    });

    it("ATT-2: a reported revocation ends new work, for models of no class too", async () => {
      const { system, market, gate, registry, actors, uids } =
        await networkHelpers.loadFixture(attestedModel);
      await revoke(system, uids.ada);
      await gate.connect(actors.reporter).reportRevoked(actors.ada, GPU_CLASS);
      for (let job = 0; job < 8; job++) await assignOne(system, [actors.ben.address]);
      const plain = await publishModel(system, await system.verifier.getAddress(), {
        artifactDigest: `0x${"07".repeat(32)}`,
      });
      await registry.connect(actors.ada).setOffer(plain, system.token, ASKS.ada);
      await settleWeights(system);
      const order = await directOrder(system, actors.ada, { modelVersion: plain });
      await post(system, order);
      await expect(market.connect(actors.ada).accept(order))
        .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
        .withArgs(actors.ada, plain);
    });
  });

  describe("accept", () => {
    it("ATT-4: refuses a named provider without the class, until it presents an attestation", async () => {
      const { system, market, actors } = await networkHelpers.loadFixture(attestedModel);
      const order = await directOrder(system, actors.cal);
      const jobId = await post(system, order);
      const asCal = market.connect(actors.cal);
      await expect(asCal.accept(order))
        .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
        .withArgs(actors.cal, system.modelVersion);
      await giveClass(system, actors.cal);
      await asCal.accept(order);
      expect((await market.jobOf(jobId)).state).to.equal(BigInt(JobState.Assigned));
    });

    it("ATT-4: refuses a provider whose attestation ended", async () => {
      const { system, market, actors } = await networkHelpers.loadFixture(attestedModel);
      const order = await directOrder(system, actors.ada);
      const soon = (await networkHelpers.time.latest()) + 100;
      await giveClass(system, actors.ada, { expiresAt: soon });
      await post(system, order);
      await networkHelpers.time.setNextBlockTimestamp(soon);
      await expect(market.connect(actors.ada).accept(order))
        .to.be.revertedWithCustomError(market, "JobMarketProviderUnavailable")
        .withArgs(actors.ada, system.modelVersion);
    });
  });

  describe("bid", () => {
    it("ATT-4: refuses a bidder without the class", async () => {
      const { system, matchmaker, actors } = await networkHelpers.loadFixture(attestedModel);
      const { jobId, order } = await postAuction(system);
      await expect(bid(system, actors.cal, order, PRICE))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerNotEligible")
        .withArgs(actors.cal, system.modelVersion);
      await bid(system, actors.ada, order, PRICE);
      const bids = await matchmaker.bidsOf(system.market, jobId);
      expect(bids.map(({ provider }) => provider)).to.deep.equal([actors.ada.address]);
    });

    it("ATT-4: passes over bidders who lost the class since they bid", async () => {
      const { system, market, gate, actors, jobId, order, closesAt } =
        await networkHelpers.loadFixture(bidFor);
      // Their attestor is distrusted, and another one vouches for cal alone: it is drawn from the pool.
      await gate.connect(actors.governance).setAttestor(actors.attestor, false);
      await gate.connect(actors.governance).setAttestor(actors.reporter, true);
      await giveClass(system, actors.cal, { attestor: actors.reporter });
      await market.award(order, await closeBidding(system, closesAt));
      const { provider, price } = await market.jobOf(jobId);
      expect([provider, price]).to.deep.equal([actors.cal.address, ASKS.cal]);
    });
  });
});
