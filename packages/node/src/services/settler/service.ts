import { type JobId, JobState } from "../../core/job.ts";
import type { EscrowPort } from "../../core/ports/escrow.ts";
import type { MarketPort } from "../../core/ports/market.ts";
import type { Submission, Submitter } from "../../core/ports/transactions.ts";
import type { StepHandler } from "../scheduler/tracked-job.ts";
import type { SettlerMetrics } from "./metrics.ts";

interface Dependencies {
  readonly market: MarketPort;
  readonly escrow: EscrowPort;
  readonly submitter: Submitter;
  /** True while a result is in question: the market refuses to settle it. */
  readonly isHeld: (jobId: JobId) => Promise<boolean>;
  readonly metrics: SettlerMetrics;
}

/** Collects what jobs earn. */
export class SettlerService {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Settles a bonded result once its challenge window passed, unless it is in question then. */
  readonly settle: StepHandler = async ({ jobId, order }, signal) => {
    const { market, submitter, isHeld, metrics } = this.#deps;
    if (await isHeld(jobId)) {
      metrics.add("held");
      return;
    }
    await submitter.submit(market.calls.settle(order), {
      signal,
      isDone: async () => (await market.job(jobId)).state === JobState.Settled,
    });
    metrics.add("settled");
  };

  /** Pays out all earnings of this account in `token`; undefined when there are none. */
  async withdraw(
    token: string,
    to: string,
  ): Promise<{ readonly amount: bigint; readonly submission: Submission } | undefined> {
    const { escrow, submitter, metrics } = this.#deps;
    const amount = await escrow.earnings(submitter.address, token);
    if (amount === 0n) return undefined;
    const call = escrow.calls.withdrawEarnings(token, to, amount);
    const submission = await submitter.submit(call);
    metrics.add("withdrawals");
    return { amount, submission };
  }
}
