import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { VerificationKey } from "./verification-key.ts";
import { assertSoundKey } from "./verification-key.ts";
import { DEVELOPMENT_NOTICE, type KeyStatus, requireVerifierName } from "./verifier-name.ts";

interface TemplateEngine {
  render(template: string, values: object): string;
}

const TEMPLATE_NAME = "contract Groth16Verifier {";

/**
 * Solidity source of the verifier of `key`, from snarkjs's own Groth16 template: one function
 * `verifyProof(uint[2], uint[2][2], uint[2], uint[n])`. The same key gives the same bytes.
 * @param contractName an identifier; it must contain "Dev" exactly when the key is for development.
 * @throws ZkmlError KEY_FAILED for a bad name, KEY_CORRUPT or KEY_UNSAFE for a bad key.
 */
export async function exportVerifier(
  key: VerificationKey,
  contractName: string,
  status: KeyStatus = "development",
): Promise<string> {
  await assertSoundKey(key);
  requireVerifierName(contractName, "Verifier", status);
  const require = createRequire(import.meta.url);
  const snarkjs = require.resolve("snarkjs");
  const engine = createRequire(snarkjs)("ejs") as TemplateEngine;
  const path = join(snarkjs, "..", "..", "templates", "verifier_groth16.sol.ejs");
  const source = engine.render(await readFile(path, "utf8"), key);
  if (!source.includes(TEMPLATE_NAME)) {
    throw new ZkmlError("KEY_FAILED", "snarkjs's verifier template has changed; pin snarkjs 0.7.6");
  }
  const notice = status === "development" ? DEVELOPMENT_NOTICE : "";
  return source
    .replace(TEMPLATE_NAME, `${notice}contract ${contractName} {`)
    .replace(/[ \t]+$/gm, "")
    .replace(/\n*$/, "\n");
}
