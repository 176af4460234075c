import { ZkmlError, type ZkmlErrorCode } from "../errors/zkml-error.ts";
import type { ProofResult } from "./prover.ts";

/** What a prover did since it was made, and what it is doing. */
export interface ProverMetrics {
  /** Which adapter: "snarkjs", "binary". */
  readonly prover: string;
  readonly queued: number;
  readonly running: number;
  readonly proved: number;
  /** Without those that the caller gave up. */
  readonly failed: number;
  readonly cancelled: number;
  /** Sums over everything that ended. */
  readonly waitingSeconds: number;
  readonly witnessSeconds: number;
  readonly proveSeconds: number;
  /** Largest of any proof. */
  readonly peakMemoryBytes: number;
}

/** One request that ended. */
export interface ProofReport {
  readonly prover: string;
  readonly circuit: string;
  /** "cancelled" when the caller gave up or the prover was closed; "error" for a foreign error. */
  readonly outcome: "proved" | "cancelled" | "error" | ZkmlErrorCode;
  readonly waitingSeconds: number;
  /** Zero where the request did not get that far. */
  readonly witnessSeconds: number;
  readonly proveSeconds: number;
  readonly peakMemoryBytes: number;
}

type Measured = Pick<ProofResult<unknown>, "witnessSeconds" | "proveSeconds" | "peakMemoryBytes">;

const NOTHING: Measured = { witnessSeconds: 0, proveSeconds: 0, peakMemoryBytes: 0 };

/** Counts what a prover does; `onProof` hears of every request as it ends. */
export class ProverCounters {
  readonly #prover: string;
  readonly #onProof: (report: ProofReport) => void;
  #totals = {
    proved: 0,
    failed: 0,
    cancelled: 0,
    waitingSeconds: 0,
    witnessSeconds: 0,
    proveSeconds: 0,
    peakMemoryBytes: 0,
  };

  constructor(prover: string, onProof: (report: ProofReport) => void = () => {}) {
    this.#prover = prover;
    this.#onProof = onProof;
  }

  proved(circuit: string, waitingSeconds: number, result: Measured): void {
    this.#totals.proved++;
    this.#add(circuit, "proved", waitingSeconds, result);
  }

  /** `cancelled` says that the caller's signal or `close` ended it, whatever it threw. */
  ended(circuit: string, waitingSeconds: number, error: unknown, cancelled: boolean): void {
    if (cancelled) this.#totals.cancelled++;
    else this.#totals.failed++;
    const code = error instanceof ZkmlError ? error.code : "error";
    this.#add(circuit, cancelled ? "cancelled" : code, waitingSeconds, NOTHING);
  }

  snapshot(queued: number, running: number): ProverMetrics {
    return { prover: this.#prover, queued, running, ...this.#totals };
  }

  #add(
    circuit: string,
    outcome: ProofReport["outcome"],
    waitingSeconds: number,
    { witnessSeconds, proveSeconds, peakMemoryBytes }: Measured,
  ): void {
    const totals = this.#totals;
    totals.waitingSeconds += waitingSeconds;
    totals.witnessSeconds += witnessSeconds;
    totals.proveSeconds += proveSeconds;
    totals.peakMemoryBytes = Math.max(totals.peakMemoryBytes, peakMemoryBytes);
    const measured = { waitingSeconds, witnessSeconds, proveSeconds, peakMemoryBytes };
    this.#onProof({ prover: this.#prover, circuit, outcome, ...measured });
  }
}
