import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ModelCircuit } from "../circuit/build.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import { hashFile } from "./file-sections.ts";
import { parseVerificationKey } from "./verification-key.ts";
import type { KeyStatus } from "./verifier-name.ts";
import type { VerifiedCeremony } from "./verify-ceremony.ts";

/** A compiled circuit with the key that proofs are made with. */
export interface KeyedModelCircuit extends ModelCircuit {
  readonly keyStatus: KeyStatus;
}

/**
 * Puts the key of a verified ceremony where `withInstalledKey` finds it for its circuit.
 * @param cacheDir as for `buildModelCircuit`.
 * @returns the directory of the key.
 */
export async function installCeremonyKey(
  { transcript, finalKey, verificationKey }: VerifiedCeremony,
  cacheDir: string,
): Promise<string> {
  const directory = keyDirectory(cacheDir, transcript.circuit.r1csSha256);
  const work = `${directory}.${randomBytes(4).toString("hex")}.tmp`;
  await mkdir(work, { recursive: true });
  try {
    await copyFile(finalKey, join(work, "circuit.zkey"));
    await writeFile(join(work, "verification_key.json"), json(verificationKey));
    await writeFile(join(work, "transcript.json"), json(transcript));
    await rm(directory, { recursive: true, force: true });
    await mkdir(dirname(directory), { recursive: true });
    await rename(work, directory);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return directory;
}

/**
 * The circuit with the ceremony's key that was installed for it, or else with its development key.
 * @throws ZkmlError KEY_CORRUPT when an installed key is damaged: proofs under the development key
 * would be refused anyway.
 */
export async function withInstalledKey(
  circuit: ModelCircuit,
  cacheDir: string,
): Promise<KeyedModelCircuit> {
  const directory = keyDirectory(cacheDir, circuit.r1csHash);
  const zkeyPath = join(directory, "circuit.zkey");
  let key: string;
  let expected: string;
  try {
    key = await readFile(join(directory, "verification_key.json"), "utf8");
    const transcript = await readFile(join(directory, "transcript.json"), "utf8");
    expected = JSON.parse(transcript).contributions.at(-1).sha256;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return { ...circuit, keyStatus: "development" };
    }
    throw damaged(directory, error);
  }
  const zkeyHash = await hashFile(zkeyPath, "sha256");
  if (zkeyHash !== expected) throw damaged(directory);
  const verificationKey = await parseVerificationKey(key);
  return { ...circuit, zkeyPath, zkeyHash, verificationKey, keyStatus: "ceremony" };
}

function keyDirectory(cacheDir: string, r1csSha256: string): string {
  return join(cacheDir, "ceremony", r1csSha256);
}

function damaged(directory: string, cause?: unknown): ZkmlError {
  return new ZkmlError(
    "KEY_CORRUPT",
    `the installed key in ${directory} is damaged; install it again (zk:export --install), or remove it`,
    { directory },
    { cause },
  );
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
