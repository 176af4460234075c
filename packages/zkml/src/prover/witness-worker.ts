import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { type MemoryFile, wtns } from "snarkjs";
import { describeError } from "./describe-error.ts";
import type { ProverRefusal, ProverTask } from "./task.ts";

export type WitnessReply =
  | { readonly ok: true; readonly witness: Uint8Array<ArrayBuffer>; readonly seconds: number }
  | ProverRefusal;

/**
 * Bytes of code a WebAssembly function runs before V8 compiles it again with optimisation. A
 * witness calculator has functions of megabytes that run once: optimising them takes 100 MB and
 * seconds of a second core, and goes on after the thread has ended.
 */
const NEVER = 2_000_000_000;
const V8_DEFAULT = 13_000_000;

/** Circuits of circom 2 bring their memory; what snarkjs makes for older ones is 2 GiB. */
const OWN_MEMORY = { memorySize: 1 };

async function calculate({ signals, wasmPath }: ProverTask): Promise<WitnessReply> {
  const file: MemoryFile = { type: "mem" };
  const started = performance.now();
  try {
    // Modules take the budget of the moment they are compiled; those of other threads keep theirs.
    setFlagsFromString(`--wasm-tiering-budget=${NEVER}`);
    await wtns.calculate(signals, wasmPath, file, OWN_MEMORY);
  } catch (error) {
    return { ok: false, code: "WITNESS_REFUSED", message: describeError(error) };
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${V8_DEFAULT}`);
  }
  // The file's own buffer is larger than its content.
  const witness = (file.data as Uint8Array).slice();
  return { ok: true, witness, seconds: (performance.now() - started) / 1000 };
}

const reply = await calculate(workerData as ProverTask);
parentPort?.postMessage(reply, reply.ok ? [reply.witness.buffer] : []);
