import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { bls } from "@lattice/sdk";
import { isHexString } from "ethers";
import type { BeaconSigner } from "../../core/ports/beacon.ts";
import { NodeError } from "../../shared/errors.ts";
import { describeSource, type Environment, readSecret, type SecretSource } from "./account.ts";

/**
 * Loads a beacon key from its seed: at least 32 bytes in hex.
 * @throws NodeError KEY_INVALID.
 */
export async function loadBeaconSigner(
  source: SecretSource,
  env: Environment,
): Promise<BeaconSigner> {
  const text = await readSecret(source, env);
  const seed = text.startsWith("0x") ? text : `0x${text}`;
  if (!isHexString(seed) || seed.length < 2 + 64) {
    throw new NodeError(
      "KEY_INVALID",
      `${describeSource(source)} holds no beacon key seed; it must be at least 64 hexadecimal digits`,
    );
  }
  const secret = bls.keyFromSeed(seed);
  const publicKey = bls.publicKeyOf(secret);
  return {
    publicKey,
    keyHash: bls.publicKeyHash(publicKey),
    signReveal: (message) => bls.sign(secret, message, bls.BEACON_DST),
    signPossession: (message) => bls.sign(secret, message, bls.POSSESSION_DST),
  };
}

/** Makes the seed file on first use, readable by its owner alone. A seed is never overwritten. */
export async function ensureBeaconSeed(file: string): Promise<"created" | "found"> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(`0x${randomBytes(32).toString("hex")}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return "created";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return "found";
  }
}
