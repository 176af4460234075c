import { parentPort } from "node:worker_threads";
import { groth16, type MemoryFile, type Signals, wtns } from "snarkjs";
import { type ProofWords, proofWords, verifyProof } from "../keys/groth16.ts";
import type { VerificationKey } from "../keys/verification-key.ts";

export interface WorkerTask {
  readonly wasmPath: string;
  readonly zkeyPath: string;
  readonly verificationKey: VerificationKey;
  readonly signals: Signals;
}

export type WorkerReply =
  | {
      readonly ok: true;
      readonly proof: ProofWords;
      readonly publicSignals: readonly bigint[];
      readonly witnessSeconds: number;
      readonly proveSeconds: number;
      readonly peakMemoryBytes: number;
    }
  | {
      readonly ok: false;
      readonly code: "WITNESS_REFUSED" | "PROVER_FAILED" | "PROOF_INVALID";
      readonly message: string;
    };

async function run(task: WorkerTask): Promise<WorkerReply> {
  const witness: MemoryFile = { type: "mem" };
  const started = performance.now();
  try {
    await wtns.calculate(task.signals, task.wasmPath, witness);
  } catch (error) {
    return { ok: false, code: "WITNESS_REFUSED", message: describe(error) };
  }
  const calculated = performance.now();
  const made = await groth16.prove(task.zkeyPath, witness, undefined, { singleThread: true });
  const finished = performance.now();
  const proof = proofWords(made.proof);
  const publicSignals = made.publicSignals.map(BigInt);
  if (!(await verifyProof(task.verificationKey, publicSignals, proof))) {
    return { ok: false, code: "PROOF_INVALID", message: "the key does not match the circuit" };
  }
  return {
    ok: true,
    proof,
    publicSignals,
    witnessSeconds: (calculated - started) / 1000,
    proveSeconds: (finished - calculated) / 1000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

parentPort?.on("message", async (task: WorkerTask) => {
  const reply = await run(task).catch(
    (error: unknown): WorkerReply => ({
      ok: false,
      code: "PROVER_FAILED",
      message: describe(error),
    }),
  );
  parentPort?.postMessage(reply);
});
