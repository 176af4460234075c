import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSections } from "../../src/keys/binary-file.ts";
import { readTranscript, type TranscriptEntry } from "../../src/keys/ceremony-transcript.ts";
import { sha256 } from "../../src/keys/development-key.ts";
import { readMpcRecord } from "../../src/keys/mpc-contributions.ts";
import { checkPowersOfTau } from "../../src/keys/powers-of-tau.ts";
import { runCeremonyStep } from "../../src/keys/run-ceremony-step.ts";
import { developmentSecrets } from "../../src/keys/secrets.ts";
import { verifyCeremony } from "../../src/keys/verify-ceremony.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { writePowersOfTau, writePreparedPowersOfTau } from "./powers-of-tau.ts";
import { BEACON, hold, rewrite, type TinyWorld, tinyWorld } from "./tiny-ceremony.ts";

/** Those of the powers of tau in `tinyWorld`. */
const secrets = developmentSecrets(Buffer.of(1));
const invalid = (message: RegExp) => ({ code: "CEREMONY_INVALID", message }) as const;

describe("a key ceremony with unsound inputs is refused by name", () => {
  let world: TinyWorld;
  let held: string;

  before(async () => {
    world = await tinyWorld();
    held = await world.start("held");
    await hold(held);
  });

  after(() => world.remove());

  describe("powers of tau", () => {
    const ptau = { code: "PTAU_REFUSED" } as const;

    it("with another hash than the published or the given one", async () => {
      const { ptauHash: right } = world;
      await expectZkmlError(() => world.start("wrong", { ptauHash: `00${right.slice(2)}` }), {
        ...ptau,
        message: /has the BLAKE2b-512 hash/,
      });
      // A file of power 4 is none of the published ones.
      await expectZkmlError(() => verifyCeremony({ directory: held }), {
        ...ptau,
        message: /no hash of a powers-of-tau file of power 4 is published/,
      });
      await expectZkmlError(() => world.start("short", { ptauHash: "abc" }), {
        ...ptau,
        message: /128 hexadecimal digits/,
      });
    });

    it("that claim a published power with other bytes", async () => {
      const path = join(world.directory, "claims.ptau");
      const bytes = await readFile(world.ptauPath);
      // The power stands behind the file's and the section's header, the word length and the prime.
      bytes.writeUInt32LE(8, 12 + 12 + 36);
      await writeFile(path, bytes);
      await expectZkmlError(() => checkPowersOfTau(path, { neededPower: 3 }), {
        ...ptau,
        message: /the published file of power 8 d6a8fb3a04feb600/,
      });
    });

    it("too small, missing, not prepared, or no powers of tau at all", async () => {
      const { ptauPath: path, ptauHash: expectedHash } = world;
      const check = (file: string, neededPower: number, message: RegExp) =>
        expectZkmlError(() => checkPowersOfTau(file, { neededPower, expectedHash }), {
          ...ptau,
          message,
        });
      await check(path, 5, /holds 2\^4 powers of tau and the circuit needs 2\^5/);
      await check(join(world.directory, "none"), 4, /ENOENT/);
      await check(join(held, "circuit.r1cs"), 4, /wrong magic/);
      const raw = join(world.directory, "raw.ptau");
      await writePowersOfTau(raw, 4, secrets);
      await check(raw, 4, /not prepared for phase 2/);
    });

    it("that are not those the ceremony began with", async () => {
      const ptauPath = join(world.directory, "other.ptau");
      const ptauHash = await writePreparedPowersOfTau(ptauPath, 4, {
        ...secrets,
        tau: secrets.tau + 1n,
      });
      await expectZkmlError(
        () => world.verify(held, { ptauPath, ptauHash }),
        invalid(/began with the powers of tau/),
      );
      const target = await world.copy(held, "swapped");
      await rewrite(target, (draft) => {
        draft.powersOfTau = { ...draft.powersOfTau, blake2b: ptauHash };
      });
      await expectZkmlError(
        () => world.verify(target, { ptauPath, ptauHash }),
        invalid(/0000\.zkey is not the key that the circuit and the powers of tau give/),
      );
    });
  });

  describe("phase 2", () => {
    it("that was skipped", async () => {
      const target = await world.start("skipped");
      await expectZkmlError(() => world.verify(target), {
        code: "KEY_UNSAFE",
        message: /phase 2 was skipped: nobody contributed/,
      });
    });

    it("that consists of a beacon alone, whose secret everybody knows", async () => {
      const target = await world.start("public");
      const [from, to] = [join(target, "0000.zkey"), join(target, "0001.zkey")];
      const { value, iterationsExp, source: name } = BEACON;
      await runCeremonyStep({ action: "beacon", from, to, name, value, iterationsExp });
      const [made] = (await readMpcRecord(to)).contributions;
      const sha = sha256(await readFile(to));
      await rewrite(target, (draft) => {
        const base = { file: "0001.zkey", sha256: sha, name, hash: made?.hash ?? "" };
        draft.contributions = [{ ...base, kind: "beacon", beacon: BEACON }];
      });
      await expectZkmlError(() => world.verify(target), {
        code: "KEY_UNSAFE",
        message: /its only secret is a beacon, which everybody knows/,
      });
    });

    it("with a contribution after the beacon", async () => {
      const target = await world.copy(held, "after");
      await rewrite(target, (draft) => {
        draft.contributions = [...draft.contributions, draft.contributions[0] as TranscriptEntry];
      });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/contribution 4 follows the beacon/),
      );
    });
  });

  describe("a circuit", () => {
    it("that was altered, listed or not", async () => {
      const target = await world.copy(held, "altered");
      const path = join(target, "circuit.r1cs");
      const bytes = await readFile(path);
      // The constant 3 of the first output becomes 4.
      const section = readSections(bytes, "r1cs", "CIRCUIT_CORRUPT").get(2) as Uint8Array;
      const three = section.findIndex((byte, i) => byte === 3 && section[i + 1] === 0 && i > 20);
      section[three] = 4;
      await writeFile(path, bytes);
      await expectZkmlError(() => world.verify(target), invalid(/circuit\.r1cs is not the file/));
      await rewrite(target, (draft) => {
        draft.circuit = { ...draft.circuit, r1csSha256: sha256(bytes) };
      });
      await expectZkmlError(
        () => world.verify(target),
        invalid(/0000\.zkey is not the key that the circuit and the powers of tau give/),
      );
    });

    it("that is not the model's", async () => {
      const { circuit } = await readTranscript(held);
      await world.verify(held, { expectedR1cs: circuit.r1csSha256 });
      await expectZkmlError(
        () => world.verify(held, { expectedR1cs: "00".repeat(32) }),
        invalid(/the model compiles to 0000/),
      );
    });
  });

  it("a transcript that is none", async () => {
    const target = await world.copy(held, "broken");
    for (const [text, message] of [
      ["{", /not JSON/],
      ["{}", /no lattice\.ceremony\.v1/],
      [JSON.stringify({ ...(await readTranscript(held)), circuit: {} }), /a field is missing/],
      [
        JSON.stringify({ ...(await readTranscript(held)), contributions: [1] }),
        /contribution 1 lacks/,
      ],
    ] as const) {
      await writeFile(join(target, "transcript.json"), text);
      await expectZkmlError(() => world.verify(target), invalid(message));
    }
  });
});
