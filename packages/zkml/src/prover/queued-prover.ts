import { type ProofReport, ProverCounters, type ProverMetrics } from "./metrics.ts";
import type {
  KeyedCircuit,
  ManyProver,
  ManyPublicSignals,
  ProofResult,
  ProveManyRequest,
  ProveRequest,
  ProveSignalsRequest,
  PublicSignals,
  SignalsProver,
} from "./prover.ts";
import { checkedResult, checkedSignals, signalsTask, workerTask } from "./statement.ts";
import type { ProverReply, ProverTask } from "./task.ts";
import { Turns } from "./turns.ts";

export interface QueuedProverOptions {
  /** Proofs at a time; others wait in order. Default 1. */
  readonly concurrency?: number;
  /** Hears of every request as it ends, whatever the outcome; it must not throw. */
  readonly onProof?: (report: ProofReport) => void;
}

type Signal = { readonly signal?: AbortSignal };

/**
 * What all adapters have in common: requests wait their turn, become the signals of a circuit, and
 * the proof that comes back is compared with what was asked. An adapter adds `run`.
 */
export abstract class QueuedProver implements ManyProver, SignalsProver {
  readonly #turns: Turns;
  readonly #counters: ProverCounters;

  constructor(name: string, { concurrency = 1, onProof }: QueuedProverOptions) {
    this.#turns = new Turns(concurrency);
    this.#counters = new ProverCounters(name, onProof);
  }

  /**
   * Makes one proof and verifies it. Ends soon after `signal` is aborted, with its reason, and
   * leaves nothing running behind.
   */
  protected abstract run(task: ProverTask, signal: AbortSignal): Promise<ProverReply>;

  async prove(
    { input, output, ...request }: ProveRequest,
    options: Signal = {},
  ): Promise<ProofResult> {
    const outputs = output === undefined ? {} : { outputs: [output] };
    const result = await this.proveMany({ ...request, inputs: [input], ...outputs }, options);
    return { ...result, publicSignals: result.publicSignals as PublicSignals };
  }

  async proveMany(
    request: ProveManyRequest,
    { signal }: Signal = {},
  ): Promise<ProofResult<ManyPublicSignals>> {
    const check = (reply: ProverReply) => checkedResult(request, reply);
    return this.#inTurn(request.circuit, workerTask(request), check, signal);
  }

  async proveSignals(
    request: ProveSignalsRequest,
    { signal }: Signal = {},
  ): Promise<ProofResult<readonly bigint[]>> {
    const check = async (reply: ProverReply) => checkedSignals(request, reply);
    return this.#inTurn(request.circuit, signalsTask(request), check, signal);
  }

  /** What it did so far and is doing now. */
  metrics(): ProverMetrics {
    return this.#counters.snapshot(this.#turns.queued, this.#turns.running);
  }

  async close(): Promise<void> {
    await this.#turns.close();
  }

  async #inTurn(
    { name }: KeyedCircuit,
    task: ProverTask,
    check: (reply: ProverReply) => Promise<ProofResult<readonly bigint[]>>,
    signal: AbortSignal | undefined,
  ): Promise<ProofResult<readonly bigint[]>> {
    const asked = performance.now();
    let started: number | undefined;
    let cancelled = () => true;
    const waited = () => ((started ?? performance.now()) - asked) / 1000;
    try {
      const result = await this.#turns.take(async (either) => {
        started = performance.now();
        cancelled = () => either.aborted;
        return check(await this.run(task, either));
      }, signal);
      this.#counters.proved(name, waited(), result);
      return result;
    } catch (error) {
      this.#counters.ended(name, waited(), error, cancelled());
      throw error;
    }
  }
}
