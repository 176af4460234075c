import { AssignmentMode, Tier } from "@lattice/sdk";
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { claim, claimOf, depositOf, serveMany } from "../../helpers/settlement.ts";
import { ASK, beginEpochs, deployLane, FUNDS, type Lane } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const lane = () => deployLane(chain);
const deploy = () => chain.networkHelpers.loadFixture(lane);
const NO_PROOF = Array.from({ length: 8 }, () => 0n) as never;

/** One good order of Rita and the batch that settles it. */
async function oneOrder(system: Lane) {
  const served = await serveMany(system, system.actors.rita, 1);
  const [terms, items, walletSignatures] = claimOf(system, served);
  return {
    served,
    terms,
    items,
    walletSignatures,
    asAda: system.settlement.connect(system.actors.ada),
  };
}

/** Publishes another version of the model, which Ada offers. */
async function offerVersion(system: Lane, changes: Partial<Lane["version"]>) {
  const { models, registry, token, actors } = system;
  const version = { ...system.version, artifactDigest: id("another artifact"), ...changes };
  await models.publish(version, "ipfs://another");
  const modelVersion = await models.versionIdOf(actors.governance, version);
  await registry.connect(actors.ada).setOffer(modelVersion, token, ASK);
  await beginEpochs(system, 2);
  return modelVersion;
}

