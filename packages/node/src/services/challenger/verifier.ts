import type { BondedResult } from "../../core/dispute.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { TracedModel, TracedModels } from "../../core/ports/model.ts";
import type { Trace, TraceStore } from "../../core/ports/traces.ts";
import { isZeroWord } from "../../core/words.ts";
import { isNodeError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";

/** What a recomputation said of a result. */
export type Finding =
  | { readonly kind: "missing"; readonly what: "input" | "model" }
  | { readonly kind: "uncheckable"; readonly why: string }
  | { readonly kind: "equal"; readonly seconds: number }
  | {
      readonly kind: "different";
      readonly seconds: number;
      readonly model: TracedModel;
      readonly honest: Trace;
    };

interface Dependencies {
  readonly artifacts: ArtifactStore;
  readonly models: TracedModels;
  readonly logger: Logger;
}

/** Recomputes bonded results from their inputs. */
export class Verifier {
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** @param confirmed Root of the right trace when the interpreter has given it before. */
  async check(result: BondedResult, signal: AbortSignal, confirmed?: string): Promise<Finding> {
    const model = await this.#model(result, signal);
    if ("kind" in model) return model;
    const input = await this.#input(result, model, signal);
    if ("kind" in input) return input;
    const started = performance.now();
    const run = await model.run(input, signal);
    const seconds = (performance.now() - started) / 1000;
    if (this.#isRight(model, run.trace, result)) return { kind: "equal", seconds };
    if (run.trace.root === confirmed)
      return { kind: "different", seconds, model, honest: run.trace };
    // An accusation costs a bond when it is false: nothing but exact integers is good enough for one.
    const { trace: honest } = await model.replay(input, signal);
    if (!this.#isRight(model, honest, result)) {
      return { kind: "different", seconds, model, honest };
    }
    this.#deps.logger.error(
      { model: result.modelVersion },
      "this machine's kernels do not compute what the interpreter does",
    );
    return { kind: "equal", seconds };
  }

  #isRight(model: TracedModel, honest: Trace, result: BondedResult): boolean {
    return honest.root === result.traceRoot && !this.#isOutputWrong(model, honest, result);
  }

  /** The trace is right, but beside it another output was stated. */
  #isOutputWrong(model: TracedModel, honest: Trace, result: BondedResult): boolean {
    return !isZeroWord(result.outputRoot) && model.findFault(honest, honest, result) !== undefined;
  }

  async #model(result: BondedResult, signal: AbortSignal): Promise<TracedModel | Finding> {
    try {
      return await this.#deps.models.open(result.modelVersion, signal);
    } catch (error) {
      if (isNodeError(error, "ARTIFACT_NOT_FOUND")) return { kind: "missing", what: "model" };
      if (isNodeError(error, "MODEL_MISMATCH") || isNodeError(error, "MODEL_UNKNOWN")) {
        return { kind: "uncheckable", why: error.message };
      }
      throw error;
    }
  }

  async #input(
    { inputDigest, inputRoot }: BondedResult,
    model: TracedModel,
    signal: AbortSignal,
  ): Promise<Uint8Array | Finding> {
    try {
      const bytes = await this.#deps.artifacts.get(inputDigest, signal);
      const computed = model.inputRoot(bytes);
      if (isZeroWord(inputRoot) || computed === inputRoot) return bytes;
      const why = `the input ${inputDigest} has tensor root ${computed}, its order commits to ${inputRoot}`;
      return { kind: "uncheckable", why };
    } catch (error) {
      if (isNodeError(error, "ARTIFACT_NOT_FOUND")) return { kind: "missing", what: "input" };
      if (isNodeError(error, "INPUT_MISMATCH")) {
        return { kind: "uncheckable", why: error.message };
      }
      throw error;
    }
  }
}

/** The provider's trace, when it is there and is what its root says. */
export async function availableTrace(traces: TraceStore, root: string): Promise<Trace | undefined> {
  try {
    return await traces.get(root);
  } catch (error) {
    // One that is damaged says as little as none.
    if (isNodeError(error, "TRACE_NOT_FOUND") || isNodeError(error, "TRACE_CORRUPT")) {
      return undefined;
    }
    throw error;
  }
}
