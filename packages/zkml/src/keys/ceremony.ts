import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { resolve } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import {
  CEREMONY_FORMAT,
  type CeremonyCircuit,
  type CeremonyModel,
  type CeremonyTranscript,
  ceremonyFiles,
  keyFile,
  readTranscript,
  type TranscriptEntry,
  writeTranscript,
} from "./ceremony-transcript.ts";
import { hashFile } from "./file-sections.ts";
import { readMpcRecord } from "./mpc-contributions.ts";
import { checkPowersOfTau } from "./powers-of-tau.ts";
import { domainExponent } from "./qap.ts";
import { readR1cs } from "./r1cs.ts";
import { runCeremonyStep } from "./run-ceremony-step.ts";

export interface StartCeremony {
  /** Created; must not hold a ceremony yet. */
  readonly directory: string;
  readonly name: string;
  readonly r1csPath: string;
  readonly wasmPath: string;
  readonly circuit: Pick<
    CeremonyCircuit,
    "sourceSha256" | "publicSignals" | "jobsPerProof" | "compiler"
  >;
  readonly model?: CeremonyModel;
  /** Prepared powers of tau. */
  readonly ptauPath: string;
  /** BLAKE2b-512 that this file must have, hex; default: that of the published one. */
  readonly ptauHash?: string;
  readonly signal?: AbortSignal;
}

/**
 * Starts a ceremony: checks the powers of tau, makes the key that the first contributor goes on
 * with, and writes the transcript. That key accepts forged proofs; nobody may use it.
 * @throws ZkmlError PTAU_REFUSED, CIRCUIT_CORRUPT, KEY_FAILED, CEREMONY_INVALID when the directory
 * holds a ceremony.
 */
export async function startCeremony(options: StartCeremony): Promise<CeremonyTranscript> {
  const { directory, name, r1csPath, wasmPath, ptauPath, ptauHash, signal } = options;
  const files = ceremonyFiles(directory);
  await mkdir(directory, { recursive: true });
  await requireNoCeremony(directory, files.transcript);
  const r1cs = readR1cs(await readFile(r1csPath));
  const powersOfTau = await checkPowersOfTau(ptauPath, {
    neededPower: domainExponent(r1cs),
    ...(ptauHash === undefined ? {} : { expectedHash: ptauHash }),
  });
  await copyFile(r1csPath, files.r1cs);
  await copyFile(wasmPath, files.wasm);
  const ptau = resolve(ptauPath);
  const step = { action: "new", r1cs: files.r1cs, ptau, zkey: files.key(0) } as const;
  const problems = await runCeremonyStep(step, signal);
  if (problems.length > 0) throw failed("the first key could not be made", problems);
  if (ptau !== resolve(files.ptau)) {
    await rm(files.ptau, { force: true });
    await symlink(ptau, files.ptau);
  }
  const transcript: CeremonyTranscript = {
    format: CEREMONY_FORMAT,
    name,
    model: options.model ?? null,
    circuit: {
      ...options.circuit,
      r1csSha256: await hashFile(files.r1cs, "sha256"),
      wasmSha256: await hashFile(files.wasm, "sha256"),
      constraints: r1cs.constraints.length,
    },
    powersOfTau,
    circuitHash: (await readMpcRecord(files.key(0))).circuitHash,
    initialKey: { file: keyFile(0), sha256: await hashFile(files.key(0), "sha256") },
    contributions: [],
  };
  await writeTranscript(directory, transcript);
  return transcript;
}

