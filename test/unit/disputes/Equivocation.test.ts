import { receiptDigest } from "@lattice/sdk";
import { expect } from "chai";
import { concat, id, parseEther } from "ethers";
import { network } from "hardhat";
import { deployEquivocation, EQUIVOCATION_SLASH as SLASH } from "../../helpers/equivocation.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";
import { STAKE } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { ethers } = chain;
const deploy = () => chain.networkHelpers.loadFixture(withEquivocation);

/** Of a report, whatever the provider offers: weights are brought up to date by the settlement. */
const MOST_GAS = 90_000n;
const itMeasuresProduct = process.env.LATTICE_FAST_BUILD === "1" ? it.skip : itMeasuresGas;

const anyEpoch = (epoch: bigint) => epoch > 0n;

function withEquivocation() {
  return deployEquivocation(chain);
}

describe("Equivocation", () => {
  it("seizes the stake of a provider that signed two results, and pays nobody yet", async () => {
    const { system, equivocation, market, subject, reportAda } = await deploy();
    const { vault, registry, lat, actors } = system;
    const { ada, stranger } = actors;
    expect(await equivocation.isReported(ada, market, subject)).to.equal(false);
    const none = [ethers.ZeroAddress, 0n, false];
    expect(await equivocation.reportOf(ada, market, subject)).to.deep.equal(none);
    const report = reportAda(stranger);
    await expect(report)
      .to.emit(equivocation, "EquivocationReported")
      .withArgs(ada.address, market, subject, stranger.address, SLASH);
    await expect(report)
      .to.emit(vault, "StakeSeized")
      .withArgs(ada.address, registry, equivocation, SLASH, SLASH);
    await expect(report).to.changeTokenBalances(ethers, lat, [stranger, vault], [0n, 0n]);
    expect((await vault.provisionOf(ada, registry)).tokens).to.equal(STAKE - SLASH);
    expect(await vault.seizedBy(registry, equivocation)).to.deep.equal([SLASH, 0n]);
    expect(await equivocation.isReported(ada, market, subject)).to.equal(true);
    const record = [stranger.address, SLASH, false];
    expect(await equivocation.reportOf(ada, market, subject)).to.deep.equal(record);
  });

  it("leaves weights as they are, and whoever minds brings them up to date", async () => {
    const { system, reportAda } = await deploy();
    const { registry, pool, actors } = system;
    const { ada, stranger } = actors;
    await expect(reportAda(stranger)).not.to.emit(registry, "WeightChanged");
    await expect(registry.syncWeight(ada))
      .to.emit(registry, "WeightChanged")
      .withArgs(ada.address, pool, (STAKE - SLASH) / parseEther("1"), anyEpoch);
  });

  it("slashes once for one subject, whatever the other receipts", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { ada } = system.actors;
    await equivocation.report(ada, market, subject, await state("one"), await state("two"));
    const again = equivocation.report(
      ada,
      market,
      subject,
      await state("one"),
      await state("three"),
    );
    await expect(again)
      .to.be.revertedWithCustomError(equivocation, "EquivocationAlreadyReported")
      .withArgs(ada.address, market, subject);
  });

  it("slashes again for another subject, and another provider for the same", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { ada, ben } = system.actors;
    await equivocation.report(ada, market, subject, await state("one"), await state("two"));
    const other = { subject: id("another order") };
    await expect(
      equivocation.report(
        ada,
        market,
        other.subject,
        await state("one", ada, other),
        await state("two", ada, other),
      ),
    ).to.emit(equivocation, "EquivocationReported");
    await expect(
      equivocation.report(ben, market, subject, await state("one", ben), await state("two", ben)),
    ).to.emit(equivocation, "EquivocationReported");
  });

  it("SLA-4: reverts for two receipts that agree", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    await expect(
      equivocation.report(
        system.actors.ada,
        market,
        subject,
        await state("one"),
        await state("one"),
      ),
    )
      .to.be.revertedWithCustomError(equivocation, "EquivocationSameOutput")
      .withArgs(id("one"));
  });

  it("SLA-4: reverts unless both receipts are the provider's, for this market, subject, chain and contract", async () => {
    const { system, equivocation, market, domain, subject, state } = await deploy();
    const { ada, ben, stranger } = system.actors;
    const good = await state("one");
    const wrong = [
      await state("two", ben),
      await state("two", ada, { market: stranger.address }),
      await state("two", ada, { subject: id("another order") }),
      await state("two", ada, {}, { chainId: 1 }),
      await state("two", ada, {}, { verifyingContract: stranger.address }),
      await state("two", ada, {}, { name: "Lattice OrderSettlement" }),
      await state("two", ada, {}, { version: "2" }),
      { outputCommitment: id("two"), signature: "0x" },
      { ...(await state("three")), outputCommitment: id("two") },
    ];
    const digest = receiptDigest(domain, { market, subject, outputCommitment: id("two") });
    for (const bad of wrong) {
      for (const [first, second] of [
        [good, bad],
        [bad, good],
      ] as const) {
        await expect(equivocation.report(ada, market, subject, first, second))
          .to.be.revertedWithCustomError(equivocation, "EquivocationInvalidSignature")
          .withArgs(ada.address, digest);
      }
    }
  });

  it("SLA-1: takes no more than the provider has free of other jobs", async () => {
    const { system, equivocation, market, subject, reportAda } = await deploy();
    const { vault, registry, settlement, actors } = system;
    const { ada, stranger } = actors;
    const lane = await ethers.getImpersonatedSigner(await settlement.getAddress());
    await chain.networkHelpers.setBalance(lane.address, parseEther("1"));
    await vault.connect(lane).lock(registry, ada, STAKE - SLASH / 4n);
    await expect(reportAda(stranger))
      .to.emit(equivocation, "EquivocationReported")
      .withArgs(ada.address, market, subject, stranger.address, SLASH / 4n);
    expect((await equivocation.reportOf(ada, market, subject)).seized).to.equal(SLASH / 4n);
  });

  it("takes the word of a provider that is a contract (ERC-1271)", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { ada, stranger } = system.actors;
    const wallet = await ethers.deployContract("FickleWallet", [ada]);
    const statements = [await state("one"), await state("two")] as const;
    const report = () =>
      equivocation.connect(stranger).report(wallet, market, subject, ...statements);
    // Nothing is staked, so nothing is taken; the subject is reported all the same.
    await expect(report())
      .to.emit(equivocation, "EquivocationReported")
      .withArgs(await wallet.getAddress(), market, subject, stranger.address, 0n);
    expect(await equivocation.isReported(wallet, market, subject)).to.equal(true);
    await expect(report())
      .to.be.revertedWithCustomError(equivocation, "EquivocationAlreadyReported")
      .withArgs(await wallet.getAddress(), market, subject);
  });

  it("reverts when it is no module of the stake", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { vault, registry, actors } = system;
    await registry.setStakeModule(equivocation, false);
    await expect(
      equivocation.report(actors.ada, market, subject, await state("one"), await state("two")),
    )
      .to.be.revertedWithCustomError(vault, "StakeVaultNotModule")
      .withArgs(registry, equivocation);
  });

  it("says what providers sign", async () => {
    const { equivocation, market, domain, subject } = await deploy();
    const receipt = { market, subject, outputCommitment: id("one") };
    expect(await equivocation.receiptDigest(receipt)).to.equal(receiptDigest(domain, receipt));
    const told = await equivocation.eip712Domain();
    expect([
      told.fields,
      told.name,
      told.version,
      told.chainId,
      told.verifyingContract,
    ]).to.deep.equal([
      "0x0f",
      domain.name,
      domain.version,
      domain.chainId,
      domain.verifyingContract,
    ]);
    expect(concat([told.salt, ...told.extensions.map(() => "0x")])).to.equal(
      `0x${"00".repeat(32)}`,
    );
  });

  itMeasuresProduct(`costs at most ${MOST_GAS} gas`, async () => {
    const { system, reportAda } = await deploy();
    const gas = (await (await reportAda(system.actors.stranger)).wait())?.gasUsed ?? 0n;
    expect(gas, `${gas} gas`).to.be.at.most(MOST_GAS);
  });
});
