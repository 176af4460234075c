import { commitTensor } from "../circuit/commit-tensor.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import { bindInputs } from "../ir/inputs.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import { FIELD_ORDER } from "../keys/field.ts";
import type {
  KeyedCircuit,
  ManyPublicSignals,
  ProofResult,
  ProveManyRequest,
  ProveSignalsRequest,
} from "./prover.ts";
import type { WorkerReply, WorkerTask } from "./snarkjs-worker.ts";

/**
 * What a worker needs to prove the request.
 * @throws ZkmlError TENSOR_TYPE, TENSOR_SHAPE, WITNESS_REFUSED for what no circuit takes.
 */
export function workerTask({ circuit, context, inputs, outputs }: ProveManyRequest): WorkerTask {
  for (const tensors of [inputs, outputs ?? inputs]) {
    if (tensors.length === circuit.jobsPerProof) continue;
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `circuit "${circuit.name}" proves ${circuit.jobsPerProof} jobs at once, not ${tensors.length}; ` +
        "build one for as many",
      { circuit: circuit.name, expected: circuit.jobsPerProof, actual: tensors.length },
    );
  }
  for (const input of inputs) bindInputs([circuit.input], input);
  if (context < 0n || context >= FIELD_ORDER) {
    throw new ZkmlError("WITNESS_REFUSED", "the context must be in [0, r); reduce it first");
  }
  const signals = {
    contextIn: context,
    [circuit.inputSignal]: inputs.flatMap(({ data }) => Array.from(data, toField)),
  };
  return signalsTask({ circuit, signals });
}

/** What a worker needs to prove a circuit with these input signals. */
export function signalsTask({
  circuit: { wasmPath, zkeyPath, verificationKey },
  signals,
}: Pick<ProveSignalsRequest, "circuit" | "signals">): WorkerTask {
  return { wasmPath, zkeyPath, verificationKey, signals };
}

/**
 * The worker's proof, provided that it shows the public signals of the request.
 * @throws ZkmlError with the worker's code, or PROOF_INVALID.
 */
export function checkedSignals(
  { circuit, publicSignals: expected }: ProveSignalsRequest,
  reply: WorkerReply,
): ProofResult<readonly bigint[]> {
  const result = successOf(circuit, reply);
  const { publicSignals } = result;
  const wrong = expected.findIndex((value, i) => value !== publicSignals[i]);
  if (wrong === -1 && publicSignals.length === expected.length) return result;
  const what = wrong === -1 ? "the number of public signals" : `public signal ${wrong}`;
  throw new ZkmlError(
    "PROOF_INVALID",
    `circuit "${circuit.name}" proved something else: ${what} differs; build the circuit that the values belong to`,
    { circuit: circuit.name, signal: wrong },
  );
}

/**
 * The worker's proof, provided that it proves the request.
 * @throws ZkmlError with the worker's code, or PROOF_INVALID.
 */
export async function checkedResult(
  { circuit, context, inputs, outputs }: ProveManyRequest,
  reply: WorkerReply,
): Promise<ProofResult<ManyPublicSignals>> {
  const result = successOf(circuit, reply);
  const commit = (tensors: readonly IntegerTensor[]) => Promise.all(tensors.map(commitTensor));
  const expected = [context, ...(await commit(inputs)), ...(await commit(outputs ?? []))];
  const mismatch = expected.findIndex((value, i) => value !== result.publicSignals[i]);
  if (mismatch !== -1 || result.publicSignals.length !== 1 + 2 * inputs.length) {
    const what = describe(mismatch, inputs.length);
    throw new ZkmlError(
      "PROOF_INVALID",
      `circuit "${circuit.name}" proved another ${what} than the one given; ` +
        "build the circuit from the model that was run",
      { circuit: circuit.name, what },
    );
  }
  return result;
}

function successOf({ name }: KeyedCircuit, reply: WorkerReply): ProofResult<readonly bigint[]> {
  if (reply.ok) {
    const { ok: _, ...result } = reply;
    return result;
  }
  throw new ZkmlError(reply.code, `circuit "${name}": ${reply.message}`, { circuit: name });
}

/** Name of a public signal of `jobs` jobs, by its index; -1 when only their number differs. */
function describe(index: number, jobs: number): string {
  if (index === -1) return "number of public signals";
  if (index === 0) return "context";
  const [what, job] = index <= jobs ? ["input", index - 1] : ["output", index - 1 - jobs];
  return jobs === 1 ? `${what}` : `${what} of job ${job}`;
}

/** Negative numbers are field negatives. */
export function toField(value: number): bigint {
  return value < 0 ? FIELD_ORDER + BigInt(value) : BigInt(value);
}
