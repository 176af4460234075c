import { expect } from "chai";
import hre, { network } from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";
import { GUARDIAN_ROLE } from "../../deploy/modules/lattice.ts";

const ADMIN_ROLE = 0n;
const DEFAULT_ADMIN_ROLE = `0x${"00".repeat(32)}`;
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

describe("deployment", () => {
  async function deployed() {
    const connection = await network.create();
    const { addressBook } = await deployLattice(hre, connection);
    const [deployer, stranger] = await connection.ethers.getSigners();
    if (!deployer || !stranger) throw new Error("the in-memory chain has no accounts");
    const at = <Name extends string>(name: Name, address: string) =>
      connection.ethers.getContractAt(name, address);
    return { connection, addressBook, deployer, stranger, at, contracts: addressBook.contracts };
  }

  it("GOV-3: every privileged role is the timelock's; the deployer keeps none", async () => {
    const { at, contracts, deployer } = await deployed();
    const manager = await at("AccessManager", contracts.AccessManager);
    expect(await manager.hasRole(ADMIN_ROLE, contracts.TimelockController)).to.deep.equal([
      true,
      0n,
    ]);
    expect(await manager.hasRole(ADMIN_ROLE, deployer.address)).to.deep.equal([false, 0n]);

    const timelock = await at("TimelockController", contracts.TimelockController);
    const proposer = await timelock.PROPOSER_ROLE();
    expect(await timelock.hasRole(DEFAULT_ADMIN_ROLE, deployer.address)).to.equal(false);
    expect(await timelock.hasRole(DEFAULT_ADMIN_ROLE, contracts.TimelockController)).to.equal(true);
    expect(await timelock.hasRole(proposer, contracts.LatticeGovernor)).to.equal(true);
    expect(await timelock.hasRole(proposer, deployer.address)).to.equal(false);
  });

  it("GOV-3: every managed contract answers to the access manager", async () => {
    const { at, contracts } = await deployed();
    const managed = [
      "ProtocolParameters",
      "FeeTreasury",
      "ProviderRegistry",
      "EpochBeacon",
      "VerifierRouter",
      "ModelRegistry",
      "JobMarket",
    ] as const;
    for (const name of managed) {
      const contract = await at(name, contracts[name]);
      expect(await contract.authority(), name).to.equal(contracts.AccessManager);
    }
  });

  it("GOV-2: the guardian stops new work and nothing else", async () => {
    const { at, contracts, deployer, stranger } = await deployed();
    const manager = await at("AccessManager", contracts.AccessManager);
    expect(await manager.hasRole(GUARDIAN_ROLE, deployer.address)).to.deep.equal([true, 0n]);
    const market = await at("JobMarket", contracts.JobMarket);
    await market.connect(deployer).setNewWorkPaused(true);
    expect(await market.isNewWorkPaused()).to.equal(true);
    const forbidden: [string, () => Promise<unknown>][] = [
      ["accept a token", () => market.setPaymentToken(stranger.address, true)],
      ["upgrade", () => market.upgradeToAndCall(stranger.address, "0x")],
    ];
    for (const [what, act] of forbidden) {
      await expect(act(), what)
        .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
        .withArgs(deployer.address);
    }
    await expect(market.connect(stranger).setNewWorkPaused(false))
      .to.be.revertedWithCustomError(market, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
  });

  it("GOV-1: nobody but the timelock sets a parameter", async () => {
    const { at, contracts, deployer } = await deployed();
    const parameters = await at("ProtocolParameters", contracts.ProtocolParameters);
    await expect(parameters.set(0, 1))
      .to.be.revertedWithCustomError(parameters, "AccessManagedUnauthorized")
      .withArgs(deployer.address);
  });

  it("leaves users time to withdraw before an upgrade: the timelock's delay exceeds the escrow's thaw", async () => {
    const { at, contracts } = await deployed();
    const timelock = await at("TimelockController", contracts.TimelockController);
    const parameters = await at("ProtocolParameters", contracts.ProtocolParameters);
    const escrowThawSeconds = 9;
    expect(await timelock.getMinDelay()).to.be.greaterThan(await parameters.get(escrowThawSeconds));
  });

  it("leaves no implementation that anyone can initialise", async () => {
    const { connection, at, contracts, stranger } = await deployed();
    for (const name of [
      "ProviderRegistry",
      "EpochBeacon",
      "VerifierRouter",
      "ModelRegistry",
      "JobMarket",
    ] as const) {
      const word = await connection.ethers.provider.getStorage(
        contracts[name],
        IMPLEMENTATION_SLOT,
      );
      const implementation = await at(name, `0x${word.slice(26)}`);
      const args =
        name === "EpochBeacon" ? [stranger.address, `0x${"01".repeat(32)}`] : [stranger.address];
      await expect(
        implementation.getFunction("initialize")(...args),
        name,
      ).to.be.revertedWithCustomError(implementation, "InvalidInitialization");
    }
  });

  it("deploys the generated verifiers and registers them with the router of the address book", async () => {
    const { at, addressBook, contracts } = await deployed();
    const router = await at("VerifierRouter", contracts.VerifierRouter);
    expect(Object.keys(addressBook.verifiers)).to.include("DigitsDevVerifier");
    for (const [name, verifier] of Object.entries(addressBook.verifiers)) {
      expect(await router.isUsable(await router.selectorOf(verifier)), name).to.equal(true);
    }
  });
});
