import type { BondedResult } from "../../core/dispute.ts";
import type { OpenResult } from "../../core/ports/disputes.ts";
import type { TraceStore } from "../../core/ports/traces.ts";
import type { Logger } from "../../shared/logger.ts";
import {
  about,
  advance,
  type CaseTools,
  note,
  type OpenCase,
  salted,
  type Turned,
} from "./case.ts";
import type { Inquirer } from "./inquirer.ts";
import { availableTrace, type Verifier } from "./verifier.ts";

interface Dependencies {
  readonly tools: CaseTools;
  readonly verifier: Verifier;
  readonly inquirer: Inquirer;
  readonly traces: TraceStore;
  readonly logger: Logger;
}

/** Holds a result against its recomputation, and finds out how to convict it when it is wrong. */
export class Checker {
  readonly #dryRun: boolean;
  readonly #tools: CaseTools;
  readonly #verifier: Verifier;
  readonly #inquirer: Inquirer;
  readonly #traces: TraceStore;
  readonly #logger: Logger;

  constructor(
    { dryRun }: { readonly dryRun: boolean },
    { tools, verifier, inquirer, traces, logger }: Dependencies,
  ) {
    this.#dryRun = dryRun;
    this.#tools = tools;
    this.#verifier = verifier;
    this.#inquirer = inquirer;
    this.#traces = traces;
    this.#logger = logger;
  }

  async check(open: OpenCase, opened: OpenResult, signal: AbortSignal): Promise<Turned> {
    const { result, challengeableUntil } = opened;
    if (this.#tools.now() >= challengeableUntil) {
      return open.noted.has("missing") ? "unavailable" : "expired";
    }
    if (!open.honest) {
      const outcome = await this.#compare(open, result, signal);
      if (outcome !== "different") return outcome;
    }
    const { honest } = open;
    if (!honest) return "waits";
    const suspect = await availableTrace(this.#traces, result.traceRoot);
    const { root } = honest.trace;
    const found = { claimed: result.traceRoot, computed: root, traced: suspect !== undefined };
    if (note(open, { event: "mismatch", ...found, ...about(result) }, this.#tools.emit)) {
      this.#tools.metrics.add("mismatches");
    }
    if (!suspect) return await this.#beginInquiry(open, opened, root);
    const accusation = honest.model.findFault(honest.trace, suspect, result);
    if (!accusation) throw new Error("two traces with different roots show no difference");
    const { kind, what } = accusation;
    note(open, { event: "fault", kind, what, ...about(result) }, this.#tools.emit);
    await advance(open, { phase: "accused", accusation: salted(accusation) }, this.#tools);
    return "moved";
  }

  async #beginInquiry(open: OpenCase, opened: OpenResult, honestRoot: string): Promise<Turned> {
    if (!(await this.#inquirer.isWorthwhile(open, opened))) return "waits";
    if (this.#dryRun) return "dryRun";
    await advance(open, { phase: "inquiring", honestRoot }, this.#tools);
    return "moved";
  }

  /** Recomputes a result; keeps the run when it is another one. */
  async #compare(open: OpenCase, result: BondedResult, signal: AbortSignal) {
    const { emit, metrics } = this.#tools;
    const finding = await this.#verifier.check(result, signal, open.record.honestRoot);
    switch (finding.kind) {
      case "missing":
        note(open, { event: "missing", what: finding.what, ...about(result) }, emit);
        return "waits";
      case "uncheckable":
        this.#logger.warn({ ...about(result), why: finding.why }, "cannot be recomputed");
        return "uncheckable";
      case "equal":
        metrics.add("milliseconds", Math.round(1000 * finding.seconds));
        open.seconds = finding.seconds;
        return "verified";
      case "different":
        metrics.add("milliseconds", Math.round(1000 * finding.seconds));
        open.honest = { model: finding.model, trace: finding.honest };
        return "different";
    }
  }

  /** After a restart in the middle of an inquiry. */
  async recompute(open: OpenCase, result: BondedResult, signal: AbortSignal): Promise<boolean> {
    return (await this.#compare(open, result, signal)) === "different";
  }
}
