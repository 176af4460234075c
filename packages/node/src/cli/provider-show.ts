import type { Command } from "commander";
import {
  addressArgument,
  type ChainOptions,
  type KeyOptions,
  withChain,
  withKey,
} from "./options.ts";
import type { Output } from "./output.ts";

export interface ShowOptions extends ChainOptions, KeyOptions {
  readonly address?: string;
  readonly data?: string;
}

/** `lattice provider show` */
export function addProviderShow(parent: Command, output: Output): void {
  const command = parent
    .command("show")
    .description("registration, stake, offers and earnings of a provider")
    .option("--address <address>", "the provider (default: the key's account)", addressArgument)
    .option("--data <dir>", "its data directory: adds the status of the running process")
    .action(async (options: ShowOptions) => {
      const { showProvider } = await import("./actions/show.ts");
      await showProvider(options, output);
    });
  withKey(withChain(command));
}