describe("OrderSettlement batches", () => {
  it("LIV-3: reverts for an empty batch", async () => {
    const system = await deploy();
    const { terms, asAda } = await oneOrder(system);
    await expect(asAda.claim(terms, [], [])).to.be.revertedWithCustomError(
      asAda,
      "OrderSettlementEmptyBatch",
    );
    await expect(asAda.settleProven(terms, [], [], [])).to.be.revertedWithCustomError(
      asAda,
      "OrderSettlementEmptyBatch",
    );
  });

  it("LIV-3: reverts for a batch above its cap", async () => {
    const system = await deploy();
    const { terms, items, asAda } = await oneOrder(system);
    const many = (count: number) => Array.from({ length: count }, () => items[0] as never);
    await expect(asAda.claim(terms, many(129), []))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementBatchTooLarge")
      .withArgs(129n, 128n);
    const proofs = Array.from({ length: 33 }, () => NO_PROOF);
    await expect(asAda.settleProven(terms, many(33), [], proofs))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementBatchTooLarge")
      .withArgs(33n, 32n);
  });

  it("LIV-3: settles a batch of the largest size within a block, all good or none", async () => {
    const system = await deploy();
    const { rita } = system.actors;
    const good = await serveMany(system, rita, 128);
    const { accepted, transaction } = await claim(system, good);
    expect(accepted).to.equal(2n ** 128n - 1n);
    expect((await transaction.wait())?.gasUsed).to.be.lessThan(10_000_000n);
    const again = await claim(system, good);
    expect(again.accepted).to.equal(0n);
    expect((await again.transaction.wait())?.gasUsed).to.be.lessThan(10_000_000n);
  });

  it("reverts unless there is one proof an item", async () => {
    const system = await deploy();
    const { terms, items, asAda } = await oneOrder(system);
    await expect(asAda.settleProven(terms, items, [], [NO_PROOF, NO_PROOF]))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementProofCountMismatch")
      .withArgs(2n, 1n);
  });

  it("reverts for auctions, for mode Direct with an epoch, and for mode Draw without one", async () => {
    const system = await deploy();
    const { terms, items, asAda } = await oneOrder(system);
    const wrong = [
      { mode: AssignmentMode.Auction, epoch: 0n },
      { mode: AssignmentMode.Auction, epoch: 2n },
      { mode: AssignmentMode.Direct, epoch: 2n },
      { mode: AssignmentMode.Draw, epoch: 0n },
    ];
    for (const { mode, epoch } of wrong) {
      await expect(asAda.claim({ ...terms, mode, epoch }, items, []))
        .to.be.revertedWithCustomError(asAda, "OrderSettlementInvalidMode")
        .withArgs(mode, epoch);
    }
  });

  it("reverts while new work is stopped, the tier is closed or the token is not accepted", async () => {
    const system = await deploy();
    const { settlement } = system;
    const { terms, items, asAda } = await oneOrder(system);
    await settlement.setNewWorkPaused(true);
    await expect(asAda.claim(terms, items, [])).to.be.revertedWithCustomError(
      asAda,
      "MarketNewWorkPaused",
    );
    await settlement.setNewWorkPaused(false);
    await settlement.setTier(Tier.Optimistic, false);
    await expect(asAda.claim(terms, items, []))
      .to.be.revertedWithCustomError(asAda, "MarketTierClosed")
      .withArgs(Tier.Optimistic);
    await settlement.setTier(Tier.Optimistic, true);
    await settlement.setPaymentToken(system.token, false);
    await expect(asAda.claim(terms, items, []))
      .to.be.revertedWithCustomError(asAda, "MarketTokenNotAllowed")
      .withArgs(system.token);
  });

  it("reverts for a retired model", async () => {
    const system = await deploy();
    const { terms, items, asAda } = await oneOrder(system);
    await system.models.retire(system.modelVersion);
    await expect(asAda.claim(terms, items, []))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementModelRetired")
      .withArgs(system.modelVersion);
  });

  it("reverts for a tier that the model does not support", async () => {
    const system = await deploy();
    const { terms, items, asAda } = await oneOrder(system);
    const modelVersion = await offerVersion(system, { tiers: 1n });
    await expect(asAda.claim({ ...terms, modelVersion }, items, []))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementTierUnsupported")
      .withArgs(modelVersion, Tier.Optimistic);
  });

  it("reverts for a provider that does not offer, drains, or is jailed", async () => {
    const system = await deploy();
    const { settlement, registry, actors, modelVersion } = system;
    const { terms, items, asAda } = await oneOrder(system);
    const refused = async (caller: typeof actors.ada) =>
      expect(settlement.connect(caller).claim(terms, items, []))
        .to.be.revertedWithCustomError(settlement, "OrderSettlementProviderUnavailable")
        .withArgs(caller.address, modelVersion);
    await refused(actors.stranger);
    await registry.connect(actors.ada).setDraining(true);
    await refused(actors.ada);
    await registry.connect(actors.ada).setDraining(false);
    await registry.setJailed(actors.ada, true);
    await refused(actors.ada);
    await registry.setJailed(actors.ada, false);
    await expect(asAda.claim(terms, items, [])).to.emit(asAda, "BatchClaimed");
  });

  it("reverts for a provider without the class that the model asks for", async () => {
    const system = await deploy();
    const { gate, actors } = system;
    const { asAda } = await oneOrder(system);
    const modelVersion = await offerVersion(system, { attestedClass: 5n });
    const served = await serveMany(system, actors.rita, 1, { modelVersion });
    const args = claimOf(system, served);
    await expect(asAda.claim(...args))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementProviderUnavailable")
      .withArgs(actors.ada.address, modelVersion);
    await gate.set(actors.ada, 5, true);
    expect((await claim(system, served)).accepted).to.equal(1n);
  });

  it("reverts for a provider that asks for nothing", async () => {
    const system = await deploy();
    const { registry, token, actors, modelVersion } = system;
    const { terms, items, asAda } = await oneOrder(system);
    await registry.connect(actors.ada).setOffer(modelVersion, token, 0n);
    await beginEpochs(system, 2);
    await expect(asAda.claim(terms, items, []))
      .to.be.revertedWithCustomError(asAda, "OrderSettlementZeroPrice")
      .withArgs(actors.ada.address);
  });

  it("PAY-3: takes no more than the maximum when the ask went up after the order was signed", async () => {
    const system = await deploy();
    const { registry, token, actors, modelVersion } = system;
    const served = await serveMany(system, actors.rita, 1, { maxPrice: ASK });
    await registry.connect(actors.ada).setOffer(modelVersion, token, ASK + 1n);
    await beginEpochs(system, 2);
    expect((await claim(system, served)).accepted).to.equal(0n);
    expect(await depositOf(system, actors.rita)).to.equal(FUNDS);
  });

  it("takes orders that name a provider from no other", async () => {
    const system = await deploy();
    const { settlement, actors } = system;
    const served = await serveMany(system, actors.rita, 1);
    const args = claimOf(system, served);
    await expect(settlement.connect(actors.ben).claim(...args))
      .to.emit(settlement, "ItemRejected")
      .and.not.to.emit(settlement, "BatchClaimed");
  });

  it("GOV-2: only governance upgrades it, opens tiers and accepts tokens", async () => {
    const { settlement, actors, implementation } = await deploy();
    const asStranger = settlement.connect(actors.stranger);
    for (const attempt of [
      () => asStranger.upgradeToAndCall(implementation, "0x"),
      () => asStranger.setTier(Tier.Zk, false),
      () => asStranger.setPaymentToken(ZeroAddress, true),
      () => asStranger.setNewWorkPaused(true),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(settlement, "AccessManagedUnauthorized")
        .withArgs(actors.stranger.address);
    }
    await expect(settlement.initialize(actors.stranger)).to.be.revertedWithCustomError(
      settlement,
      "InvalidInitialization",
    );
  });
});
