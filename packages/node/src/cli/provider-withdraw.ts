import type { Command } from "commander";
import type { LogLevel } from "../shared/log-levels.ts";
import {
  addressArgument,
  type ChainOptions,
  type KeyOptions,
  withChain,
  withKey,
  withLogLevel,
} from "./options.ts";
import type { Output } from "./output.ts";

export interface WithdrawOptions extends ChainOptions, KeyOptions {
  readonly token?: string;
  readonly to?: string;
  readonly logLevel: LogLevel;
}

/** `lattice provider withdraw` */
export function addProviderWithdraw(parent: Command, output: Output): void {
  const command = parent
    .command("withdraw")
    .description("pay out all earnings of the key's account")
    .option("--token <address>", "payment token (default: LAT)", addressArgument)
    .option("--to <address>", "receiver (default: the key's account)", addressArgument)
    .action(async (options: WithdrawOptions) => {
      const { withdrawEarnings } = await import("./actions/withdraw.ts");
      await withdrawEarnings(options, output);
    });
  withLogLevel(withKey(withChain(command)));
}
