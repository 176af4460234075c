import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import { invalid, label } from "./ceremony-errors.ts";
import { OTHER_INITIAL_KEY } from "./ceremony-step.ts";
import {
  type CeremonyTranscript,
  ceremonyFiles,
  keyFile,
  readTranscript,
  type TranscriptEntry,
} from "./ceremony-transcript.ts";
import { hashFile } from "./file-sections.ts";
import { type MpcContribution, readMpcRecord } from "./mpc-contributions.ts";
import { checkPowersOfTau } from "./powers-of-tau.ts";
import { domainExponent } from "./qap.ts";
import { readR1cs } from "./r1cs.ts";
import { runCeremonyStep } from "./run-ceremony-step.ts";
import { exportVerificationKey, type VerificationKey } from "./verification-key.ts";

export interface VerifyCeremony {
  readonly directory: string;
  /** Default: the file that the set-up linked. */
  readonly ptauPath?: string;
  /** As for `startCeremony`. A transcript that was started with a given hash needs it again. */
  readonly ptauHash?: string;
  /** SHA-256 of the .r1cs that the verifier compiled from the model, hex; compared when given. */
  readonly expectedR1cs?: string;
  readonly signal?: AbortSignal;
}

export interface VerifiedCeremony {
  readonly transcript: CeremonyTranscript;
  readonly finalKey: string;
  readonly verificationKey: VerificationKey;
  /** The last step is a public random value. */
  readonly closed: boolean;
}

/**
 * Checks a ceremony from its circuit and powers of tau to its last key: file hashes, the record of
 * contributions in every key, the key before the first contribution recomputed, every
 * contribution's proof of knowledge and its effect, and that delta is not gamma. What it cannot
 * tell is whether a contributor kept the secret, or who they are.
 * @throws ZkmlError CEREMONY_INVALID naming the part or contribution; PTAU_REFUSED; KEY_UNSAFE when
 * nobody contributed.
 */
