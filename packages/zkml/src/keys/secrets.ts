import { createHash } from "node:crypto";
import { FIELD_ORDER } from "./field.ts";

/**
 * What a Groth16 set-up must destroy. Whoever knows it can prove false statements, which is why
 * keys made from a published one are for development only.
 */
export interface SetupSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
  readonly delta: bigint;
}

/** Published on purpose: anybody can make the same keys, and forge under them. */
export const DEVELOPMENT_LABEL = "lattice/groth16/development/v1: published secret, proves nothing";

/**
 * Secrets for one circuit: tau, alpha and beta are those of every development key, as in a common
 * first phase; gamma and delta also bind the circuit.
 */
export function developmentSecrets(circuitHash: Uint8Array): SetupSecrets {
  const derive = (name: string, ...context: Uint8Array[]): bigint => {
    const hash = createHash("sha512").update(DEVELOPMENT_LABEL).update(`/${name}/`);
    for (const part of context) hash.update(part);
    // 512 bits keep the bias of the reduction below 2^-256; zero is excluded by shifting.
    return (BigInt(`0x${hash.digest("hex")}`) % (FIELD_ORDER - 1n)) + 1n;
  };
  return {
    tau: derive("tau"),
    alpha: derive("alpha"),
    beta: derive("beta"),
    gamma: derive("gamma", circuitHash),
    delta: derive("delta", circuitHash),
  };
}
