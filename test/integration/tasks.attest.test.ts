import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attestation, bls, type Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, keccak256, parseEther, toUtf8Bytes, ZeroHash } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { openTaskChain, type TaskChain } from "./support/task-chain.ts";

const STAKE = parseEther("20000");
const REPORT = "memory 24576 MiB";
/** What ada declares; class 1 of a local deployment asks for twice the memory. */
const DECLARED = {
  accelerator: 2,
  memoryMiB: 8_192,
  maxTensorBytes: 1n << 28n,
  tiers: 1,
  maxCollateral: STAKE,
};

async function register(lattice: Lattice, provider: HardhatEthersSigner): Promise<void> {
  const { token, vault, registry, addresses } = lattice;
  const { StakeVault, ProviderRegistry } = addresses.contracts;
  const key = bls.keyFromSeed(id("ada"));
  const message = await registry.possessionMessage(provider);
  await (await token.approve(StakeVault, STAKE)).wait();
  await (await vault.provision(ProviderRegistry, STAKE)).wait();
  const possession = bls.sign(key, message, bls.POSSESSION_DST);
  await (
    await registry.register("local:1", provider, DECLARED, bls.publicKeyOf(key), possession)
  ).wait();
}

describe("provider:attest", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let lattice: Lattice;
  let attestor: HardhatEthersSigner;
  let ada: HardhatEthersSigner;
  let ben: HardhatEthersSigner;
  let evidence: string;

  const attest = (options: Record<string, string | boolean> = {}) =>
    chain.one("provider:attest", {
      provider: ada.address,
      memoryMib: "24576",
      executionProviders: "cuda,tensorrt",
      evidence,
      ...options,
    });
  const present = (uid: unknown, options: Record<string, string> = {}) => ({
    present: true,
    class: "1",
    uid: String(uid),
    from: ada.address,
    ...options,
  });

  before(async () => {
    chain = await openTaskChain();
    const [deployer, first, second] = chain.signers;
    if (!deployer || !first || !second) throw new Error("the node has too few accounts");
    // The local deployment trusts its deployer.
    [attestor, ada, ben] = [deployer, first, second];
    lattice = chain.as(attestor);
    await (await lattice.token.transfer(ada.address, STAKE)).wait();
    await register(chain.as(ada), ada);
    evidence = join(chain.folder, "report.txt");
    await writeFile(evidence, REPORT);
  });
  after(async () => {
    await chain?.close();
  });

  it("attests what the attestor saw, and for the rest what the provider declared", async () => {
    const made = await attest();
    expect(made).to.deep.include({ provider: ada.address, attestor: attestor.address });
    expect(made.trusted).to.equal(true);
    const found = await attestation.readAttestation(lattice, String(made.uid));
    expect(found).to.deep.include({
      schema: attestation.SCHEMA_UID,
      recipient: ada.address,
      attestor: attestor.address,
      expiresAt: made.expiresAt,
      revokedAt: 0,
      revocable: true,
    });
    expect(found.expiresAt - found.time).to.be.closeTo(90 * 86_400, 60);
    expect(attestation.decodeCapabilities(found.data)).to.deep.equal({
      accelerator: DECLARED.accelerator,
      executionProviders: 6,
      memoryMiB: 24_576,
      maxTensorBytes: DECLARED.maxTensorBytes,
      tiers: DECLARED.tiers,
      evidence: keccak256(toUtf8Bytes(REPORT)),
    });
  });

  it("says what is wrong before it sends anything", async () => {
    const head = await chain.head();
    const wrong = async (options: Record<string, string | boolean>, message: string) =>
      expectFailure(await chain.run("provider:attest", options), 2, message);
    const about = { provider: ada.address };
    await wrong({}, "--provider is needed");
    await wrong({ provider: ben.address }, "is not registered as a provider");
    await wrong({ ...about, days: "0" }, "--days 0 would end at once");
    await wrong({ ...about, evidence: "no.txt" }, "cannot read the evidence");
    await wrong({ ...about, executionProviders: "abacus" }, "abacus is none of cpu, cuda");
    await wrong({ present: true, class: "1" }, "--uid is needed");
    await wrong({ present: true, class: "65536", uid: ZeroHash }, "not between 1 and 65535");
    await wrong({ present: true, class: "1", uid: "0x12" }, "--uid 0x12 is not a 32-byte id");
    await wrong({ present: true, show: true }, "--present and --show are two commands");
    expect(await chain.head()).to.equal(head);
  });

  it("presents an attestation, and refuses one of a weaker machine in the contract's words", async () => {
    const weak = await attest({ memoryMib: "" });
    expectFailure(
      await chain.run("provider:attest", present(weak.uid)),
      1,
      `AttestationGateBelowClass(uid: ${weak.uid}, classId: 1)`,
    );
    const made = await attest();
    const presented = await chain.one("provider:attest", present(made.uid));
    expect(presented).to.deep.include({
      provider: ada.address,
      classId: 1,
      uid: made.uid,
      attestor: attestor.address,
      expiresAt: String(made.expiresAt),
    });
    expect(await lattice.gate.holds(ada, 1)).to.equal(true);
  });

  it("shows what a provider holds, and labels it", async () => {
    const shown = await chain.one("provider:attest", { show: true, provider: ada.address });
    const [held] = shown.classes as Record<string, unknown>[];
    expect(shown.classes).to.have.lengthOf(1);
    expect(held).to.deep.include({ classId: 1, holds: true, revokedAt: 0 });
    const { stdout } = await chain.run("provider:attest", { show: true, from: ada.address });
    expect(stdout).to.match(/^classes +1, attested and not proven$/m);
    expect(stdout).to.match(/^ {2}runtimes +cuda, tensorrt$/m);
    expect(await chain.one("provider:attest", { show: true, from: ben.address })).to.deep.equal({
      provider: ben.address,
      classes: [],
    });
  });

  it("warns an attestor whom governance does not trust", async () => {
    const made = await attest({ from: ben.address });
    expect(made).to.deep.include({ attestor: ben.address, trusted: false });
    expectFailure(
      await chain.run("provider:attest", present(made.uid)),
      1,
      `AttestationGateUntrustedAttestor(uid: ${made.uid}, attestor: ${ben.address})`,
    );
  });

  it("revokes, as the attestor alone; a report then jails the provider", async () => {
    const { uid } = await lattice.gate.heldOf(ada, 1);
    const report = { report: true, provider: ada.address, class: "1" };
    expectFailure(
      await chain.run("provider:attest", report),
      1,
      `AttestationGateStillCounts(provider: ${ada.address}, classId: 1, uid: ${uid})`,
    );
    expectFailure(
      await chain.run("provider:attest", { revoke: true, uid, from: ben.address }),
      1,
      "a contract refused: AccessDenied()",
    );
    const revoked = await chain.one("provider:attest", { revoke: true, uid });
    expect(revoked).to.deep.include({ uid, provider: ada.address });
    const shown = await chain.run("provider:attest", { show: true, provider: ada.address });
    expect(shown.stdout).to.match(/^class 1 +until .*, revoked at /m);
    const reported = await chain.one("provider:attest", { ...report, from: ben.address });
    expect(reported).to.deep.include({ provider: ada.address, classId: 1, jailed: true });
    expect(await lattice.registry.isAvailable(ada)).to.equal(false);
    expect(await attestation.readAttestedClasses(lattice, ada.address)).to.deep.equal([]);
  });
});
