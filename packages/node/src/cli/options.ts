import { type Command, InvalidArgumentError, Option } from "commander";
import type { SecretSource } from "../adapters/keys/account.ts";
import { NodeError } from "../shared/errors.ts";
import { LOG_LEVELS } from "../shared/log-levels.ts";

export interface ChainOptions {
  readonly rpc: string;
  readonly addresses: string;
  readonly json: boolean;
}

export interface KeyOptions {
  readonly keyEnv?: string;
  readonly keyFile?: string;
}

/** Options of every command that talks to a chain. */
export function withChain(command: Command): Command {
  return command
    .addOption(
      new Option("--rpc <url>", "HTTP URL of the chain's node")
        .env("LATTICE_RPC_URL")
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--addresses <file>", "address book that the deployment wrote")
        .env("LATTICE_ADDRESSES")
        .makeOptionMandatory(),
    )
    .option("--json", "print JSON, one object a line", false);
}

/** Options that say where the account's key is. Keys are never taken from the command line itself. */
export function withKey(command: Command): Command {
  return command
    .addOption(
      new Option("--key-env <name>", "environment variable with the private key").conflicts(
        "keyFile",
      ),
    )
    .option(
      "--key-file <file>",
      "file with the private key, or an encrypted JSON keystore (password in LATTICE_KEY_PASSWORD)",
    );
}

export function withLogLevel(command: Command): Command {
  return command.addOption(
    new Option("--log-level <level>", "what is logged to standard error")
      .choices([...LOG_LEVELS])
      .default("warn"),
  );
}

/** @throws NodeError USAGE when no place of a key was given. */
export function keySource({ keyEnv, keyFile }: KeyOptions): SecretSource {
  if (keyEnv !== undefined) return { env: keyEnv };
  if (keyFile !== undefined) return { file: keyFile };
  throw new NodeError("USAGE", "a key is needed: give --key-env <name> or --key-file <file>");
}

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

export function addressArgument(value: string): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(value)) return value;
  throw new InvalidArgumentError("It must be 0x and 40 hexadecimal digits.");
}
