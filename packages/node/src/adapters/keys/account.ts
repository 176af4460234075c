import { readFile } from "node:fs/promises";
import { isHexString, Wallet } from "ethers";
import { NodeError } from "../../shared/errors.ts";

/** Where a secret comes from. */
export type SecretSource = { readonly env: string } | { readonly file: string };

export type Environment = Readonly<Record<string, string | undefined>>;

export function describeSource(source: SecretSource): string {
  return "env" in source ? `the environment variable ${source.env}` : `the file ${source.file}`;
}

/**
 * Text of a secret, trimmed. @throws NodeError KEY_INVALID when it is missing or empty; messages
 * name the place, never the content.
 */
export async function readSecret(source: SecretSource, env: Environment): Promise<string> {
  let text: string | undefined;
  try {
    text = "env" in source ? env[source.env] : await readFile(source.file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new NodeError(
      "KEY_INVALID",
      `cannot read ${describeSource(source)} (${code ?? "unknown"}); check the path and its permissions`,
    );
  }
  const trimmed = text?.trim() ?? "";
  if (trimmed !== "") return trimmed;
  throw new NodeError("KEY_INVALID", `${describeSource(source)} is empty; put the key there`);
}

/**
 * Loads an account: a private key of 32 bytes in hex, or an encrypted JSON keystore whose password
 * is in LATTICE_KEY_PASSWORD.
 * @throws NodeError KEY_INVALID.
 */
export async function loadAccount(source: SecretSource, env: Environment): Promise<Wallet> {
  const secret = await readSecret(source, env);
  if (secret.startsWith("{")) return await decryptKeystore(secret, source, env);
  const key = secret.startsWith("0x") ? secret : `0x${secret}`;
  try {
    if (!isHexString(key, 32)) throw new RangeError("not 32 bytes");
    return new Wallet(key);
  } catch {
    // The failure itself may quote the key.
    throw new NodeError(
      "KEY_INVALID",
      `${describeSource(source)} holds no private key; it must be 64 hexadecimal digits, or an encrypted JSON keystore`,
    );
  }
}

async function decryptKeystore(
  json: string,
  source: SecretSource,
  env: Environment,
): Promise<Wallet> {
  const password = env.LATTICE_KEY_PASSWORD;
  if (password === undefined) {
    throw new NodeError(
      "KEY_INVALID",
      `${describeSource(source)} is an encrypted keystore; set LATTICE_KEY_PASSWORD`,
    );
  }
  try {
    const { privateKey } = await Wallet.fromEncryptedJson(json, password);
    return new Wallet(privateKey);
  } catch {
    throw new NodeError(
      "KEY_INVALID",
      `${describeSource(source)} could not be decrypted; check LATTICE_KEY_PASSWORD and that the file is a JSON keystore`,
    );
  }
}
