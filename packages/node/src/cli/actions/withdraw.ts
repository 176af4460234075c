import { loadAddressBook } from "@lattice/sdk/node";
import { connectChain } from "../../adapters/chain/connection.ts";
import { disputesAdapter } from "../../adapters/chain/disputes.ts";
import { escrowAdapter } from "../../adapters/chain/escrow.ts";
import { marketAdapter } from "../../adapters/chain/market.ts";
import { WalletTransactions } from "../../adapters/chain/transactions.ts";
import { loadAccount } from "../../adapters/keys/account.ts";
import { toWord } from "../../core/words.ts";
import { createSettlerMetrics } from "../../services/settler/metrics.ts";
import { SettlerService } from "../../services/settler/service.ts";
import { createSubmitterMetrics } from "../../services/submitter/metrics.ts";
import { DEFAULT_SUBMITTER_OPTIONS, SubmitterService } from "../../services/submitter/service.ts";
import { createLogger } from "../../shared/logger.ts";
import { keySource } from "../options.ts";
import { type Output, printRecord } from "../output.ts";
import type { WithdrawOptions } from "../provider-withdraw.ts";

/** Pays out an account's earnings and prints the transaction. */
export async function withdrawEarnings(options: WithdrawOptions, output: Output): Promise<void> {
  const wallet = await loadAccount(keySource(options), process.env);
  const book = await loadAddressBook(options.addresses);
  const connection = await connectChain(options.rpc, book);
  try {
    const submitter = new SubmitterService(DEFAULT_SUBMITTER_OPTIONS, {
      port: new WalletTransactions(connection, wallet),
      logger: createLogger(options.logLevel),
      metrics: createSubmitterMetrics(),
    });
    const disputes = disputesAdapter(connection);
    const settler = new SettlerService({
      market: marketAdapter(connection),
      escrow: escrowAdapter(connection),
      submitter,
      isHeld: (jobId) => disputes.isHeld(disputes.jobMarket, toWord(jobId)),
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
