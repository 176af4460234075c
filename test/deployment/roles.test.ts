import { selectorOfMembers } from "@lattice/sdk";
import { loadModel } from "@lattice/zkml";
import { DIGITS_MODEL_URL } from "@lattice/zkml/models/digits";
import { expect } from "chai";
import hre, { network } from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";
import { GUARDIAN_ROLE } from "../../deploy/modules/lattice.ts";
import { deployedSet } from "../../deploy/verifiers.ts";
import { AccessManager__factory } from "../../typechain-types/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { TimelockController__factory } from "../../typechain-types/factories/@openzeppelin/contracts/governance/TimelockController__factory.ts";
import { ProtocolParameters__factory } from "../../typechain-types/factories/contracts/governance/ProtocolParameters__factory.ts";
import { JobMarket__factory } from "../../typechain-types/factories/contracts/market/JobMarket__factory.ts";
import { EpochBeacon__factory } from "../../typechain-types/factories/contracts/randomness/EpochBeacon__factory.ts";
import { AttestationGate__factory } from "../../typechain-types/factories/contracts/registry/AttestationGate__factory.ts";
import { ProviderRegistry__factory } from "../../typechain-types/factories/contracts/registry/ProviderRegistry__factory.ts";
import { FeeTreasury__factory } from "../../typechain-types/factories/contracts/treasury/FeeTreasury__factory.ts";
import { VerifierRouter__factory } from "../../typechain-types/factories/contracts/verification/VerifierRouter__factory.ts";

/** Bindings of the contracts that this file looks at. */
const FACTORIES = {
  AccessManager: AccessManager__factory,
  TimelockController: TimelockController__factory,
  ProtocolParameters: ProtocolParameters__factory,
  FeeTreasury: FeeTreasury__factory,
  ProviderRegistry: ProviderRegistry__factory,
  EpochBeacon: EpochBeacon__factory,
  VerifierRouter: VerifierRouter__factory,
  AttestationGate: AttestationGate__factory,
  JobMarket: JobMarket__factory,
} as const;

const ADMIN_ROLE = 0n;
const DEFAULT_ADMIN_ROLE = `0x${"00".repeat(32)}`;
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

describe("deployment", () => {
  async function deployed() {
    const connection = await network.create();
    const { addressBook } = await deployLattice(hre, connection);
    const [deployer, stranger] = await connection.ethers.getSigners();
    if (!deployer || !stranger) throw new Error("the in-memory chain has no accounts");
    const at = <Name extends keyof typeof FACTORIES>(
      name: Name,
      address = addressBook.contracts[name],
    ) =>
      FACTORIES[name].connect(address, deployer) as ReturnType<(typeof FACTORIES)[Name]["connect"]>;
    return { connection, addressBook, deployer, stranger, at, contracts: addressBook.contracts };
  }

  it("GOV-3: every privileged role is the timelock's; the deployer keeps none", async () => {
    const { at, contracts, deployer } = await deployed();
    const manager = at("AccessManager");
    expect(await manager.hasRole(ADMIN_ROLE, contracts.TimelockController)).to.deep.equal([
      true,
      0n,
    ]);
    expect(await manager.hasRole(ADMIN_ROLE, deployer.address)).to.deep.equal([false, 0n]);

    const timelock = at("TimelockController");
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
      "AttestationGate",
      "JobMarket",
    ] as const;
    for (const name of managed) {
      const contract = at(name);
      expect(await contract.authority(), name).to.equal(contracts.AccessManager);
    }
  });

  it("GOV-2: the guardian stops new work and nothing else", async () => {
    const { at, deployer, stranger } = await deployed();
    const manager = at("AccessManager");
    expect(await manager.hasRole(GUARDIAN_ROLE, deployer.address)).to.deep.equal([true, 0n]);
    const market = at("JobMarket");
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
    const { at, deployer } = await deployed();
    const parameters = at("ProtocolParameters");
    await expect(parameters.set(0, 1))
      .to.be.revertedWithCustomError(parameters, "AccessManagedUnauthorized")
      .withArgs(deployer.address);
  });

  it("leaves users time to withdraw before an upgrade: the timelock's delay exceeds the escrow's thaw", async () => {
    const { at } = await deployed();
    const timelock = at("TimelockController");
    const parameters = at("ProtocolParameters");
    const escrowThawSeconds = 9;
    expect(await timelock.getMinDelay()).to.be.greaterThan(await parameters.get(escrowThawSeconds));
  });

  it("leaves no implementation that anyone can initialise", async () => {
    const { connection, at, contracts, stranger } = await deployed();
    for (const name of [
      "ProviderRegistry",
      "EpochBeacon",
      "VerifierRouter",
      "AttestationGate",
      "JobMarket",
    ] as const) {
      const word = await connection.ethers.provider.getStorage(
        contracts[name],
        IMPLEMENTATION_SLOT,
      );
      const implementation = `0x${word.slice(26)}`;
      const take = () => {
        switch (name) {
          case "EpochBeacon":
            return at(name, implementation).initialize(stranger, `0x${"01".repeat(32)}`);
          case "AttestationGate":
            return at(name, implementation).initialize(stranger, [], []);
          default:
            return at(name, implementation).initialize(stranger);
        }
      };
      await expect(take(), name).to.be.revertedWithCustomError(at(name), "InvalidInitialization");
    }
  });

  it("deploys the generated verifiers and registers them with the router of the address book", async () => {
    const { at, addressBook } = await deployed();
    const router = at("VerifierRouter");
    const { digest } = await loadModel(DIGITS_MODEL_URL);
    const members = await deployedSet(digest, addressBook.verifiers);
    expect(members).to.deep.equal({
      verifier: addressBook.verifiers.DigitsDevVerifier,
      batchVerifier: addressBook.verifiers.DigitsDevBatchVerifier,
      multiVerifier: addressBook.verifiers.DigitsX4DevVerifier,
      jobsPerProof: 4,
    });
    if (!members) throw new Error("unreachable: compared above");
    const selector = await selectorOfMembers(router, members);
    expect(await router.isUsable(selector)).to.equal(true);
    expect((await router.batchEntryOf(selector)).verifier).to.equal(members.batchVerifier);
    expect((await router.multiEntryOf(selector)).verifier).to.equal(members.multiVerifier);
  });
});
