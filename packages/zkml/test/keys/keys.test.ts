import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Groth16Proof, groth16, powersOfTau, wtns, zKey } from "snarkjs";
import { readSections } from "../../src/keys/binary-file.ts";
import { checkDevelopmentKey } from "../../src/keys/check-key.ts";
import { makeDevelopmentKey, sha256 } from "../../src/keys/development-key.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { proofWords, snarkjsProof, verifyProof } from "../../src/keys/groth16.ts";
import { encodeProvingKey } from "../../src/keys/proving-key.ts";
import { developmentSecrets, type SetupSecrets } from "../../src/keys/secrets.ts";
import {
  exportVerificationKey,
  parseVerificationKey,
  type VerificationKey,
} from "../../src/keys/verification-key.ts";
import type { TestCircuit } from "../circuit/harness.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { forgeProof } from "./forgery.ts";
import { writePowersOfTau } from "./powers-of-tau.ts";
import { compileTiny, TINY_INPUTS, TINY_PUBLIC } from "./tiny-circuit.ts";

const SIGNALS = TINY_PUBLIC.map((value) => (value + FIELD_ORDER) % FIELD_ORDER);
const secrets = developmentSecrets(Buffer.from("test"));
/** What snarkjs's `zkey new` leaves behind, before any contribution. */
const unfinished: SetupSecrets = { ...secrets, gamma: 1n, delta: 1n };

/** snarkjs keeps a curve with worker threads for the whole process. */
async function stopSnarkjs(): Promise<void> {
  const { curve_bn128: curve } = globalThis as { curve_bn128?: { terminate(): Promise<void> } };
  await curve?.terminate();
}

