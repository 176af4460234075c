import { Ground, type Inquiry, Turn } from "../../core/dispute.ts";
import type { EventSink } from "../../core/events.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import { type DisputePort, jobOfSubject } from "../../core/ports/disputes.ts";
import type { ChainEvent, MarketPort } from "../../core/ports/market.ts";
import type { ModelCatalog } from "../../core/ports/model.ts";
import type { OpenQuestion, QuestionStore } from "../../core/ports/state.ts";
import type { TraceStore } from "../../core/ports/traces.ts";
import { ifLanded, type Submitter } from "../../core/ports/transactions.ts";
import { codeOf, isAbort, messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Loop } from "../../shared/loop.ts";
import type { ResponderMetrics } from "./metrics.ts";
import { ownQuestion } from "./own-question.ts";
import { OwnTraces } from "./own-traces.ts";

export interface ResponderOptions {
  /** This provider's address. */
  readonly self: string;
  readonly tickMs: number;
}

interface Dependencies {
  readonly market: MarketPort;
  readonly disputes: DisputePort;
  readonly submitter: Submitter;
  readonly catalog: ModelCatalog;
  readonly artifacts: ArtifactStore;
  readonly traces: TraceStore;
  readonly questions: QuestionStore;
  /** Chain time, Unix seconds. */
  readonly now: () => number;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly metrics: ResponderMetrics;
}

const keyOf = ({ kind, market, subject, asker }: OpenQuestion) =>
  `${kind}/${market}/${subject}/${asker}`;

/**
 * Answers for this provider's results: silence loses the collateral. What is open is written down
 * when its event is seen; whose turn it is, and until when, is asked of the chain each time, so a
 * restart answers nothing twice.
 */
export class ResponderService {
  readonly name = "responder";
  readonly #options: ResponderOptions;
  readonly #deps: Dependencies;
  readonly #traces: OwnTraces;
  readonly #open = new Map<string, OpenQuestion>();
  readonly #failing = new Set<string>();
  readonly #late = new Set<string>();
  readonly #loop: Loop;

