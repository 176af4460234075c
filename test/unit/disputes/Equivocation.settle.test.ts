import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { network } from "hardhat";
import {
  EQUIVOCATION_BOUNTY as BOUNTY,
  deployEquivocation,
  EQUIVOCATION_SLASH as SLASH,
} from "../../helpers/equivocation.ts";
import { STAKE } from "../../helpers/settlement-lane.ts";
import { SLASH_GAS } from "../../helpers/stake-vault.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const DELEGATED = parseEther("60000");
/** Whole LAT. */
const WEIGHT = (STAKE - SLASH) / parseEther("1");

type Base = Awaited<ReturnType<typeof deployEquivocation>>;

function withNothing() {
  return deployEquivocation(chain);
}

async function withReport() {
  const base = await deployEquivocation(chain);
  await base.reportAda(base.system.actors.stranger);
  return base;
}

/** Three LAT of Rita's stand beside each of Ada's. */
async function withDelegation() {
  const base = await deployEquivocation(chain);
  const { registry, vault, lat, actors } = base.system;
  await registry.connect(actors.ada).openDelegation(0n);
  await lat.transfer(actors.rita, DELEGATED);
  await lat.connect(actors.rita).approve(vault, DELEGATED);
  await vault.connect(actors.rita).delegate(actors.ada, registry, DELEGATED);
  return base;
}

/** Ada's whole stake has thawed, and nobody reported her yet. */
async function withThawed() {
  const base = await deployEquivocation(chain);
  const { vault, registry, actors } = base.system;
  await vault.connect(actors.ada).thaw(registry, STAKE);
  await networkHelpers.time.increase(100_000);
  return base;
}

/** Settles the report of Ada as somebody who gains nothing by it. */
function settleAda({ equivocation, market, system }: Base, order = "order") {
  const { actors } = system;
  return equivocation.connect(actors.rob).settle(actors.ada, market, id(order), SLASH_GAS);
}