describe("development keys", () => {
  let circuit: TestCircuit;
  let zkey: Buffer;
  let key: VerificationKey;
  let proof: Groth16Proof;
  const at = (name: string): string => join(circuit.directory, name);

  before(async () => {
    circuit = await compileTiny();
    zkey = await encodeProvingKey(circuit.r1cs, secrets);
    key = await exportVerificationKey(zkey);
    await writeFile(at("tiny.zkey"), zkey);
    await wtns.calculate(TINY_INPUTS, at("circuit.wasm"), at("tiny.wtns"));
    const options = { singleThread: true };
    ({ proof } = await groth16.prove(at("tiny.zkey"), at("tiny.wtns"), undefined, options));
  });

  after(async () => {
    await stopSnarkjs();
    await circuit.remove();
  });

  describe("against snarkjs", () => {
    it("writes the sections that snarkjs makes from powers of tau with the same secrets", async () => {
      await writePowersOfTau(at("raw.ptau"), 4, unfinished);
      await powersOfTau.preparePhase2(at("raw.ptau"), at("ready.ptau"));
      await zKey.newZKey(at("circuit.r1cs"), at("ready.ptau"), at("theirs.zkey"));
      const theirs = readSections(await readFile(at("theirs.zkey")), "zkey", "KEY_CORRUPT");
      const bytes = await encodeProvingKey(circuit.r1cs, unfinished);
      const ours = readSections(bytes, "zkey", "KEY_CORRUPT");
      expect([...ours.keys()].sort()).to.deep.equal([...theirs.keys()].sort());
      for (let section = 1; section <= 9; section++) {
        const [a, b] = [ours.get(section), theirs.get(section)].map((part) =>
          Buffer.from(part as Uint8Array).toString("hex"),
        );
        expect(a, `section ${section}`).to.equal(b);
      }
    });

    it("exports the verification key that snarkjs exports", async () => {
      expect(await zKey.exportVerificationKey(at("tiny.zkey"))).to.deep.equal(key);
    });

    it("has its proofs accepted, and none for another statement", async () => {
      const signals = SIGNALS.map(String);
      expect(await groth16.verify(key, signals, proof)).to.equal(true);
      for (let i = 0; i < signals.length; i++) {
        expect(await groth16.verify(key, signals.with(i, "12345"), proof)).to.equal(false);
      }
    });

    it("orders the words of a proof as snarkjs's call data", async () => {
      const data = await groth16.exportSolidityCallData(proof, SIGNALS.map(String));
      const [a, b, c] = JSON.parse(`[${data}]`) as [string[], string[][], string[]];
      expect(proofWords(proof)).to.deep.equal([...a, ...b.flat(), ...c].map(BigInt));
      expect(snarkjsProof(proofWords(proof))).to.deep.equal(proof);
    });
  });

  describe("makeDevelopmentKey", () => {
    it("makes the same bytes twice", async () => {
      const first = await makeDevelopmentKey(at("circuit.r1cs"), at("first.zkey"));
      const second = await makeDevelopmentKey(at("circuit.r1cs"), at("second.zkey"));
      expect(second).to.deep.equal(first);
      expect(first.zkeyHash).to.equal(sha256(await readFile(at("second.zkey"))));
      expect(first.constraints).to.equal(circuit.r1cs.constraints.length);
    });

    it("derives non-zero secrets, gamma and delta from the circuit", () => {
      const [a, b] = [developmentSecrets(Buffer.from("a")), developmentSecrets(Buffer.from("b"))];
      expect([a.tau, a.alpha, a.beta]).to.deep.equal([b.tau, b.alpha, b.beta]);
      expect(new Set([...Object.values(a), b.gamma, b.delta]).size).to.equal(7);
      expect(Object.values(a).every((value) => value > 0n && value < FIELD_ORDER)).to.equal(true);
    });

    it("refuses a truncated circuit", async () => {
      const bytes = await readFile(at("circuit.r1cs"));
      await writeFile(at("short.r1cs"), bytes.subarray(0, bytes.length - 40));
      await expectZkmlError(() => makeDevelopmentKey(at("short.r1cs"), at("short.zkey")), {
        code: "CIRCUIT_CORRUPT",
        message: /cut short/,
      });
    });
  });

  describe("verifyProof", () => {
    it("accepts the proof", async () => {
      expect(await verifyProof(key, SIGNALS, proofWords(proof))).to.equal(true);
    });

    it("refuses every other public signal and every other word", async () => {
      const words = proofWords(proof);
      for (let i = 0; i < SIGNALS.length; i++) {
        const changed = SIGNALS.with(i, (SIGNALS[i] as bigint) + 1n);
        expect(await verifyProof(key, changed, words), `signal ${i}`).to.equal(false);
      }
      for (let i = 0; i < words.length; i++) {
        const changed = words.map((word, j) => (i === j ? word + 1n : word));
        const other = changed as unknown as typeof words;
        expect(await verifyProof(key, SIGNALS, other), `word ${i}`).to.equal(false);
      }
    });

    it("refuses a signal that is equal only modulo the field order", async () => {
      const wrapped = SIGNALS.with(2, (SIGNALS[2] as bigint) + FIELD_ORDER);
      expect(await verifyProof(key, wrapped, proofWords(proof))).to.equal(false);
      expect(await verifyProof(key, SIGNALS.slice(1), proofWords(proof))).to.equal(false);
    });
  });

  describe("a skipped second phase", () => {
    const anything = [1n, 2n, 3n];
    let unsafe: VerificationKey;

    before(async () => {
      await writeFile(at("unsafe.zkey"), await encodeProvingKey(circuit.r1cs, unfinished));
      unsafe = (await zKey.exportVerificationKey(at("unsafe.zkey"))) as VerificationKey;
    });

    it("lets anybody prove anything", async () => {
      const forged = snarkjsProof(await forgeProof(unsafe, anything));
      expect(await groth16.verify(unsafe, anything.map(String), forged)).to.equal(true);
    });

    it("is refused by whatever exports, loads or verifies with the key", async () => {
      const expected = { code: "KEY_UNSAFE", message: /delta equals gamma/ } as const;
      const bytes = await readFile(at("unsafe.zkey"));
      await expectZkmlError(() => exportVerificationKey(bytes), expected);
      await expectZkmlError(() => parseVerificationKey(JSON.stringify(unsafe)), expected);
      const forged = await forgeProof(unsafe, anything);
      await expectZkmlError(() => verifyProof(unsafe, anything, forged), expected);
    });

    it("does not help against a sound key", async () => {
      expect(await verifyProof(key, anything, await forgeProof(key, anything))).to.equal(false);
      expect(await verifyProof(key, anything, await forgeProof(unsafe, anything))).to.equal(false);
    });

    it("is refused with delta the negative of gamma as well", async () => {
      const delta = FIELD_ORDER - secrets.gamma;
      const mirrored = await encodeProvingKey(circuit.r1cs, { ...secrets, delta });
      await expectZkmlError(() => exportVerificationKey(mirrored), {
        code: "KEY_UNSAFE",
        message: /negative/,
      });
    });
  });

  describe("checkDevelopmentKey", () => {
    it("accepts the key of the circuit and secrets", () =>
      checkDevelopmentKey(zkey, circuit.r1cs, secrets));

    it("refuses other secrets", () =>
      expectZkmlError(
        () => checkDevelopmentKey(zkey, circuit.r1cs, { ...secrets, tau: secrets.tau + 1n }),
        { code: "KEY_CORRUPT", metadata: { part: "section 3" } },
      ));

    for (const section of [3, 5, 6, 7, 8, 9]) {
      it(`notices one wrong point in section ${section}`, () => {
        const damaged = Buffer.from(zkey);
        const part = readSections(damaged, "zkey", "KEY_CORRUPT").get(section) as Uint8Array;
        // Two points change places: all of them stay on the curve.
        const size = section === 7 ? 128 : 64;
        const points = Array.from({ length: part.length / size }, (_, i) =>
          part.slice(i * size, (i + 1) * size),
        );
        const other = points.findIndex((point) => Buffer.compare(point, points[0] as Uint8Array));
        part.set(points[other] as Uint8Array, 0);
        part.set(points[0] as Uint8Array, other * size);
        return expectZkmlError(() => checkDevelopmentKey(damaged, circuit.r1cs, secrets), {
          code: "KEY_CORRUPT",
          metadata: { part: `section ${section}` },
        });
      });
    }
  });

  describe("malformed verification keys", () => {
    it("refuses text that is no JSON, another protocol, and missing inputs", async () => {
      const texts = ["{", "null", JSON.stringify({ ...key, protocol: "plonk" })];
      texts.push(JSON.stringify({ ...key, IC: key.IC.slice(1) }));
      texts.push(JSON.stringify({ ...key, vk_beta_2: [["1"]] }));
      for (const text of texts) {
        await expectZkmlError(() => parseVerificationKey(text), { code: "KEY_CORRUPT" });
      }
    });

    it("refuses points off the curve and at infinity", async () => {
      for (const point of [
        ["1", "3", "1"],
        ["0", "1", "0"],
      ]) {
        const text = JSON.stringify({ ...key, vk_alpha_1: point });
        await expectZkmlError(() => parseVerificationKey(text), { code: "KEY_UNSAFE" });
      }
    });

    it("refuses a file that is no key", async () => {
      const wrong = [Buffer.alloc(0), Buffer.from("zkey"), Buffer.from("r1cs00000000")];
      for (const bytes of [...wrong, zkey.subarray(0, 500)]) {
        await expectZkmlError(() => exportVerificationKey(bytes), { code: "KEY_CORRUPT" });
      }
    });
  });
});
