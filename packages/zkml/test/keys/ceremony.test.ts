import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { groth16, wtns } from "snarkjs";
import type { ModelCircuit } from "../../src/circuit/build.ts";
import { applyBeacon, contribute } from "../../src/keys/ceremony.ts";
import { readTranscript } from "../../src/keys/ceremony-transcript.ts";
import { sha256 } from "../../src/keys/development-key.ts";
import { exportCeremony } from "../../src/keys/export-ceremony.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { proofWords, verifyProof } from "../../src/keys/groth16.ts";
import { installCeremonyKey, withInstalledKey } from "../../src/keys/installed-key.ts";
import { readMpcRecord } from "../../src/keys/mpc-contributions.ts";
import type { VerifiedCeremony } from "../../src/keys/verify-ceremony.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { forgeProof } from "./forgery.ts";
import { BEACON, hold, spoil, type TinyWorld, tinyWorld } from "./tiny-ceremony.ts";
import { TINY_INPUTS, TINY_PUBLIC } from "./tiny-circuit.ts";

describe("a key ceremony", () => {
  let world: TinyWorld;
  let held: string;
  let verified: VerifiedCeremony;

  before(async () => {
    world = await tinyWorld();
    held = await world.start("held");
    await hold(held);
    verified = await world.verify(held);
  });

  after(async () => {
    const { curve_bn128: curve } = globalThis as { curve_bn128?: { terminate(): Promise<void> } };
    await curve?.terminate();
    await world.remove();
  });

  it("keeps a transcript of who contributed, in order, with the hashes that the keys carry", async () => {
    const { contributions, powersOfTau, circuit, name } = await readTranscript(held);
    expect(name).to.equal("tiny");
    expect(powersOfTau).to.deep.equal({ power: 4, blake2b: world.ptauHash, origin: "given" });
    expect(circuit.constraints).to.equal(world.circuit.r1cs.constraints.length);
    expect(contributions.map(({ name: by }) => by)).to.deep.equal(["Ada", "Grace", BEACON.source]);
    expect(contributions.map(({ kind }) => kind)).to.deep.equal([
      "contribution",
      "contribution",
      "beacon",
    ]);
    expect(contributions[2]?.beacon).to.deep.equal(BEACON);
    const record = await readMpcRecord(join(held, "0003.zkey"));
    expect(record.contributions.map(({ hash }) => hash)).to.deep.equal(
      contributions.map(({ hash }) => hash),
    );
    expect(new Set(contributions.map(({ hash }) => hash)).size).to.equal(3);
  });

  it("verifies, and gives a sound key whose proofs verify", async () => {
    const { verificationKey, finalKey, closed } = verified;
    expect(closed).to.equal(true);
    const witness = join(world.directory, "tiny.wtns");
    await wtns.calculate(TINY_INPUTS, join(held, "circuit.wasm"), witness);
    const options = { singleThread: true };
    const { proof } = await groth16.prove(finalKey, witness, undefined, options);
    const signals = TINY_PUBLIC.map((value) => (value + FIELD_ORDER) % FIELD_ORDER);
    expect(await verifyProof(verificationKey, signals, proofWords(proof))).to.equal(true);
    const other = signals.with(0, 5n);
    expect(await verifyProof(verificationKey, other, proofWords(proof))).to.equal(false);
    const forged = await forgeProof(verificationKey, other);
    expect(await verifyProof(verificationKey, other, forged)).to.equal(false);
  });

  it("hashes contributions as snarkjs does", async () => {
    const target = await world.start("hashes");
    const entry = await contribute({ directory: target, name: "Ada" });
    const { zKey } = await import("snarkjs");
    const to = join(world.directory, "theirs.zkey");
    const theirs = await zKey.contribute(join(target, "0001.zkey"), to, "Grace", "x");
    const [first, second] = (await readMpcRecord(to)).contributions;
    expect(first?.hash).to.equal(entry.hash);
    expect(second?.hash).to.equal(Buffer.from(theirs).toString("hex"));
  });

  it("starts from the same bytes, and never ends in the same key", async () => {
    const [a, b] = [await world.start("first"), await world.start("second")];
    const initial = await Promise.all(
      [a, b].map(async (of) => (await readTranscript(of)).initialKey),
    );
    expect(initial[0]).to.deep.equal(initial[1]);
    for (const directory of [a, b]) await contribute({ directory, name: "Ada", entropy: "same" });
    const last = await Promise.all([a, b].map((of) => readFile(join(of, "0001.zkey"))));
    expect(sha256(last[0] as Buffer)).to.not.equal(sha256(last[1] as Buffer));
  });

  it("verifies without a beacon, and says that it is not closed", async () => {
    const target = await world.start("open");
    await contribute({ directory: target, name: "Ada" });
    expect((await world.verify(target)).closed).to.equal(false);
  });

  it("exports the key, the verifiers and a manifest entry with the contributors", async () => {
    const { files } = await exportCeremony(verified, {
      contract: "TinyVerifier",
      batch: true,
    });
    expect(Object.keys(files).sort()).to.deep.equal([
      "TinyBatchVerifier.sol",
      "TinyVerifier.sol",
      "manifest.json",
      "verification_key.json",
    ]);
    expect(files["TinyVerifier.sol"]).to.match(/^contract TinyVerifier \{/m);
    expect(files["TinyVerifier.sol"]).to.not.contain("DEVELOPMENT");
    const { tiny } = JSON.parse(files["manifest.json"] as string);
    expect(tiny).to.deep.include({ keyStatus: "ceremony", constraints: 3 });
    expect(tiny.contract.sha256).to.equal(sha256(files["TinyVerifier.sol"] as string));
    expect(tiny.ceremony.contributions.map(({ name }: { name: string }) => name)).to.deep.equal([
      "Ada",
      "Grace",
      BEACON.source,
    ]);
  });

  it("gives no development name to the contract of a ceremony", async () => {
    for (const contract of ["TinyDevVerifier", "Tiny", "Verifier"]) {
      await expectZkmlError(() => exportCeremony(verified, { contract }), {
        code: "KEY_FAILED",
        metadata: { contractName: contract, status: "ceremony" },
      });
    }
  });

  it("puts its key where provers find it, for its circuit alone", async () => {
    const cacheDir = join(world.directory, "cache");
    const r1csHash = verified.transcript.circuit.r1csSha256;
    const circuit = { r1csHash, zkeyPath: "development.zkey" } as ModelCircuit;
    const development = { ...circuit, keyStatus: "development" };
    expect(await withInstalledKey(circuit, cacheDir)).to.deep.equal(development);
    const directory = await installCeremonyKey(verified, cacheDir);
    await installCeremonyKey(verified, cacheDir);
    expect(await withInstalledKey(circuit, cacheDir)).to.deep.include({
      keyStatus: "ceremony",
      zkeyPath: join(directory, "circuit.zkey"),
      zkeyHash: sha256(await readFile(verified.finalKey)),
      verificationKey: verified.verificationKey,
    });
    const other = { ...circuit, r1csHash: "00" };
    expect((await withInstalledKey(other, cacheDir)).keyStatus).to.equal("development");
    await spoil(join(directory, "circuit.zkey"), 100);
    await expectZkmlError(() => withInstalledKey(circuit, cacheDir), {
      code: "KEY_CORRUPT",
      metadata: { directory },
    });
  });

  describe("steps out of order", () => {
    it("are refused: a second start, a beacon first, anything after the beacon", async () => {
      const invalid = (message: RegExp) => ({ code: "CEREMONY_INVALID", message }) as const;
      await expectZkmlError(() => world.start("held"), invalid(/holds a ceremony already/));
      const target = await world.start("orders");
      const beacon = () => applyBeacon({ directory: target, ...BEACON });
      await expectZkmlError(beacon, invalid(/contribute first/));
      await expectZkmlError(
        () => contribute({ directory: held, name: "Late" }),
        invalid(/beacon has closed/),
      );
      await rm(join(target, "transcript.json"));
      await expectZkmlError(
        () => contribute({ directory: target, name: "Ada" }),
        invalid(/zk:setup starts/),
      );
    });

    it("are refused: names that cannot be read, beacons that are none", async () => {
      const target = await world.start("names");
      for (const name of ["", " Ada", "A\nda", "x".repeat(65)]) {
        await expectZkmlError(() => contribute({ directory: target, name }), {
          code: "CEREMONY_INVALID",
          message: /1 to 64 visible characters/,
        });
      }
      for (const [changes, message] of [
        [{ value: "0g" }, /1 to 254 bytes/],
        [{ value: "abc" }, /1 to 254 bytes/],
        [{ iterationsExp: 9 }, /not 2\^9/],
        [{ iterationsExp: 64 }, /not 2\^64/],
      ] as const) {
        await expectZkmlError(() => applyBeacon({ directory: target, ...BEACON, ...changes }), {
          code: "CEREMONY_INVALID",
          message,
        });
      }
    });

    it("go on after a step that was interrupted", async () => {
      const target = await world.start("interrupted");
      await writeFile(join(target, "0001.zkey"), "what a killed process left behind");
      await contribute({ directory: target, name: "Ada" });
      expect((await world.verify(target)).transcript.contributions).to.have.lengthOf(1);
    });
  });
});
