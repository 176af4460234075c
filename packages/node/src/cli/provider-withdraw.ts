import { loadAddressBook } from "@lattice/sdk/node";
import type { Command } from "commander";
import { connectChain } from "../adapters/chain/connection.ts";
import { escrowAdapter } from "../adapters/chain/escrow.ts";
import { marketAdapter } from "../adapters/chain/market.ts";
import { WalletTransactions } from "../adapters/chain/transactions.ts";
import { loadAccount } from "../adapters/keys/account.ts";
import { createSettlerMetrics } from "../services/settler/metrics.ts";
import { SettlerService } from "../services/settler/service.ts";
import { createSubmitterMetrics } from "../services/submitter/metrics.ts";
import { DEFAULT_SUBMITTER_OPTIONS, SubmitterService } from "../services/submitter/service.ts";
import { createLogger, type LogLevel } from "../shared/logger.ts";
import {
  addressArgument,
  type ChainOptions,
  type KeyOptions,
  keySource,
  withChain,
  withKey,
  withLogLevel,
} from "./options.ts";
import { type Output, printRecord } from "./output.ts";

interface WithdrawOptions extends ChainOptions, KeyOptions {
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
    .action((options: WithdrawOptions) => withdraw(options, output));
  withLogLevel(withKey(withChain(command)));
}

async function withdraw(options: WithdrawOptions, output: Output): Promise<void> {
  const wallet = await loadAccount(keySource(options), process.env);
  const book = await loadAddressBook(options.addresses);
  const connection = await connectChain(options.rpc, book);
  try {
    const submitter = new SubmitterService(DEFAULT_SUBMITTER_OPTIONS, {
      port: new WalletTransactions(connection, wallet),
      logger: createLogger(options.logLevel),
      metrics: createSubmitterMetrics(),
    });
    const settler = new SettlerService({
      market: marketAdapter(connection),
      escrow: escrowAdapter(connection),
      submitter,
      metrics: createSettlerMetrics(),
    });
    const token = options.token ?? book.contracts.LatticeToken;
    const to = options.to ?? wallet.address;
    const done = await settler.withdraw(token, to);
    const receipt = done?.submission.outcome === "landed" ? done.submission.receipt : undefined;
    const { transaction, gasUsed } = receipt ?? {};
    const amount = done?.amount ?? 0n;
    printRecord(options.json, output, { token, to, amount, transaction, gasUsed }, [
      ["withdrawn", `${amount} of ${token}`],
      ["to", to],
      ["transaction", transaction ?? "none: there were no earnings"],
    ]);
  } finally {
    connection.close();
  }
}