  constructor(options: ResponderOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
    this.#traces = new OwnTraces(dependencies);
    this.#loop = new Loop(
      { name: this.name, intervalMs: options.tickMs },
      (signal) => this.tick(signal),
      dependencies.logger,
    );
  }

  /** Inquiries and demands that are open against this provider. */
  get open(): number {
    return this.#open.size;
  }

  /** Takes up what an earlier process left. */
  async load(): Promise<void> {
    for (const question of await this.#deps.questions.load()) {
      this.#open.set(keyOf(question), question);
    }
  }

  async start(): Promise<void> {
    await this.load();
    this.#loop.start();
  }

  async close(): Promise<void> {
    await this.#loop.close();
  }

  /** Something happened in the dispute game. */
  async onEvent(event: ChainEvent): Promise<void> {
    const { metrics, emit } = this.#deps;
    const question = await ownQuestion(event, this.#options.self, this.#deps);
    if (!question || this.#open.has(keyOf(question))) return;
    this.#open.set(keyOf(question), question);
    await this.#save();
    const { kind, subject, asker } = question;
    metrics.add(kind === "inquiry" ? "inquiries" : "demands");
    emit({ event: "questioned", jobId: jobOfSubject(subject), kind, asker });
  }

  /** Looks at everything that is open once, and does what is due. */
  async tick(signal: AbortSignal): Promise<void> {
    for (const question of [...this.#open.values()]) {
      signal.throwIfAborted();
      try {
        const isOver = await this.#consider(question, signal);
        this.#failing.delete(keyOf(question));
        if (isOver) await this.#drop(question);
      } catch (error) {
        if (isAbort(error) || signal.aborted) throw error;
        this.#failed(question, error);
      }
    }
  }

  /** True when nothing is left to do about it, ever. */
  async #consider(question: OpenQuestion, signal: AbortSignal): Promise<boolean> {
    const { ground } = await this.#deps.disputes.verdict(question);
    if (ground !== Ground.None) {
      this.#deps.metrics.add("lost");
      return true;
    }
    return question.kind === "inquiry"
      ? await this.#inquiry(question, signal)
      : await this.#demand(question, signal);
  }

  async #inquiry(question: OpenQuestion, signal: AbortSignal): Promise<boolean> {
    const { disputes, now, metrics } = this.#deps;
    const inquiry = await disputes.inquiry(question, question.asker);
    if (inquiry.turn === Turn.None || inquiry.turn === Turn.Closed) {
      metrics.add("won");
      return true;
    }
    const lapsed = now() >= inquiry.deadline;
    if (inquiry.turn === Turn.Inquirer) {
      if (lapsed) await this.#collect(question, signal);
      return false;
    }
    if (lapsed) this.#missed(question);
    else await this.#answer(question, inquiry, signal);
    return false;
  }

  async #answer(question: OpenQuestion, { target }: Inquiry, signal: AbortSignal): Promise<void> {
    const { disputes, submitter, metrics, emit } = this.#deps;
    const { subject, asker, block } = question;
    const { model, trace } = await this.#traces.get(subject, signal);
    const { exchanges } = await disputes.dialogue(question, asker, block);
    const call = disputes.calls.answer(question, asker, model.answer(trace, exchanges));
    const submission = await submitter.submit(call, {
      signal,
      isDone: async () => {
        const now = await disputes.inquiry(question, asker);
        return now.turn !== Turn.Provider || now.target !== target;
      },
    });
    metrics.add("answers");
    const what = { jobId: jobOfSubject(subject), asker, round: exchanges.length };
    ifLanded(submission, (sent) => emit({ event: "answered", ...what, ...sent }));
  }

  async #collect(question: OpenQuestion, signal: AbortSignal): Promise<void> {
    const { disputes, submitter, metrics, emit } = this.#deps;
    const { asker, subject } = question;
    const submission = await submitter.submit(disputes.calls.closeInquiry(question, asker), {
      signal,
      isDone: async () => {
        const { turn } = await disputes.inquiry(question, asker);
        return turn === Turn.None || turn === Turn.Closed;
      },
    });
    metrics.add("bondsCollected");
    const what = { jobId: jobOfSubject(subject), asker };
    ifLanded(submission, (sent) => emit({ event: "bondCollected", ...what, ...sent }));
  }

  async #demand(question: OpenQuestion, signal: AbortSignal): Promise<boolean> {
    const { disputes, submitter, now, metrics, emit } = this.#deps;
    const { subject, asker } = question;
    const { deadline, firstChunk, chunkCount } = await disputes.demand(question, false);
    if (deadline === 0) return true;
    if (now() >= deadline) {
      this.#missed(question);
      return false;
    }
    const { order, model, trace } = await this.#traces.get(subject, signal);
    const opening = model.openOutput(trace, firstChunk, chunkCount);
    const submission = await submitter.submit(disputes.calls.publishOutput(order, opening), {
      signal,
      isDone: async () => (await disputes.demand(question, false)).deadline === 0,
    });
    metrics.add("published");
    const what = { jobId: jobOfSubject(subject), asker, firstChunk, chunkCount };
    ifLanded(submission, (sent) => emit({ event: "outputPublished", ...what, ...sent }));
    return true;
  }

  /** Counted and said once. */
  #missed(question: OpenQuestion): void {
    if (this.#late.has(keyOf(question))) return;
    this.#late.add(keyOf(question));
    this.#deps.metrics.add("missed");
    this.#failed(question, new Error("the time to answer has passed"));
  }

  async #drop(question: OpenQuestion): Promise<void> {
    this.#open.delete(keyOf(question));
    this.#late.delete(keyOf(question));
    await this.#save();
    const { subject } = question;
    if ([...this.#open.values()].every((other) => other.subject !== subject)) {
      this.#traces.release(subject);
    }
  }

  async #save(): Promise<void> {
    await this.#deps.questions.save([...this.#open.values()]);
  }

  #failed(question: OpenQuestion, error: unknown): void {
    const { logger, metrics, emit } = this.#deps;
    const { subject, kind } = question;
    metrics.add("failures");
    logger.error({ subject, kind, asker: question.asker, error }, "cannot answer");
    if (this.#failing.has(keyOf(question))) return;
    this.#failing.add(keyOf(question));
    const what = { step: `answer ${kind}`, code: codeOf(error), message: messageOf(error) };
    emit({ event: "failed", jobId: jobOfSubject(subject), ...what });
  }
}
