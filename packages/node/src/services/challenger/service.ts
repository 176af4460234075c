import type { BondedResult, ResultKey } from "../../core/dispute.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { TracedModels } from "../../core/ports/model.ts";
import type { DisputeCase } from "../../core/ports/state.ts";
import type { TraceStore } from "../../core/ports/traces.ts";
import type { Outcome } from "../../core/watch-events.ts";
import { codeOf, isAbort, messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Loop } from "../../shared/loop.ts";
import { backoffMs } from "../../shared/retry.ts";
import { type Clock, systemClock } from "../../shared/time.ts";
import { Accuser, type AccuserOptions, isConvicted } from "./accuser.ts";
import { about, type CaseTools, note, type OpenCase, openCase, type Turned } from "./case.ts";
import { Checker } from "./checker.ts";
import { Inquirer } from "./inquirer.ts";
import { isDrawn } from "./lottery.ts";
import { Verifier } from "./verifier.ts";

export interface ChallengerOptions extends AccuserOptions {
  readonly tickMs: number;
  /** Share of results that are recomputed, 0 to 1. */
  readonly sample: number;
  /** Makes the choice unpredictable; the same after a restart. */
  readonly secret: Uint8Array;
}

interface Dependencies extends CaseTools {
  readonly artifacts: ArtifactStore;
  readonly models: TracedModels;
  readonly traces: TraceStore;
  /** False while events of the past are still being read. */
  readonly isReady: () => boolean;
  readonly logger: Logger;
  readonly wall?: Clock;
}

const RETRY_BASE_MS = 500;
const RETRY_MAX_MS = 15_000;
/** Who is in a dispute has deadlines. */
const URGENCY: Readonly<Record<DisputeCase["phase"], number>> = {
  inquiring: 0,
  accused: 1,
  unchecked: 2,
};

const keyOf = ({ market, subject }: ResultKey) => `${market}/${subject}`;

/**
 * Recomputes bonded results, and convicts the provider of each that is wrong: with evidence out of
 * its trace, or by an inquiry when it does not show the trace. Every step is decided by what the
 * chain says; what only we know is written down before it is relied on.
 */
export class ChallengerService {
  readonly name = "challenger";
  readonly #options: ChallengerOptions;
  readonly #deps: Dependencies;
  readonly #checker: Checker;
  readonly #accuser: Accuser;
  readonly #inquirer: Inquirer;
  readonly #wall: Clock;
  readonly #cases = new Map<string, OpenCase>();
  readonly #loop: Loop;

  constructor(options: ChallengerOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
    this.#wall = dependencies.wall ?? systemClock;
    this.#accuser = new Accuser(options, dependencies);
    this.#inquirer = new Inquirer(dependencies, this.#accuser);
    this.#checker = new Checker(options, {
      tools: dependencies,
      verifier: new Verifier(dependencies),
      inquirer: this.#inquirer,
      traces: dependencies.traces,
      logger: dependencies.logger,
    });
    this.#loop = new Loop(
      { name: this.name, intervalMs: options.tickMs },
      async (signal) => {
        await this.tick(signal);
      },
      dependencies.logger,
    );
  }

  /** Results that are not finished with. */
  get open(): number {
    return this.#cases.size;
  }

  /** Takes up what an earlier process left. */
  async load(): Promise<void> {
    for (const one of await this.#deps.cases.loadAll()) {
      this.#cases.set(keyOf(one.result), openCase(one));
    }
  }

  async start(): Promise<void> {
    await this.load();
    this.#loop.start();
  }

  async close(): Promise<void> {
    await this.#loop.close();
  }

  /** Takes a bonded result in, unless it is known or over. */
  async track(result: BondedResult): Promise<void> {
    const { cases, disputes, metrics, emit } = this.#deps;
    if (this.#cases.has(keyOf(result))) return;
    if ((await disputes.refresh(result)) === undefined) return;
    const { secret, sample } = this.#options;
    metrics.add("seen");
    if (!isDrawn(secret, result.market, result.subject, sample)) {
      metrics.add("skipped");
      emit({ event: "done", outcome: "skipped", ...about(result) });
      return;
    }
    const record: DisputeCase = { result, phase: "unchecked" };
    await cases.save(record);
    this.#cases.set(keyOf(result), openCase(record));
  }

  /**
   * Looks at every case once, those with deadlines first.
   * @returns How many of them moved, so that looking again may move them on.
   */
  async tick(signal: AbortSignal): Promise<number> {
    if (!this.#deps.isReady()) return 0;
    const byUrgency = [...this.#cases.values()].sort(
      (a, b) => URGENCY[a.record.phase] - URGENCY[b.record.phase],
    );
    let moved = 0;
    for (const open of byUrgency) {
      signal.throwIfAborted();
      if (open.retryAt > this.#wall.now()) continue;
      if ((await this.#attempt(open, signal)) !== "waits") moved++;
    }
    return moved;
  }

  async #attempt(open: OpenCase, signal: AbortSignal): Promise<Turned> {
    try {
      const turned = await this.#consider(open, signal);
      open.failures = 0;
      if (turned !== "moved" && turned !== "waits") await this.#finish(open, turned);
      return turned;
    } catch (error) {
      if (isAbort(error) || signal.aborted) throw error;
      this.#failed(open, error);
      return "waits";
    }
  }

  async #consider(open: OpenCase, signal: AbortSignal): Promise<Turned> {
    const { disputes, emit } = this.#deps;
    const verdict = await disputes.verdict(open.record.result);
    const opened = await disputes.refresh(open.record.result);
    if (isConvicted(verdict)) {
      // After the slash the market knows the result no more; what is left needs none of it.
      const known = opened ?? { result: open.record.result, challengeableUntil: 0 };
      return await this.#accuser.conclude(open, known, verdict, signal);
    }
    if (!opened) return open.noted.has("missing") ? "unavailable" : "expired";
    const { challengeableUntil, result } = opened;
    const { provider, modelVersion, traceRoot } = result;
    const what = { provider, modelVersion, traceRoot, challengeableUntil };
    note(open, { event: "seen", ...about(result), ...what }, emit);
    switch (open.record.phase) {
      case "unchecked":
        return await this.#checker.check(open, opened, signal);
      case "accused":
        return await this.#accuser.accuse(open, opened, signal);
      case "inquiring":
        if (!open.honest && !(await this.#checker.recompute(open, result, signal))) return "waits";
        return await this.#inquirer.inquire(open, opened, signal);
    }
  }

  async #finish(open: OpenCase, outcome: Outcome): Promise<void> {
    const { cases, emit, metrics } = this.#deps;
    const { result } = open.record;
    await cases.remove(result);
    this.#cases.delete(keyOf(result));
    metrics.add(outcome);
    const { seconds } = open;
    emit({
      event: "done",
      outcome,
      ...(seconds === undefined ? {} : { seconds }),
      ...about(result),
    });
  }

  #failed(open: OpenCase, error: unknown): void {
    const { logger, metrics, emit } = this.#deps;
    const { result, phase } = open.record;
    open.failures++;
    open.retryAt = this.#wall.now() + backoffMs(open.failures, RETRY_BASE_MS, RETRY_MAX_MS);
    metrics.add("failures");
    logger.warn({ ...about(result), phase, failures: open.failures, error }, "case failed");
    if (open.failures > 1) return;
    emit({ event: "failed", code: codeOf(error), message: messageOf(error), ...about(result) });
  }
}
