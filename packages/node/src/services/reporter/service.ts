import { groundName } from "../../core/dispute.ts";
import type { EventSink } from "../../core/events.ts";
import { type JobId, stateName } from "../../core/job.ts";
import { jobOfSubject } from "../../core/ports/disputes.ts";
import type { ChainEvent, EventOf } from "../../core/ports/market.ts";
import type { ProofTimes } from "../../core/ports/model.ts";

interface Dependencies {
  /** Gas that a mined transaction used. */
  readonly gasUsed: (transaction: string) => Promise<bigint>;
  /** How long the proof of a job took, when it was made in this process. */
  readonly takeTimes: (jobId: JobId) => ProofTimes | undefined;
  readonly emit: EventSink;
}

/**
 * Tells what happened to one provider, from what the chain says: an event of ours is reported when
 * the watcher sees it, whoever sent the transaction.
 */
export class ReporterService {
  readonly #self: string;
  readonly #market: string;
  readonly #deps: Dependencies;

  /** @param options.market Address of the job market. */
  constructor(
    options: { readonly self: string; readonly market: string },
    dependencies: Dependencies,
  ) {
    this.#self = options.self;
    this.#market = options.market;
    this.#deps = dependencies;
  }

  async report(event: ChainEvent): Promise<void> {
    switch (event.kind) {
      case "assigned":
        if (event.provider === this.#self) this.#assigned(event);
        return;
      case "committed":
        if (event.provider === this.#self) await this.#committed(event);
        return;
      case "proved":
        if (event.provider === this.#self) await this.#proved(event);
        return;
      case "settled":
        if (event.provider === this.#self) await this.#settled(event);
        return;
      case "declined":
        if (event.provider === this.#self) await this.#declined(event);
        return;
      case "timedOut":
        await this.#timedOut(event);
        return;
      case "convicted":
        if (event.provider === this.#self && event.market === this.#market) this.#convicted(event);
        return;
      case "epochStarted":
        if (event.leader === this.#self) await this.#revealed(event);
        return;
      default:
        return;
    }
  }

  #assigned({ jobId, price, epoch, pick, commitBy, transaction }: EventOf<"assigned">): void {
    this.#deps.emit({ event: "assigned", jobId, price, epoch, pick, commitBy, transaction });
  }

  async #committed(event: EventOf<"committed">): Promise<void> {
    const { jobId, outputCommitment, outputDigest, transaction } = event;
    const gasUsed = await this.#deps.gasUsed(transaction);
    const what = { jobId, outputCommitment, outputDigest, transaction, gasUsed };
    this.#deps.emit({ event: "committed", ...what });
  }

  async #proved({ jobId, transaction }: EventOf<"proved">): Promise<void> {
    const gasUsed = await this.#deps.gasUsed(transaction);
    const times = this.#deps.takeTimes(jobId) ?? {};
    this.#deps.emit({ event: "proved", jobId, ...times, transaction, gasUsed });
  }

  async #settled({ jobId, legs, transaction }: EventOf<"settled">): Promise<void> {
    const gasUsed = await this.#deps.gasUsed(transaction);
    this.#deps.emit({ event: "settled", jobId, legs, transaction, gasUsed });
  }

  async #declined({ jobId, transaction }: EventOf<"declined">): Promise<void> {
    const gasUsed = await this.#deps.gasUsed(transaction);
    this.#deps.emit({ event: "declined", jobId, transaction, gasUsed });
  }

  #convicted({ subject, reporter, ground, transaction }: EventOf<"convicted">): void {
    const what = { jobId: jobOfSubject(subject), ground: groundName(ground) };
    this.#deps.emit({ event: "convicted", ...what, reporter, transaction });
  }

  async #timedOut(event: EventOf<"timedOut">): Promise<void> {
    const { jobId, provider, reporter, state, slashed, transaction } = event;
    if (provider === this.#self) {
      const what = { jobId, state: stateName(state), amount: slashed, transaction };
      this.#deps.emit({ event: "slashed", ...what });
    }
    if (reporter === this.#self) {
      const gasUsed = await this.#deps.gasUsed(transaction);
      this.#deps.emit({ event: "reaped", jobId, provider, slashed, transaction, gasUsed });
    }
  }

  async #revealed({ epoch, rank, seed, transaction }: EventOf<"epochStarted">): Promise<void> {
    const gasUsed = await this.#deps.gasUsed(transaction);
    this.#deps.emit({ event: "revealed", epoch, rank, seed, transaction, gasUsed });
  }
}
