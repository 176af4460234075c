import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  applyBeacon,
  contribute,
  type StartCeremony,
  startCeremony,
} from "../../src/keys/ceremony.ts";
import { type CeremonyTranscript, readTranscript } from "../../src/keys/ceremony-transcript.ts";
import { sha256 } from "../../src/keys/development-key.ts";
import { developmentSecrets } from "../../src/keys/secrets.ts";
import { type VerifyCeremony, verifyCeremony } from "../../src/keys/verify-ceremony.ts";
import type { TestCircuit } from "../circuit/harness.ts";
import { writePreparedPowersOfTau } from "./powers-of-tau.ts";
import { compileTiny } from "./tiny-circuit.ts";

export const BEACON = {
  value: "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
  iterationsExp: 10,
  source: "drand round 4242",
} as const;

/** The tiny circuit with powers of tau of its own, and ceremonies about it. */
export interface TinyWorld {
  readonly directory: string;
  readonly circuit: TestCircuit;
  readonly ptauPath: string;
  readonly ptauHash: string;
  /** Starts a ceremony in a directory of this name. */
  start(name: string, changes?: Partial<StartCeremony>): Promise<string>;
  verify(directory: string, changes?: Partial<VerifyCeremony>): ReturnType<typeof verifyCeremony>;
  /** A copy of a ceremony, to be spoiled. */
  copy(directory: string, name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function tinyWorld(): Promise<TinyWorld> {
  const directory = await mkdtemp(join(tmpdir(), "zkml-ceremony-"));
  const circuit = await compileTiny();
  const ptauPath = join(directory, "tiny.ptau");
  const ptauHash = await writePreparedPowersOfTau(ptauPath, 4, developmentSecrets(Buffer.of(1)));
  return {
    directory,
    circuit,
    ptauPath,
    ptauHash,
    start: async (name, changes = {}) => {
      const target = join(directory, name);
      await startCeremony({
        directory: target,
        name: "tiny",
        r1csPath: join(circuit.directory, "circuit.r1cs"),
        wasmPath: join(circuit.directory, "circuit.wasm"),
        circuit: {
          sourceSha256: sha256("tiny"),
          publicSignals: ["product", "shifted", "tag"],
          jobsPerProof: 1,
          compiler: "circom2",
        },
        ptauPath,
        ptauHash,
        ...changes,
      });
      return target;
    },
    verify: (target, changes = {}) => verifyCeremony({ directory: target, ptauHash, ...changes }),
    copy: async (from, name) => {
      const target = join(directory, name);
      await cp(from, target, { recursive: true, verbatimSymlinks: true });
      return target;
    },
    remove: async () => {
      await circuit.remove();
      await rm(directory, { recursive: true });
    },
  };
}

/** Two contributions and a beacon. */
export async function hold(directory: string): Promise<void> {
  await contribute({ directory, name: "Ada" });
  await contribute({ directory, name: "Grace", entropy: "noise of the street" });
  await applyBeacon({ directory, ...BEACON });
}

type Draft = { -readonly [K in keyof CeremonyTranscript]: CeremonyTranscript[K] };

/** Rewrites a transcript, as somebody would who wants to hide what was done to the files. */
export async function rewrite(directory: string, change: (draft: Draft) => void): Promise<void> {
  const draft: Draft = { ...(await readTranscript(directory)) };
  change(draft);
  await writeFile(join(directory, "transcript.json"), JSON.stringify(draft));
}

/** Flips a bit of a file, and gives its new SHA-256. */
export async function spoil(path: string, offset: number): Promise<string> {
  const bytes = await readFile(path);
  const at = offset < 0 ? bytes.length + offset : offset;
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(path, bytes);
  return sha256(bytes);
}
