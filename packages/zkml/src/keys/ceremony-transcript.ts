import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { PowersOfTau } from "./powers-of-tau.ts";

export const CEREMONY_FORMAT = "lattice.ceremony.v1";
const FILE = "transcript.json";

/** The circuit that a ceremony makes a key for; hashes are SHA-256, hex, where nothing else is said. */
export interface CeremonyCircuit {
  readonly sourceSha256: string;
  readonly r1csSha256: string;
  readonly wasmSha256: string;
  readonly constraints: number;
  readonly publicSignals: readonly string[];
  readonly jobsPerProof: number;
  readonly compiler: string;
}

/** Commitments of the model whose circuit it is. */
export interface CeremonyModel {
  readonly digest: string;
  readonly programRoot: string;
  readonly weightsRoot: string;
}

export interface TranscriptEntry {
  /** Relative to the ceremony's directory. */
  readonly file: string;
  readonly sha256: string;
  readonly kind: "contribution" | "beacon";
  readonly name: string;
  /** BLAKE2b-512 of the contribution's public key, hex. */
  readonly hash: string;
  /** Of a beacon: its value, the exponent of its iterations, and where the value was published. */
  readonly beacon?: {
    readonly value: string;
    readonly iterationsExp: number;
    readonly source: string;
  };
}

/** What a ceremony's directory says of itself; `verifyCeremony` checks all of it. */
export interface CeremonyTranscript {
  readonly format: typeof CEREMONY_FORMAT;
  readonly name: string;
  readonly model: CeremonyModel | null;
  readonly circuit: CeremonyCircuit;
  readonly powersOfTau: PowersOfTau;
  /** BLAKE2b-512 that snarkjs gives the key before the first contribution, hex. */
  readonly circuitHash: string;
  readonly initialKey: { readonly file: string; readonly sha256: string };
  readonly contributions: readonly TranscriptEntry[];
}

export interface CeremonyFiles {
  readonly transcript: string;
  readonly r1cs: string;
  readonly wasm: string;
  /** A symbolic link; whoever gets the directory from others gives the file's path instead. */
  readonly ptau: string;
  key(index: number): string;
}

export function ceremonyFiles(directory: string): CeremonyFiles {
  return {
    transcript: join(directory, FILE),
    r1cs: join(directory, "circuit.r1cs"),
    wasm: join(directory, "circuit.wasm"),
    ptau: join(directory, "powers.ptau"),
    key: (index) => join(directory, keyFile(index)),
  };
}

/** Name of the key after `index` contributions. */
export function keyFile(index: number): string {
  return `${String(index).padStart(4, "0")}.zkey`;
}

/** @throws ZkmlError CEREMONY_INVALID when there is none, or it is not well-formed. */
export async function readTranscript(directory: string): Promise<CeremonyTranscript> {
  const path = ceremonyFiles(directory).transcript;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    const message = `cannot read ${path} (${code}); zk:setup starts a ceremony`;
    throw new ZkmlError("CEREMONY_INVALID", message, { path }, { cause });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw malformed(path, "it is not JSON", cause);
  }
  const problem = findProblem(parsed);
  if (problem !== undefined) throw malformed(path, problem);
  return parsed as CeremonyTranscript;
}

/** Replaces the transcript whole. */
export async function writeTranscript(
  directory: string,
  transcript: CeremonyTranscript,
): Promise<void> {
  const { transcript: path } = ceremonyFiles(directory);
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  await writeFile(temporary, `${JSON.stringify(transcript, null, 2)}\n`, { flush: true });
  await rename(temporary, path);
}

type Fields = Readonly<Record<string, unknown>>;

function findProblem(value: unknown): string | undefined {
  if (!isObject(value) || value.format !== CEREMONY_FORMAT) return `it is no ${CEREMONY_FORMAT}`;
  const { circuit, powersOfTau, initialKey, contributions, model } = value;
  const texts = (of: unknown, ...names: string[]): boolean =>
    isObject(of) && names.every((name) => typeof of[name] === "string");
  const wellFormed =
    texts(value, "name", "circuitHash") &&
    texts(circuit, "sourceSha256", "r1csSha256", "wasmSha256", "compiler") &&
    Number.isSafeInteger((circuit as Fields).constraints) &&
    Number.isSafeInteger((circuit as Fields).jobsPerProof) &&
    Array.isArray((circuit as Fields).publicSignals) &&
    texts(powersOfTau, "blake2b", "origin") &&
    Number.isSafeInteger((powersOfTau as Fields).power) &&
    texts(initialKey, "file", "sha256") &&
    (model === null || texts(model, "digest", "programRoot", "weightsRoot"));
  if (!wellFormed || !Array.isArray(contributions)) return "a field is missing or of another type";
  const index = contributions.findIndex((entry) => !isEntry(entry));
  return index === -1 ? undefined : `contribution ${index + 1} lacks a field`;
}

function isEntry(entry: unknown): boolean {
  if (!isObject(entry)) return false;
  const names = ["file", "sha256", "name", "hash"];
  if (!names.every((name) => typeof entry[name] === "string")) return false;
  if (entry.kind === "contribution") return entry.beacon === undefined;
  const { beacon } = entry;
  return (
    entry.kind === "beacon" &&
    isObject(beacon) &&
    typeof beacon.value === "string" &&
    typeof beacon.source === "string" &&
    Number.isSafeInteger(beacon.iterationsExp)
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(path: string, detail: string, cause?: unknown): ZkmlError {
  return new ZkmlError(
    "CEREMONY_INVALID",
    `${path} is no transcript of a ceremony: ${detail}`,
    { path },
    { cause },
  );
}
