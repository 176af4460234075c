import { parentPort, workerData } from "node:worker_threads";
import { groth16 } from "snarkjs";
import { proofWords, verifyProof } from "../keys/groth16.ts";
import { describeError } from "./describe-error.ts";
import type { ProverReply, ProverTask } from "./task.ts";

/** A task whose witness is there. */
export interface ProofTask extends Pick<ProverTask, "zkeyPath" | "verificationKey"> {
  readonly witness: Uint8Array;
  readonly witnessSeconds: number;
}

async function prove(task: ProofTask): Promise<ProverReply> {
  const witness = { type: "mem", data: task.witness } as const;
  const started = performance.now();
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
    witnessSeconds: task.witnessSeconds,
    proveSeconds: (finished - started) / 1000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** A buffer or WebAssembly memory that the machine could not give. */
const NO_MEMORY = /allocation failed|out of memory|could not allocate|maximum memory size/i;

async function run(task: ProofTask): Promise<ProverReply> {
  try {
    return await prove(task);
  } catch (error) {
    const message = describeError(error);
    const code = NO_MEMORY.test(message) ? "PROVER_MEMORY" : "PROVER_FAILED";
    return { ok: false, code, message };
  }
}

parentPort?.postMessage(await run(workerData as ProofTask));
