import type { Signals } from "snarkjs";
import type { ProofWords } from "../keys/groth16.ts";
import type { VerificationKey } from "../keys/verification-key.ts";

/** One proof to make, in a form that threads can be sent. */
export interface ProverTask {
  readonly wasmPath: string;
  readonly zkeyPath: string;
  readonly verificationKey: VerificationKey;
  readonly signals: Signals;
}

export interface ProverRefusal {
  readonly ok: false;
  readonly code: "WITNESS_REFUSED" | "PROVER_FAILED" | "PROVER_MEMORY" | "PROOF_INVALID";
  readonly message: string;
}

export type ProverReply =
  | {
      readonly ok: true;
      readonly proof: ProofWords;
      readonly publicSignals: readonly bigint[];
      readonly witnessSeconds: number;
      readonly proveSeconds: number;
      readonly peakMemoryBytes: number;
    }
  | ProverRefusal;
