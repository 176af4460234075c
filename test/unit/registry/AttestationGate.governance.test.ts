import { expect } from "chai";
import { network } from "hardhat";
import {
  ATTESTED_SECONDS,
  deployGate,
  GPU_CLASS,
  GPU_REQUIREMENTS,
  giveClass,
  membersOf,
} from "../../helpers/attestations.ts";
import { deployProxy } from "../../helpers/contracts.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const withAda = () => deployGate(chain);
const JAILER_ROLE = 2n;
const NOTHING = {
  accelerator: 0n,
  executionProviders: 0n,
  memoryMiB: 0n,
  maxTensorBytes: 0n,
  tiers: 0n,
};

describe("AttestationGate: governance", () => {
  describe("setAttestor", () => {
    it("trusts an attestor and no longer", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      for (const trusted of [true, false]) {
        await expect(gate.connect(actors.governance).setAttestor(actors.stranger, trusted))
          .to.emit(gate, "AttestorSet")
          .withArgs(actors.stranger, trusted);
        expect(await gate.isTrusted(actors.stranger)).to.equal(trusted);
      }
    });

    it("GOV-1: reverts when the caller has no role", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      await expect(gate.connect(actors.attestor).setAttestor(actors.attestor, true))
        .to.be.revertedWithCustomError(gate, "AccessManagedUnauthorized")
        .withArgs(actors.attestor);
    });
  });

  describe("defineClass", () => {
    it("defines a class once", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      const governed = gate.connect(actors.governance);
      expect(membersOf(await gate.classOf(GPU_CLASS))).to.deep.equal(GPU_REQUIREMENTS);
      expect(membersOf(await gate.classOf(9))).to.deep.equal(NOTHING);
      await expect(governed.defineClass(9, GPU_REQUIREMENTS))
        .to.emit(gate, "ClassDefined")
        .withArgs(9, Object.values(GPU_REQUIREMENTS));
      const weaker = { ...GPU_REQUIREMENTS, memoryMiB: 1n };
      await expect(governed.defineClass(9, weaker))
        .to.be.revertedWithCustomError(gate, "AttestationGateClassDefined")
        .withArgs(9);
    });

    it("takes a class that asks for one thing, whichever", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      for (const [index, name] of Object.keys(NOTHING).entries()) {
        const classId = 100 + index;
        await gate.connect(actors.governance).defineClass(classId, { ...NOTHING, [name]: 1n });
        const defined = await gate.classOf(classId);
        expect(membersOf(defined), name).to.deep.equal({ ...NOTHING, [name]: 1n });
      }
    });

    it("reverts for class zero, and for one that asks for nothing", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      const governed = gate.connect(actors.governance);
      await expect(governed.defineClass(0, GPU_REQUIREMENTS))
        .to.be.revertedWithCustomError(gate, "AttestationGateInvalidClass")
        .withArgs(0);
      await expect(governed.defineClass(9, NOTHING))
        .to.be.revertedWithCustomError(gate, "AttestationGateEmptyClass")
        .withArgs(9);
    });

    it("GOV-1: reverts when the caller has no role", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      await expect(gate.connect(actors.stranger).defineClass(9, GPU_REQUIREMENTS))
        .to.be.revertedWithCustomError(gate, "AccessManagedUnauthorized")
        .withArgs(actors.stranger);
    });
  });

  describe("the right to jail", () => {
    it("GOV-3: is the gate's and the timelock's, and of one function", async () => {
      const { manager, registry, gate, timelock, actors } =
        await networkHelpers.loadFixture(withAda);
      expect(await manager.hasRole(JAILER_ROLE, gate)).to.deep.equal([true, 0n]);
      expect(await manager.hasRole(JAILER_ROLE, timelock)).to.deep.equal([true, 0n]);
      for (const name of ["setStakeModule", "connectBeacon", "upgradeToAndCall"] as const) {
        const { selector } = registry.interface.getFunction(name);
        expect(await manager.canCall(gate, registry, selector), name).to.deep.equal([false, 0n]);
      }
      for (const account of [actors.attestor, actors.guardian, actors.deployer]) {
        await expect(registry.connect(account).setJailed(actors.ada, true))
          .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
          .withArgs(account);
      }
    });
  });

  describe("initialize", () => {
    it("trusts and defines what it is given, classes from 1 on", async () => {
      const { eas, registry, manager, actors } = await networkHelpers.loadFixture(withAda);
      const implementation = await ethers.deployContract("AttestationGate", [eas, registry]);
      const other = { ...GPU_REQUIREMENTS, tiers: 1n };
      const fresh = await deployProxy(ethers, implementation, [
        await manager.getAddress(),
        [actors.attestor.address],
        [GPU_REQUIREMENTS, other],
      ]);
      expect(await fresh.isTrusted(actors.attestor)).to.equal(true);
      expect(membersOf(await fresh.classOf(1))).to.deep.equal(GPU_REQUIREMENTS);
      expect(membersOf(await fresh.classOf(2))).to.deep.equal(other);
      expect(await fresh.authority()).to.equal(manager.target);
      expect([await fresh.EAS(), await fresh.REGISTRY()]).to.deep.equal([
        eas.target,
        registry.target,
      ]);
    });

    it("initialises once, and never the implementation", async () => {
      const { gate, eas, registry, manager } = await networkHelpers.loadFixture(withAda);
      const bare = await ethers.deployContract("AttestationGate", [eas, registry]);
      for (const contract of [gate, bare]) {
        await expect(contract.initialize(manager, [], [])).to.be.revertedWithCustomError(
          contract,
          "InvalidInitialization",
        );
      }
    });
  });

  describe("upgrades", () => {
    it("UPG-2: trust, classes and what is held survive", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, eas, registry, actors } = system;
      const { uid, expiresAt } = await giveClass(system, actors.ada);
      const next = await ethers.deployContract("AttestationGate", [eas, registry]);
      await expect(gate.connect(actors.governance).upgradeToAndCall(next, "0x"))
        .to.emit(gate, "Upgraded")
        .withArgs(next);
      expect(await gate.isTrusted(actors.attestor)).to.equal(true);
      expect(membersOf(await gate.classOf(GPU_CLASS))).to.deep.equal(GPU_REQUIREMENTS);
      expect((await gate.heldOf(actors.ada, GPU_CLASS)).uid).to.equal(uid);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
      expect(expiresAt).to.be.greaterThan(
        (await networkHelpers.time.latest()) + ATTESTED_SECONDS / 2,
      );
    });

    it("GOV-1: reverts when the caller has no role", async () => {
      const { gate, eas, registry, actors } = await networkHelpers.loadFixture(withAda);
      const next = await ethers.deployContract("AttestationGate", [eas, registry]);
      await expect(gate.connect(actors.stranger).upgradeToAndCall(next, "0x"))
        .to.be.revertedWithCustomError(gate, "AccessManagedUnauthorized")
        .withArgs(actors.stranger);
    });
  });
});
