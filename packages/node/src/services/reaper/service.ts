import type { MarketPort } from "../../core/ports/market.ts";
import type { ContractCall, Submitter } from "../../core/ports/transactions.ts";
import { revertName } from "../../shared/errors.ts";
import type { KnownJob, StepHandler } from "../scheduler/tracked-job.ts";
import type { ReaperMetrics } from "./metrics.ts";

interface Dependencies {
  readonly market: MarketPort;
  readonly submitter: Submitter;
  readonly metrics: ReaperMetrics;
}

/** Moves overdue jobs on: reports providers that missed a deadline, refunds what nobody took. */
export class ReaperService {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Reports a missed commitment or proof; the first reporter earns the bounty. */
  readonly timeOut: StepHandler = async (tracked, signal) => {
    const call = this.#deps.market.calls.timeOut(tracked.order);
    await this.#move(tracked, call, "timeOuts", signal);
  };

  /** Refunds a job that stayed unassigned. */
  readonly refund: StepHandler = async (tracked, signal) => {
    const call = this.#deps.market.calls.refund(tracked.order);
    await this.#move(tracked, call, "refunds", signal);
  };

  async #move(
    { jobId, job }: KnownJob,
    call: ContractCall,
    counter: "timeOuts" | "refunds",
    signal: AbortSignal,
  ): Promise<void> {
    const { market, submitter, metrics } = this.#deps;
    try {
      const { outcome } = await submitter.submit(call, {
        signal,
        isDone: async () => {
          const now = await market.job(jobId);
          return now.state !== job.state || now.attempt !== job.attempt;
        },
      });
      metrics.add(outcome === "landed" ? counter : "late");
    } catch (error) {
      // Our clock runs a little ahead of the chain's: the next tick asks again.
      if (revertName(error) !== "JobMarketDeadlineNotPassed") throw error;
    }
  }
}
