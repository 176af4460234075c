import { type Command, Option } from "commander";
import type { LogLevel } from "../shared/log-levels.ts";
import {
  addressArgument,
  type ChainOptions,
  collect,
  type KeyOptions,
  withChain,
  withKey,
  withLogLevel,
} from "./options.ts";
import type { Output } from "./output.ts";

export interface StartOptions extends ChainOptions, KeyOptions {
  readonly data: string;
  readonly artifacts?: string;
  readonly buildDir?: string;
  readonly prover: string;
  readonly blsKeyFile?: string;
  readonly blsSeedEnv?: string;
  readonly model: readonly string[];
  readonly modelFile: readonly string[];
  readonly logLevel: LogLevel;
  readonly stake?: string;
  readonly maxCollateral?: string;
  readonly endpoint?: string;
  readonly payout?: string;
  readonly pollMs?: string;
  readonly graceMs?: string;
  readonly confirmations?: string;
  readonly reap: string;
  readonly reportWithholding: boolean;
  readonly drandUrl?: string;
  readonly demandInputAfter?: string;
  readonly drainOnExit: boolean;
}

const HELP = `
Without --bls-key-file or --bls-seed-env a beacon key is made in the data directory on first use. Back it up: a
registered key can never change, and a leader without its key is slashed.

With --json every event is one JSON object on standard output: started, modelReady, staked, registered, offered,
ready, bootstrapped, fellBack, revealed, withholdingReported, assigned, inference, committed, proving, proved, settled,
declined, slashed, reaped, questioned, answered, outputPublished, bondCollected, convicted, inputDemanded,
inputWithheld, failed, stopped. Amounts are decimal strings in the smallest unit. Logs go to standard error.
`;

/** `lattice provider start` */
export function addProviderStart(parent: Command, output: Output): void {
  const command = parent
    .command("start")
    .description("stake, register, and work on jobs until interrupted")
    .addHelpText("after", HELP)
    .action(async (options: StartOptions) => {
      const { runProvider } = await import("./actions/start.ts");
      await runProvider(options, output);
    });
  withLogLevel(withKey(withChain(command)));
  withDirectories(command);
  withBehaviour(command);
}

function withDirectories(command: Command): void {
  command
    .requiredOption("--data <dir>", "what this provider remembers; one directory a provider")
    .option("--artifacts <dir>", "store of models, inputs and outputs (default: <data>/artifacts)")
    .option("--build-dir <dir>", "circuits and keys, may be shared (default: <data>/circuits)")
    .option("--prover <which>", "snarkjs, or a rapidsnark-compatible program", "snarkjs")
    .addOption(
      new Option("--bls-key-file <file>", "file with the seed of the beacon key, hex").conflicts(
        "blsSeedEnv",
      ),
    )
    .option("--bls-seed-env <name>", "environment variable with that seed")
    .option(
      "--model <id:ask>",
      "model version to offer, and the price of a job in wei",
      collect,
      [],
    )
    .option("--model-file <file>", "ONNX file to put into the store first", collect, []);
}

function withBehaviour(command: Command): void {
  command
    .option("--stake <lat>", "stake to reach, in LAT (default: leave it as it is)")
    .option("--max-collateral <lat>", "most LAT to stake on one job (default: 1000)")
    .option("--endpoint <uri>", "URI under which requesters reach this provider")
    .option("--payout <address>", "receiver of earnings (default: this account)", addressArgument)
    .option("--poll-ms <ms>", "pause between looks at the chain (default: 300)")
    .option("--grace-ms <ms>", "wait before drawing jobs that go to others (default: 1000)")
    .option("--confirmations <n>", "blocks to wait before an event counts (default: 0)")
    .addOption(
      new Option("--reap <which>", "overdue jobs of others to report: for a bounty, all, or none")
        .choices(["none", "bounty", "all"])
        .default("bounty"),
    )
    .option("--no-report-withholding", "do not report silent beacon leaders")
    .option("--drand-url <url>", "drand relay, to bring a round when all beacon leaders are silent")
    .option(
      "--demand-input-after <s>",
      "tier Optimistic: seconds until a missing input is demanded on-chain, for a bond (default: never)",
    )
    .option("--drain-on-exit", "stop new work on the chain when this process ends", false);
}
