import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  attestTo,
  deployGate,
  GPU_CLASS,
  GPU_REQUIREMENTS,
  giveClass,
  revoke,
} from "../../helpers/attestations.ts";

const chain = await network.create();
const { networkHelpers } = chain;

async function adaHolds() {
  const system = await deployGate(chain);
  return { system, ...(await giveClass(system, system.actors.ada)) };
}

describe("AttestationGate", () => {
  describe("reportRevoked", () => {
    it("ATT-2: takes the class from a provider whose attestation was revoked, and jails it without a slash", async () => {
      const { system, uid } = await networkHelpers.loadFixture(adaHolds);
      const { gate, registry, vault, actors } = system;
      const staked = (await vault.provisionOf(actors.ada, registry)).tokens;
      await revoke(system, uid);
      const reporting = gate.connect(actors.stranger).reportRevoked(actors.ada, GPU_CLASS);
      await expect(reporting)
        .to.emit(gate, "AttestationRemoved")
        .withArgs(actors.ada, GPU_CLASS, uid, true);
      await expect(reporting).to.emit(registry, "ProviderJailSet").withArgs(actors.ada, true);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(false);
      expect((await gate.heldOf(actors.ada, GPU_CLASS)).uid).to.equal(ZeroHash);
      expect(await registry.isAvailable(actors.ada)).to.equal(false);
      expect((await vault.provisionOf(actors.ada, registry)).tokens).to.equal(staked);
    });

    it("reverts while the attestation counts, also after it expired", async () => {
      const { system, uid, expiresAt } = await networkHelpers.loadFixture(adaHolds);
      const { gate, actors } = system;
      const refused = () =>
        expect(gate.reportRevoked(actors.ada, GPU_CLASS))
          .to.be.revertedWithCustomError(gate, "AttestationGateStillCounts")
          .withArgs(actors.ada, GPU_CLASS, uid);
      await refused();
      await networkHelpers.time.increaseTo(expiresAt);
      await refused();
    });

    it("ATT-2: a revocation after the end jails nobody; one before it does, however late the report", async () => {
      const { system, expiresAt } = await networkHelpers.loadFixture(adaHolds);
      const { gate, registry, actors } = system;
      const other = await giveClass(system, actors.ada, { expiresAt: expiresAt + 100 });
      await networkHelpers.time.setNextBlockTimestamp(expiresAt + 100);
      await revoke(system, other.uid);
      await expect(gate.reportRevoked(actors.ada, GPU_CLASS))
        .to.be.revertedWithCustomError(gate, "AttestationGateStillCounts")
        .withArgs(actors.ada, GPU_CLASS, other.uid);

      const third = await giveClass(system, actors.ada);
      await networkHelpers.time.setNextBlockTimestamp(third.expiresAt - 1);
      await revoke(system, third.uid);
      await networkHelpers.time.increaseTo(third.expiresAt + 5);
      await expect(gate.reportRevoked(actors.ada, GPU_CLASS))
        .to.emit(registry, "ProviderJailSet")
        .withArgs(actors.ada, true);
    });

    it("reverts where nothing was presented, or it was removed", async () => {
      const { system, uid } = await networkHelpers.loadFixture(adaHolds);
      const { gate, actors } = system;
      await expect(gate.reportRevoked(actors.ben, GPU_CLASS))
        .to.be.revertedWithCustomError(gate, "AttestationGateNothingPresented")
        .withArgs(actors.ben, GPU_CLASS);
      await revoke(system, uid);
      await gate.reportRevoked(actors.ada, GPU_CLASS);
      await expect(gate.reportRevoked(actors.ada, GPU_CLASS))
        .to.be.revertedWithCustomError(gate, "AttestationGateNothingPresented")
        .withArgs(actors.ada, GPU_CLASS);
    });

    it("ATT-2: one attestation jails once, though it gave two classes", async () => {
      const { system, uid } = await networkHelpers.loadFixture(adaHolds);
      const { gate, registry, actors } = system;
      await gate.connect(actors.governance).defineClass(8, GPU_REQUIREMENTS);
      await gate.connect(actors.ada).present(8, uid);
      await revoke(system, uid);
      await gate.reportRevoked(actors.ada, GPU_CLASS);
      await registry.connect(actors.governance).setJailed(actors.ada, false);
      const again = gate.reportRevoked(actors.ada, 8);
      await expect(again).to.emit(gate, "AttestationRemoved").withArgs(actors.ada, 8, uid, true);
      await expect(again).not.to.emit(registry, "ProviderJailSet");
      expect(await registry.isAvailable(actors.ada)).to.equal(true);
      expect(await gate.holds(actors.ada, 8)).to.equal(false);
    });

    it("ATT-2: a fresh attestation cannot hide a revoked one before it was reported", async () => {
      const { system, uid } = await networkHelpers.loadFixture(adaHolds);
      const { gate, actors } = system;
      const fresh = await attestTo(system, actors.ada);
      const revokedAt = await revoke(system, uid);
      await expect(gate.connect(actors.ada).present(GPU_CLASS, fresh.uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateRevoked")
        .withArgs(uid, revokedAt);
      await gate.reportRevoked(actors.ada, GPU_CLASS);
      await gate.connect(actors.ada).present(GPU_CLASS, fresh.uid);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
      expect(await system.registry.isAvailable(actors.ada)).to.equal(false);
    });
  });

  describe("a distrusted attestor", () => {
    it("ATT-3: gives no class any more, at once", async () => {
      const { system } = await networkHelpers.loadFixture(adaHolds);
      const { gate, actors } = system;
      await gate.connect(actors.governance).setAttestor(actors.attestor, false);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(false);
      await gate.connect(actors.governance).setAttestor(actors.attestor, true);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
    });

    it("ATT-3: jails nobody, whether it revoked or not", async () => {
      const { system, uid } = await networkHelpers.loadFixture(adaHolds);
      const { gate, registry, actors } = system;
      await gate.connect(actors.governance).defineClass(8, GPU_REQUIREMENTS);
      await gate.connect(actors.ada).present(8, uid);
      await gate.connect(actors.governance).setAttestor(actors.attestor, false);
      const removing = gate.connect(actors.stranger).reportRevoked(actors.ada, GPU_CLASS);
      await expect(removing)
        .to.emit(gate, "AttestationRemoved")
        .withArgs(actors.ada, GPU_CLASS, uid, false);
      await revoke(system, uid);
      const afterRevocation = gate.connect(actors.stranger).reportRevoked(actors.ada, 8);
      await expect(afterRevocation)
        .to.emit(gate, "AttestationRemoved")
        .withArgs(actors.ada, 8, uid, false);
      for (const report of [removing, afterRevocation]) {
        await expect(report).not.to.emit(registry, "ProviderJailSet");
      }
      expect(await registry.isAvailable(actors.ada)).to.equal(true);
      // What was removed does not come back with the trust.
      await gate.connect(actors.governance).setAttestor(actors.attestor, true);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(false);
    });

    it("ATT-3: its revoked attestation does not stand in the way of another attestor's", async () => {
      const { system, uid } = await networkHelpers.loadFixture(adaHolds);
      const { gate, actors } = system;
      await revoke(system, uid);
      await gate.connect(actors.governance).setAttestor(actors.attestor, false);
      await gate.connect(actors.governance).setAttestor(actors.reporter, true);
      const { expiresAt } = await giveClass(system, actors.ada, { attestor: actors.reporter });
      expect((await gate.heldOf(actors.ada, GPU_CLASS)).expiresAt).to.equal(expiresAt);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
    });
  });
});