describe("Equivocation: settle", () => {
  it("SLA-2: pays the reporter its share, burns the rest, and lowers the provider's weight", async () => {
    const base = await networkHelpers.loadFixture(withReport);
    const { equivocation, market, subject, system } = base;
    const { vault, registry, lat, pool, beacon, actors } = system;
    const { ada, stranger, rob } = actors;
    const supply = await lat.totalSupply();
    const settling = settleAda(base);
    await expect(settling)
      .to.emit(equivocation, "EquivocationSettled")
      .withArgs(ada.address, market, subject, stranger.address, BOUNTY);
    await expect(settling)
      .to.emit(vault, "StakeDisbursed")
      .withArgs(ada.address, registry, equivocation, SLASH, SLASH - BOUNTY, 0n);
    await expect(settling)
      .to.emit(registry, "WeightChanged")
      .withArgs(ada.address, pool, WEIGHT, (await beacon.currentEpoch()) + 2n);
    await expect(settling).to.changeTokenBalances(
      ethers,
      lat,
      [stranger, rob, vault],
      [BOUNTY, 0n, -SLASH],
    );
    expect(await lat.totalSupply()).to.equal(supply - SLASH + BOUNTY);
    expect(await vault.seizedBy(registry, equivocation)).to.deep.equal([0n, 0n]);
    const record = [stranger.address, SLASH, true];
    expect(await equivocation.reportOf(ada, market, subject)).to.deep.equal(record);
  });

  it("reverts for what was not reported", async () => {
    const { equivocation, market, system } = await networkHelpers.loadFixture(withReport);
    const { ada, ben } = system.actors;
    for (const [provider, where, subject] of [
      [ben, market, id("order")],
      [ada, ben.address, id("order")],
      [ada, market, id("another order")],
    ] as const) {
      await expect(equivocation.settle(provider, where, subject, SLASH_GAS))
        .to.be.revertedWithCustomError(equivocation, "EquivocationNotReported")
        .withArgs(provider.address, where, subject);
    }
  });

  it("settles once, and what was settled cannot be reported again", async () => {
    const base = await networkHelpers.loadFixture(withReport);
    const { equivocation, market, subject, reportAda, system } = base;
    const { ada, stranger } = system.actors;
    await reportAda(stranger, "another order");
    await settleAda(base);
    await expect(settleAda(base))
      .to.be.revertedWithCustomError(equivocation, "EquivocationAlreadySettled")
      .withArgs(ada.address, market, subject);
    await expect(reportAda(stranger))
      .to.be.revertedWithCustomError(equivocation, "EquivocationAlreadyReported")
      .withArgs(ada.address, market, subject);
    // The other one is untouched.
    await expect(settleAda(base, "another order")).to.changeTokenBalance(
      ethers,
      system.lat,
      stranger,
      BOUNTY,
    );
  });

  it("a withdrawal between report and settlement recovers nothing of what was seized", async () => {
    const base = await networkHelpers.loadFixture(withThawed);
    const { reportAda, system } = base;
    const { vault, registry, lat, actors } = system;
    await reportAda(actors.stranger);
    await expect(vault.connect(actors.ada).withdraw(registry)).to.changeTokenBalances(
      ethers,
      lat,
      [actors.ada, vault],
      [STAKE - SLASH, SLASH - STAKE],
    );
    await expect(settleAda(base)).to.changeTokenBalances(
      ethers,
      lat,
      [actors.stranger, vault],
      [BOUNTY, -SLASH],
    );
    expect(await lat.balanceOf(vault)).to.equal(STAKE);
  });

  it("SLA-3: pays a provider nothing for reporting itself", async () => {
    const base = await networkHelpers.loadFixture(withNothing);
    const { equivocation, market, subject, system } = base;
    const { lat, vault, actors } = system;
    await base.reportAda(actors.ada);
    const settling = settleAda(base);
    await expect(settling)
      .to.emit(equivocation, "EquivocationSettled")
      .withArgs(actors.ada.address, market, subject, actors.ada.address, 0n);
    await expect(settling).to.changeTokenBalances(ethers, lat, [actors.ada, vault], [0n, -SLASH]);
  });

  it("SLA-3: pays nothing to the provider's payout, whoever settles", async () => {
    const base = await networkHelpers.loadFixture(withNothing);
    const { equivocation, market, subject, system } = base;
    const { adaPayout, ada } = system.actors;
    await base.reportAda(adaPayout);
    for (const caller of [ada, adaPayout, system.actors.rob]) {
      await expect(equivocation.connect(caller).settle(ada, market, subject, SLASH_GAS))
        .to.be.revertedWithCustomError(equivocation, "EquivocationOwnAddress")
        .withArgs(ada.address, adaPayout.address);
    }
    expect(await system.vault.seizedBy(system.registry, equivocation)).to.deep.equal([SLASH, 0n]);
  });

  it("SLA-3: a provider that declares the reporter its payout postpones the bounty, and burns none of it", async () => {
    const base = await networkHelpers.loadFixture(withReport);
    const { equivocation, system } = base;
    const { ada, adaPayout, stranger } = system.actors;
    await base.declarePayout(stranger.address);
    await expect(settleAda(base))
      .to.be.revertedWithCustomError(equivocation, "EquivocationOwnAddress")
      .withArgs(ada.address, stranger.address);
    await base.declarePayout(adaPayout.address);
    await expect(settleAda(base)).to.changeTokenBalance(ethers, system.lat, stranger, BOUNTY);
  });

  it("SLA-3: pays with delegated LAT nobody: the bounty is a share of the provider's own loss", async () => {
    const base = await networkHelpers.loadFixture(withDelegation);
    const { equivocation, market, subject, reportAda, system } = base;
    const { vault, registry, lat, actors } = system;
    await expect(reportAda(actors.rita))
      .to.emit(equivocation, "EquivocationReported")
      .withArgs(actors.ada.address, market, subject, actors.rita.address, SLASH);
    expect((await equivocation.reportOf(actors.ada, market, subject)).seized).to.equal(SLASH / 4n);
    expect((await vault.delegationPoolOf(actors.ada, registry)).tokens).to.equal(
      DELEGATED - (SLASH / 4n) * 3n,
    );
    // A delegator that reports has the bounty, as anyone has.
    const settling = settleAda(base);
    await expect(settling)
      .to.emit(vault, "StakeDisbursed")
      .withArgs(
        actors.ada.address,
        registry,
        equivocation,
        SLASH / 4n,
        (SLASH - BOUNTY) / 4n,
        (SLASH / 4n) * 3n,
      );
    await expect(settling).to.changeTokenBalances(
      ethers,
      lat,
      [actors.rita, vault],
      [BOUNTY / 4n, -SLASH],
    );
  });

  it("SLA-3: pays neither the payout that shares with delegators, nor the one that the provider declared", async () => {
    const base = await networkHelpers.loadFixture(withDelegation);
    const { equivocation, market, reportAda, system } = base;
    const { registry, actors } = system;
    const shared = await ethers.getImpersonatedSigner(await registry.payoutOf(actors.ada));
    await networkHelpers.setBalance(shared.address, parseEther("1"));
    for (const own of [shared, actors.adaPayout]) {
      await reportAda(own, own.address);
      await expect(equivocation.settle(actors.ada, market, id(own.address), SLASH_GAS))
        .to.be.revertedWithCustomError(equivocation, "EquivocationOwnAddress")
        .withArgs(actors.ada.address, own.address);
    }
  });

  it("takes the bounty's share of now, which a vote may have changed", async () => {
    const base = await networkHelpers.loadFixture(withReport);
    const { parameters, lat, actors } = base.system;
    await parameters.connect(actors.governance).set(parameterIndex("BountyPpm"), 0n);
    await expect(settleAda(base)).to.changeTokenBalance(ethers, lat, actors.stranger, 0n);
  });

  it("LIV-1: works after the contract lost its rights, and when nothing was seized", async () => {
    const base = await networkHelpers.loadFixture(withReport);
    const { equivocation, market, state, system } = base;
    const { registry, lat, actors } = system;
    const about = { subject: id("order of Rob") };
    const statements = [
      await state("one", actors.rob, about),
      await state("two", actors.rob, about),
    ] as const;
    await equivocation.report(actors.rob, market, about.subject, ...statements);
    await registry.setStakeModule(equivocation, false);
    await expect(settleAda(base)).to.changeTokenBalance(ethers, lat, actors.stranger, BOUNTY);
    await expect(equivocation.settle(actors.rob, market, about.subject, SLASH_GAS))
      .to.emit(equivocation, "EquivocationSettled")
      .withArgs(actors.rob.address, market, about.subject, actors.governance.address, 0n);
  });
});