export async function verifyCeremony(options: VerifyCeremony): Promise<VerifiedCeremony> {
  const { directory, signal } = options;
  const transcript = await readTranscript(directory);
  const files = ceremonyFiles(directory);
  const r1cs = await checkCircuit(directory, transcript, options.expectedR1cs);
  const ptauPath = resolve(options.ptauPath ?? files.ptau);
  await checkPtau(transcript, ptauPath, r1cs, options.ptauHash);
  requireContribution(transcript);
  await checkKeyFiles(directory, transcript);
  await checkRecords(directory, transcript);
  const finalKey = files.key(transcript.contributions.length);
  const scratch = await mkdtemp(join(tmpdir(), "lattice-ceremony-"));
  try {
    const problems = await runCeremonyStep(
      {
        action: "verify",
        r1cs: files.r1cs,
        ptau: ptauPath,
        initial: join(scratch, "initial.zkey"),
        initialSha256: transcript.initialKey.sha256,
        zkey: finalKey,
      },
      signal,
    );
    if (problems.length > 0) throw refuted(transcript, problems);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const verificationKey = await exportVerificationKey(await readFile(finalKey));
  return {
    transcript,
    finalKey,
    verificationKey,
    closed: transcript.contributions.at(-1)?.kind === "beacon",
  };
}

async function checkCircuit(
  directory: string,
  { circuit }: CeremonyTranscript,
  expected: string | undefined,
) {
  const files = ceremonyFiles(directory);
  for (const [path, sha256] of [
    [files.r1cs, circuit.r1csSha256],
    [files.wasm, circuit.wasmSha256],
  ] as const) {
    await requireFile(path, sha256, { part: "circuit" });
  }
  if (expected !== undefined && expected !== circuit.r1csSha256) {
    throw invalid(
      `the ceremony is about the circuit ${circuit.r1csSha256}, and the model compiles to ${expected}`,
      { part: "circuit" },
    );
  }
  const r1cs = readR1cs(await readFile(files.r1cs));
  if (r1cs.constraints.length !== circuit.constraints) {
    throw invalid(`the circuit has ${r1cs.constraints.length} constraints, not as listed`, {
      part: "circuit",
    });
  }
  return r1cs;
}

async function checkPtau(
  { powersOfTau }: CeremonyTranscript,
  path: string,
  r1cs: Parameters<typeof domainExponent>[0],
  given: string | undefined,
): Promise<void> {
  const found = await checkPowersOfTau(path, {
    neededPower: domainExponent(r1cs),
    ...(given === undefined ? {} : { expectedHash: given }),
  });
  if (found.blake2b === powersOfTau.blake2b && found.power === powersOfTau.power) return;
  throw invalid(
    `the ceremony began with the powers of tau ${powersOfTau.blake2b}, and ${path} is ${found.blake2b}`,
    { part: "powers of tau" },
  );
}

function requireContribution({ contributions }: CeremonyTranscript): void {
  const closing = contributions.findIndex(({ kind }) => kind === "beacon");
  if (contributions.length === 0 || closing === 0) {
    const why =
      closing === 0
        ? "its only secret is a beacon, which everybody knows"
        : "nobody contributed: delta equals gamma";
    throw new ZkmlError(
      "KEY_UNSAFE",
      `phase 2 was skipped: ${why}, so the key accepts forged proofs; run zk:contribute first`,
      { contributions: contributions.length },
    );
  }
  if (closing !== -1 && closing !== contributions.length - 1) {
    throw invalid(`contribution ${closing + 2} follows the beacon, which closes a ceremony`, {
      contribution: closing + 2,
    });
  }
}

async function checkKeyFiles(directory: string, transcript: CeremonyTranscript): Promise<void> {
  const { initialKey, contributions } = transcript;
  if (initialKey.file !== keyFile(0)) {
    throw invalid(`the first key is ${keyFile(0)}, not ${initialKey.file}`, {
      part: "initial key",
    });
  }
  const files = ceremonyFiles(directory);
  await requireFile(files.key(0), initialKey.sha256, { part: "initial key" });
  for (const [i, entry] of contributions.entries()) {
    if (entry.file !== keyFile(i + 1)) {
      throw invalid(`${label(i, entry)} should be in ${keyFile(i + 1)}, not in ${entry.file}`, {
        contribution: i + 1,
      });
    }
    await requireFile(files.key(i + 1), entry.sha256, { contribution: i + 1 }, label(i, entry));
  }
}

/** Each key has the contributions that the transcript lists up to it, and no others. */
async function checkRecords(directory: string, transcript: CeremonyTranscript): Promise<void> {
  const files = ceremonyFiles(directory);
  const { contributions, circuitHash } = transcript;
  for (let index = 0; index <= contributions.length; index++) {
    const record = await readMpcRecord(files.key(index));
    if (record.circuitHash !== circuitHash) {
      throw invalid(`${keyFile(index)} belongs to another circuit`, { part: keyFile(index) });
    }
    for (let i = 0; i < Math.max(index, record.contributions.length); i++) {
      const [listed, found] = [contributions[i], record.contributions[i]];
      if (i < index && listed !== undefined) requireSame(index, i, listed, found);
      else {
        throw invalid(`${keyFile(index)} has a contribution ${i + 1} that is not listed`, {
          contribution: i + 1,
        });
      }
    }
  }
}

function requireSame(
  key: number,
  i: number,
  listed: TranscriptEntry,
  found: MpcContribution | undefined,
): void {
  const differ = (problem: string): ZkmlError =>
    invalid(`${keyFile(key)}: ${label(i, listed)} ${problem}`, { contribution: i + 1 });
  if (found === undefined) throw differ("is missing: it was removed");
  if (found.hash !== listed.hash || found.kind !== listed.kind) {
    throw differ(`is another one: its hash is ${found.hash}, listed is ${listed.hash}`);
  }
  if (found.name !== listed.name) throw differ(`is by "${found.name}" according to the key`);
  const [a, b] = [listed.beacon, found.beacon];
  const same = a?.value === b?.value && a?.iterationsExp === b?.iterationsExp;
  if (!same || (a !== undefined && a.source !== listed.name)) throw differ("has another beacon");
}

/** The contribution that snarkjs names, by its name. */
function refuted(
  { contributions, initialKey }: CeremonyTranscript,
  problems: readonly string[],
): ZkmlError {
  if (problems.includes(OTHER_INITIAL_KEY)) {
    return invalid(
      `${initialKey.file} is not the key that the circuit and the powers of tau give`,
      { part: "initial key" },
    );
  }
  const text = problems.join("; ");
  const index = Number(/INVALID\((\d+)\)/.exec(text)?.[1] ?? Number.NaN);
  const entry = contributions[index];
  const what = entry === undefined ? "the last key" : label(index, entry);
  return invalid(`${what} does not check out: ${text}`, {
    ...(entry === undefined ? { part: "last key" } : { contribution: index + 1 }),
  });
}

async function requireFile(
  path: string,
  sha256: string,
  metadata: Readonly<Record<string, string | number>>,
  what = path,
): Promise<void> {
  try {
    if ((await hashFile(path, "sha256")) === sha256) return;
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw invalid(`${what}: cannot read ${path} (${code})`, metadata, cause);
  }
  throw invalid(`${what}: ${path} is not the file that the transcript lists`, metadata);
}
