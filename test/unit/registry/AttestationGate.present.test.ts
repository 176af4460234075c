import { attestation, eas as easAbi } from "@lattice/sdk";
import { expect } from "chai";
import { concat, id, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  attestTo,
  deployGate,
  GPU_CLASS,
  GPU_MACHINE,
  giveClass,
  membersOf,
  revoke,
} from "../../helpers/attestations.ts";

const chain = await network.create();
const { networkHelpers } = chain;
const withAda = () => deployGate(chain);

describe("AttestationGate", () => {
  describe("schema", () => {
    it("is the one that EAS knows under its id", async () => {
      const { gate, schemas } = await networkHelpers.loadFixture(withAda);
      const known = await schemas.getFunction("getSchema").staticCall(await gate.schemaUid());
      expect(known.uid).to.equal(await gate.schemaUid());
      expect(known.schema).to.equal(await gate.schema());
      expect([known.resolver, known.revocable]).to.deep.equal([ZeroAddress, true]);
      expect(await gate.schemaUid()).to.equal(attestation.SCHEMA_UID);
      expect(await gate.schema()).to.equal(attestation.SCHEMA);
    });
  });

  describe("present", () => {
    it("ATT-1: gives the class to the provider until the attestation ends", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const { uid, expiresAt } = await attestTo(system, actors.ada);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(false);
      await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
        .to.emit(gate, "AttestationPresented")
        .withArgs(actors.ada, GPU_CLASS, uid, actors.attestor, expiresAt);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
      expect(await gate.holds(actors.ben, GPU_CLASS)).to.equal(false);
      expect(await gate.holds(actors.ada, GPU_CLASS + 1)).to.equal(false);
      const held = await gate.heldOf(actors.ada, GPU_CLASS);
      expect(membersOf(held)).to.deep.equal({
        attestor: actors.attestor.address,
        expiresAt: BigInt(expiresAt),
        uid,
      });
      await networkHelpers.time.increaseTo(expiresAt - 1);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
      await networkHelpers.time.increaseTo(expiresAt);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(false);
    });

    it("shows what is attested, and nothing where nothing was presented", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      await giveClass(system, actors.ada);
      const attested = await gate.attestedOf(actors.ada, GPU_CLASS);
      expect(membersOf(attested)).to.deep.equal({
        accelerator: BigInt(GPU_MACHINE.accelerator),
        executionProviders: BigInt(GPU_MACHINE.executionProviders),
        memoryMiB: BigInt(GPU_MACHINE.memoryMiB),
        maxTensorBytes: GPU_MACHINE.maxTensorBytes,
        tiers: BigInt(GPU_MACHINE.tiers),
        evidence: GPU_MACHINE.evidence,
      });
      const none = await gate.attestedOf(actors.ben, GPU_CLASS);
      expect(none.evidence).to.equal(ZeroHash);
      expect(none.memoryMiB).to.equal(0n);
    });

    it("replaces what was presented before, so a class can be renewed", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const first = await giveClass(system, actors.ada);
      const longer = await giveClass(system, actors.ada, { expiresAt: first.expiresAt + 1000 });
      expect((await gate.heldOf(actors.ada, GPU_CLASS)).uid).to.equal(longer.uid);
      await networkHelpers.time.increaseTo(first.expiresAt);
      expect(await gate.holds(actors.ada, GPU_CLASS)).to.equal(true);
    });

    it("everyone holds class zero, and nobody presents for it", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      expect(await gate.holds(actors.stranger, 0)).to.equal(true);
      const { uid } = await attestTo(system, actors.ada);
      for (const classId of [0, GPU_CLASS + 1]) {
        await expect(gate.connect(actors.ada).present(classId, uid))
          .to.be.revertedWithCustomError(gate, "AttestationGateUnknownClass")
          .withArgs(classId);
      }
    });

    it("reverts for an account that is no provider", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const { uid } = await attestTo(system, actors.ben);
      await expect(gate.connect(actors.ben).present(GPU_CLASS, uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateNotRegistered")
        .withArgs(actors.ben);
    });

    it("ATT-1: reverts for an attestation that EAS does not know", async () => {
      const { gate, actors } = await networkHelpers.loadFixture(withAda);
      await expect(gate.connect(actors.ada).present(GPU_CLASS, id("made up")))
        .to.be.revertedWithCustomError(gate, "AttestationGateUnknownAttestation")
        .withArgs(id("made up"));
    });

    it("ATT-1: reverts for an attestation about someone else", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const { uid } = await attestTo(system, actors.ben);
      await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateWrongRecipient")
        .withArgs(uid, actors.ben);
    });

    it("ATT-1: reverts for another schema, even one with the same fields", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, schemas, actors } = system;
      const irrevocable = easAbi.schemaUid(attestation.SCHEMA, ZeroAddress, false);
      await schemas.getFunction("register").send(attestation.SCHEMA, ZeroAddress, false);
      const { uid } = await attestTo(system, actors.ada, { schema: irrevocable, revocable: false });
      await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateWrongSchema")
        .withArgs(uid, irrevocable);
    });

    it("ATT-1: reverts for the word of someone whom governance does not trust, the provider's own included", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      for (const attestor of [actors.stranger, actors.ada]) {
        const { uid } = await attestTo(system, actors.ada, { attestor });
        await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
          .to.be.revertedWithCustomError(gate, "AttestationGateUntrustedAttestor")
          .withArgs(uid, attestor);
      }
    });

    it("ATT-1: reverts for a revoked attestation", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const { uid } = await attestTo(system, actors.ada);
      const revokedAt = await revoke(system, uid);
      await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateRevoked")
        .withArgs(uid, revokedAt);
    });

    it("reverts for an attestation that could never be revoked", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const { uid } = await attestTo(system, actors.ada, { revocable: false });
      await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateIrrevocable")
        .withArgs(uid);
    });

    it("ATT-1: reverts for an attestation that ended, or never ends", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const { uid, expiresAt } = await attestTo(system, actors.ada);
      const endless = await attestTo(system, actors.ada, { expiresAt: 0 });
      await networkHelpers.time.setNextBlockTimestamp(expiresAt);
      const asAda = gate.connect(actors.ada);
      await expect(asAda.present(GPU_CLASS, uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateInvalidExpiry")
        .withArgs(uid, expiresAt);
      await expect(asAda.present(GPU_CLASS, endless.uid))
        .to.be.revertedWithCustomError(gate, "AttestationGateInvalidExpiry")
        .withArgs(endless.uid, 0);
    });

    it("reverts for data of another length, or with a word too wide for its field", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const good = attestation.encodeCapabilities(GPU_MACHINE);
      const wordOf = (index: number) => 2 + index * 64;
      // One bit above the field's width.
      const widened = [16, 16, 32, 64, 8].map((bits, index) => {
        const value =
          BigInt(`0x${good.slice(wordOf(index), wordOf(index + 1))}`) | (1n << BigInt(bits));
        const word = value.toString(16).padStart(64, "0");
        return `${good.slice(0, wordOf(index))}${word}${good.slice(wordOf(index + 1))}`;
      });
      const malformed = ["0x", good.slice(0, -2), concat([good, "0x00"]), ...widened];
      for (const data of malformed) {
        const { uid } = await attestTo(system, actors.ada, { data });
        await expect(gate.connect(actors.ada).present(GPU_CLASS, uid), data)
          .to.be.revertedWithCustomError(gate, "AttestationGateMalformedData")
          .withArgs(uid, (data.length - 2) / 2);
      }
    });

    describe("reverts for a machine that lacks what the class asks for", () => {
      const weaker: [string, Partial<attestation.AttestedCapabilities>][] = [
        ["accelerator", { accelerator: 1 }],
        ["execution provider", { executionProviders: 1 }],
        ["memory", { memoryMiB: 16_383 }],
        ["tensor size", { maxTensorBytes: (1n << 28n) - 1n }],
        ["one of the tiers", { tiers: 1 }],
      ];
      for (const [name, capabilities] of weaker) {
        it(`ATT-1: ${name}`, async () => {
          const system = await networkHelpers.loadFixture(withAda);
          const { gate, actors } = system;
          const { uid } = await attestTo(system, actors.ada, { capabilities });
          await expect(gate.connect(actors.ada).present(GPU_CLASS, uid))
            .to.be.revertedWithCustomError(gate, "AttestationGateBelowClass")
            .withArgs(uid, GPU_CLASS);
        });
      }
    });

    it("asks only for what the class asks for", async () => {
      const system = await networkHelpers.loadFixture(withAda);
      const { gate, actors } = system;
      const memoryOnly = {
        accelerator: 0n,
        executionProviders: 0n,
        memoryMiB: 1n,
        maxTensorBytes: 0n,
        tiers: 0n,
      };
      await gate.connect(actors.governance).defineClass(65_535, memoryOnly);
      const { uid } = await attestTo(system, actors.ada, {
        capabilities: {
          accelerator: 0,
          executionProviders: 0,
          memoryMiB: 1,
          maxTensorBytes: 0n,
          tiers: 0,
          evidence: ZeroHash,
        },
      });
      await gate.connect(actors.ada).present(65_535, uid);
      expect(await gate.holds(actors.ada, 65_535)).to.equal(true);
    });
  });
});
