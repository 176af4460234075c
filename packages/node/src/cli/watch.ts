import type { Command } from "commander";
import type { LogLevel } from "../shared/log-levels.ts";
import { type ChainOptions, type KeyOptions, withChain, withKey, withLogLevel } from "./options.ts";
import type { Output } from "./output.ts";

export interface WatchOptions extends ChainOptions, KeyOptions {
  readonly data: string;
  readonly artifacts?: string;
  readonly sample?: string;
  readonly latPrice?: string;
  readonly once: boolean;
  readonly dryRun: boolean;
  readonly pollMs?: string;
  readonly confirmations?: string;
  readonly logLevel: LogLevel;
}

const HELP = `
Follows results of tier Optimistic, posted and in batches, and runs each model again on its input. A result whose trace
root is another one is convicted: with evidence out of the provider's trace when that is in the store, and else by an
inquiry, in which the provider answers on-chain or loses by silence. Evidence is committed to before it is shown. A
commitment and an inquiry take a bond in LAT each, which returns when the provider is convicted. The bounty is a share of the provider's collateral, paid an hour after the conviction. A stopped process goes
on where it was.

With --lat-price a challenge is made only when the bounty is worth its gas. With --once everything that can be done now
is done and the process ends; what waits for a deadline is left to the next run. A dry run needs no key, sends nothing
and remembers nothing.

With --json every event is one JSON object on standard output: watching, seen, missing, mismatch, fault, tooDear,
evidenceCommitted, challenged, inquired, asked, silenceClaimed, executed, bondCollected, done (outcome: skipped,
verified, unavailable, uncheckable, expired, convicted, outrun, inquiryLost, dryRun), failed, stopped. Amounts are
decimal strings in the smallest unit. Logs go to standard error.
`;

/** `lattice watch` */
export function addWatch(parent: Command, output: Output): void {
  const command = parent
    .command("watch")
    .description("check bonded results of others, and convict those that are wrong")
    .addHelpText("after", HELP)
    .action(async (options: WatchOptions) => {
      const { runWatch } = await import("./actions/watch.ts");
      await runWatch(options, output);
    })
    .requiredOption("--data <dir>", "what this challenger remembers; one directory a challenger")
    .option("--artifacts <dir>", "store of models, inputs and traces (default: <data>/artifacts)")
    .option("--sample <share>", "share of results to check, drawn in secret (default: 1)")
    .option("--lat-price <wei>", "what one LAT is worth, in wei (default: challenge at any cost)")
    .option("--once", "do what can be done now, and end", false)
    .option("--dry-run", "say what would be challenged, and send nothing", false)
    .option("--poll-ms <ms>", "pause between looks at the chain (default: 1000)")
    .option("--confirmations <n>", "blocks to wait before an event counts (default: 0)");
  withLogLevel(withKey(withChain(command)));
}
