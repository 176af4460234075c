import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { encodeProvingKey } from "./proving-key.ts";
import { readR1cs } from "./r1cs.ts";
import { developmentSecrets } from "./secrets.ts";
import { exportVerificationKey, type VerificationKey } from "./verification-key.ts";

export interface DevelopmentKey {
  readonly verificationKey: VerificationKey;
  readonly constraints: number;
  /** SHA-256 of the .r1cs file, hex. */
  readonly r1csHash: string;
  /** SHA-256 of the .zkey file, hex. */
  readonly zkeyHash: string;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Makes the development key of a circuit: the same .r1cs file gives the same .zkey bytes. It costs
 * about 40 µs a group element on one thread, which it blocks; see `key-worker.ts`.
 * @throws ZkmlError CIRCUIT_CORRUPT for a malformed .r1cs file.
 */
export async function makeDevelopmentKey(
  r1csPath: string,
  zkeyPath: string,
): Promise<DevelopmentKey> {
  const bytes = await readFile(r1csPath);
  const r1cs = readR1cs(bytes);
  const r1csHash = sha256(bytes);
  const zkey = await encodeProvingKey(r1cs, developmentSecrets(Buffer.from(r1csHash, "hex")));
  const verificationKey = await exportVerificationKey(zkey);
  await writeFile(zkeyPath, zkey);
  return {
    verificationKey,
    constraints: r1cs.constraints.length,
    r1csHash,
    zkeyHash: sha256(zkey),
  };
}