async function requireNoCeremony(directory: string, path: string): Promise<void> {
  try {
    await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  throw new ZkmlError(
    "CEREMONY_INVALID",
    `${directory} holds a ceremony already; name another directory, or remove this one`,
    { directory },
  );
}

export interface Contribute {
  readonly directory: string;
  /** How the contributor wants to be known, 1 to 64 characters. */
  readonly name: string;
  /**
   * Added to 64 bytes from the system's generator, which are enough by themselves. It must never
   * have been on a command line, in a log or in a file that others can read.
   */
  readonly entropy?: string;
  readonly signal?: AbortSignal;
}

/**
 * Adds a contribution whose secret is forgotten when its process ends.
 * @returns the new entry; its hash is what the contributor should publish.
 * @throws ZkmlError CEREMONY_INVALID when the last key is not the transcript's, or a beacon has
 * closed the ceremony; KEY_FAILED.
 */
export async function contribute(options: Contribute): Promise<TranscriptEntry> {
  const { directory, signal } = options;
  const name = checkedName(options.name);
  const entropy = randomBytes(64).toString("hex") + (options.entropy ?? "");
  return await append(directory, async (from, to) => {
    const step = { action: "contribute", from, to, name, entropy } as const;
    return { problems: await runCeremonyStep(step, signal), kind: "contribution" };
  });
}

export interface ApplyBeacon {
  readonly directory: string;
  /** 1 to 254 bytes, hex: a public value that nobody knew when the last contribution was made. */
  readonly value: string;
  /** The value is hashed 2^iterationsExp times; 10 to 63. */
  readonly iterationsExp: number;
  /** Where everybody can read the value, 1 to 64 characters, such as "drand round 4242". */
  readonly source: string;
  readonly signal?: AbortSignal;
}

/**
 * Closes a ceremony with a public random value, so that the last contributor cannot choose the key.
 * @throws ZkmlError CEREMONY_INVALID for a malformed value, before the first contribution, and after
 * a beacon; KEY_FAILED.
 */
export async function applyBeacon(options: ApplyBeacon): Promise<TranscriptEntry> {
  const { directory, iterationsExp, signal } = options;
  const value = options.value.replace(/^0x/i, "").toLowerCase();
  if (!/^([0-9a-f]{2}){1,254}$/.test(value)) {
    throw invalid("a beacon's value is 1 to 254 bytes in hexadecimal digits", {});
  }
  if (!Number.isInteger(iterationsExp) || iterationsExp < 10 || iterationsExp > 63) {
    throw invalid(`a beacon is hashed 2^10 to 2^63 times, not 2^${iterationsExp}`, {
      iterationsExp,
    });
  }
  const source = checkedName(options.source);
  const { contributions } = await readTranscript(directory);
  if (contributions.length === 0) {
    throw invalid("a beacon alone has no secret: contribute first", { directory });
  }
  return await append(directory, async (from, to) => {
    const step = { action: "beacon", from, to, name: source, value, iterationsExp } as const;
    const problems = await runCeremonyStep(step, signal);
    return { problems, kind: "beacon", beacon: { value, iterationsExp, source } };
  });
}

interface Appended extends Pick<TranscriptEntry, "kind" | "beacon"> {
  readonly problems: readonly string[];
}

/** Makes the next key from the last one and enters it. An interrupted step leaves the transcript as it was. */
async function append(
  directory: string,
  make: (from: string, to: string) => Promise<Appended>,
): Promise<TranscriptEntry> {
  const transcript = await readTranscript(directory);
  const { contributions, initialKey } = transcript;
  const files = ceremonyFiles(directory);
  const last = contributions.at(-1);
  if (last?.kind === "beacon") {
    throw invalid("a beacon has closed this ceremony; start another one to go on", { directory });
  }
  const from = files.key(contributions.length);
  const expected = last?.sha256 ?? initialKey.sha256;
  if ((await hashFile(from, "sha256")) !== expected) {
    throw invalid(`${from} is not the key that the transcript lists last; get it again`, {
      file: from,
    });
  }
  const index = contributions.length + 1;
  const work = `${files.key(index)}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const { problems, kind, beacon } = await make(from, work);
    if (problems.length > 0) throw failed("the step failed", problems);
    const made = (await readMpcRecord(work)).contributions.at(-1);
    if (made === undefined) throw failed("the step failed", ["the new key has no contribution"]);
    const entry: TranscriptEntry = {
      file: keyFile(index),
      sha256: await hashFile(work, "sha256"),
      kind,
      name: made.name,
      hash: made.hash,
      ...(beacon === undefined ? {} : { beacon }),
    };
    await rename(work, files.key(index));
    await writeTranscript(directory, { ...transcript, contributions: [...contributions, entry] });
    return entry;
  } finally {
    await rm(work, { force: true });
  }
}

function checkedName(name: string): string {
  if (/^[^\p{C}]{1,64}$/u.test(name) && name.trim() === name) return name;
  throw invalid("a name has 1 to 64 visible characters and no space around it", {});
}

function invalid(message: string, metadata: Readonly<Record<string, string | number>>): ZkmlError {
  return new ZkmlError("CEREMONY_INVALID", message, metadata);
}

function failed(what: string, problems: readonly string[]): ZkmlError {
  return new ZkmlError("KEY_FAILED", `${what}: ${problems.join("; ")}`);
}
