import { RECEIPT_TYPES, type Receipt, receiptDigest, receiptDomain } from "@lattice/sdk";
import { expect } from "chai";
import { concat, id, parseEther, type TypedDataDomain } from "ethers";
import { network } from "hardhat";
import { itMeasuresGas } from "../../helpers/gas.ts";
import { deployLane, type Key, STAKE } from "../../helpers/settlement-lane.ts";

const chain = await network.create();
const { ethers } = chain;
const deploy = () => chain.networkHelpers.loadFixture(withEquivocation);

/** Slashed by the tests' parameters, and the reporter's share. */
const SLASH = parseEther("200");
const BOUNTY = parseEther("20");
/** Of a report on a provider with one offer. More than half is the vault's slash: LAT paid and burned, weights brought
 * up to date; each further offer adds the update of one pool. */
const MOST_GAS = 215_000n;
const itMeasuresProduct = process.env.LATTICE_FAST_BUILD === "1" ? it.skip : itMeasuresGas;

async function withEquivocation() {
  const system = await deployLane(chain);
  const { registry, vault, parameters, settlement } = system;
  const equivocation = await ethers.deployContract("Equivocation", [registry, vault, parameters]);
  await registry.setStakeModule(equivocation, true);
  const { chainId } = await ethers.provider.getNetwork();
  const market = await settlement.getAddress();
  const domain = receiptDomain(chainId, await equivocation.getAddress());
  const subject = id("order");
  /** The provider's word that `output` is the result of the order. */
  const state = async (
    output: string,
    signer: Key = system.actors.ada,
    changes: Partial<Receipt> = {},
    other: TypedDataDomain = {},
  ) => {
    const receipt = { market, subject, outputCommitment: id(output), ...changes };
    const signature = await signer.signTypedData({ ...domain, ...other }, RECEIPT_TYPES, receipt);
    return { outputCommitment: id(output), signature };
  };
  return { system, equivocation, market, domain, subject, state };
}

describe("Equivocation", () => {
  it("SLA-2: slashes a provider that signed two results, and pays the reporter its share", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { vault, registry, lat, actors } = system;
    const { ada, stranger } = actors;
    const report = equivocation
      .connect(stranger)
      .report(ada, market, subject, await state("one"), await state("two"));
    await expect(report)
      .to.emit(equivocation, "EquivocationSlashed")
      .withArgs(ada.address, market, subject, stranger.address, SLASH);
    await expect(report)
      .to.emit(vault, "StakeSlashed")
      .withArgs(ada.address, registry, equivocation, SLASH, SLASH - BOUNTY);
    await expect(report).to.changeTokenBalances(ethers, lat, [stranger, vault], [BOUNTY, -SLASH]);
    expect((await vault.provisionOf(ada, registry)).tokens).to.equal(STAKE - SLASH);
    expect(await equivocation.isReported(ada, market, subject)).to.equal(true);
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
    ).to.emit(equivocation, "EquivocationSlashed");
    await expect(
      equivocation.report(ben, market, subject, await state("one", ben), await state("two", ben)),
    ).to.emit(equivocation, "EquivocationSlashed");
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

  it("SLA-3: pays a provider, and its payout address, nothing for reporting itself", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { lat, actors } = system;
    const { ada, adaPayout } = actors;
    for (const [i, own] of [ada, adaPayout].entries()) {
      const about = { subject: id(`order ${i}`) };
      const report = equivocation
        .connect(own)
        .report(
          ada,
          market,
          about.subject,
          await state("one", ada, about),
          await state("two", ada, about),
        );
      await expect(report).to.changeTokenBalance(ethers, lat, own, 0n);
    }
    expect(await equivocation.isReported(ada, market, subject)).to.equal(false);
  });

  it("SLA-1: takes no more than the provider has free of other jobs, and shrinks the bounty with it", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { vault, registry, lat, settlement, actors } = system;
    const { ada, stranger } = actors;
    const lane = await ethers.getImpersonatedSigner(await settlement.getAddress());
    await chain.networkHelpers.setBalance(lane.address, parseEther("1"));
    await vault.connect(lane).lock(registry, ada, STAKE - SLASH / 4n);
    const report = equivocation
      .connect(stranger)
      .report(ada, market, subject, await state("one"), await state("two"));
    await expect(report)
      .to.emit(equivocation, "EquivocationSlashed")
      .withArgs(ada.address, market, subject, stranger.address, SLASH / 4n);
    await expect(report).to.changeTokenBalance(ethers, lat, stranger, BOUNTY / 4n);
  });

  it("takes the word of a provider that is a contract (ERC-1271)", async () => {
    const { system, equivocation, market, subject, state } = await deploy();
    const { ada, stranger } = system.actors;
    const wallet = await ethers.deployContract("FickleWallet", [ada]);
    const report = equivocation
      .connect(stranger)
      .report(wallet, market, subject, await state("one"), await state("two"));
    // Nothing is staked, so nothing is taken.
    await expect(report)
      .to.emit(equivocation, "EquivocationSlashed")
      .withArgs(await wallet.getAddress(), market, subject, stranger.address, 0n);
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
    const { system, equivocation, market, subject, state } = await deploy();
    const { ada, ben, stranger } = system.actors;
    const report = async (provider: typeof ada) =>
      equivocation
        .connect(stranger)
        .report(
          provider,
          market,
          subject,
          await state("one", provider),
          await state("two", provider),
        );
    // A reporter that holds LAT already.
    await report(ben);
    const gas = (await (await report(ada)).wait())?.gasUsed ?? 0n;
    expect(gas, `${gas} gas`).to.be.at.most(MOST_GAS);
  });
});
