import { commitTensor } from "../circuit/commit-tensor.ts";
import { ZkmlError } from "../errors/zkml-error.ts";
import { bindInputs } from "../ir/inputs.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import { FIELD_ORDER } from "../keys/field.ts";
import type { ManyPublicSignals, ProofResult, ProveManyRequest } from "./prover.ts";
import type { WorkerReply, WorkerTask } from "./snarkjs-worker.ts";

/**
 * What a worker needs to prove the request.
 * @throws ZkmlError TENSOR_TYPE, TENSOR_SHAPE, WITNESS_REFUSED for what no circuit takes.
 */
export function workerTask({
  circuit,
  context,
  inputs,
  outputs,
  weights,
}: ProveManyRequest): WorkerTask {
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
  if ((weights === undefined) !== (circuit.weights === undefined)) {
    const remedy = weights === undefined ? "pass privateWeights(…)" : "pass none";
    const what = weights === undefined ? "takes weights" : "has its weights built in";
    throw new ZkmlError("WITNESS_REFUSED", `circuit "${circuit.name}" ${what}; ${remedy}`, {
      circuit: circuit.name,
    });
  }
  return {
    wasmPath: circuit.wasmPath,
    zkeyPath: circuit.zkeyPath,
    verificationKey: circuit.verificationKey,
    signals: {
      ...weights?.signals,
      contextIn: context,
      [circuit.inputSignal]: inputs.flatMap(({ data }) => Array.from(data, toField)),
    },
  };
}

/**
 * The worker's proof, provided that it proves the request.
 * @throws ZkmlError with the worker's code, or PROOF_INVALID.
 */
export async function checkedResult(
  { circuit, context, inputs, outputs, weights }: ProveManyRequest,
  reply: WorkerReply,
): Promise<ProofResult<ManyPublicSignals>> {
  if (!reply.ok) {
    throw new ZkmlError(reply.code, `circuit "${circuit.name}": ${reply.message}`, {
      circuit: circuit.name,
    });
  }
  const commit = (tensors: readonly IntegerTensor[]) => Promise.all(tensors.map(commitTensor));
  const jobs = inputs.length;
  const known = [context, ...(await commit(inputs)), ...(await commit(outputs ?? []))];
  const expected: (bigint | undefined)[] = Array.from({ length: 1 + 2 * jobs }, (_, i) => known[i]);
  if (weights !== undefined) expected.push(weights.commitment);
  const mismatch = expected.findIndex(
    (value, i) => value !== undefined && value !== reply.publicSignals[i],
  );
  if (mismatch !== -1 || reply.publicSignals.length !== expected.length) {
    const what = describe(mismatch, inputs.length);
    throw new ZkmlError(
      "PROOF_INVALID",
      `circuit "${circuit.name}" proved another ${what} than the one given; ` +
        "build the circuit from the model that was run",
      { circuit: circuit.name, what },
    );
  }
  const { ok: _, ...result } = reply;
  return result;
}

/** Name of a public signal of `jobs` jobs, by its index; -1 when only their number differs. */
function describe(index: number, jobs: number): string {
  if (index === -1) return "number of public signals";
  if (index === 0) return "context";
  if (index === 1 + 2 * jobs) return "set of weights";
  const [what, job] = index <= jobs ? ["input", index - 1] : ["output", index - 1 - jobs];
  return jobs === 1 ? `${what}` : `${what} of job ${job}`;
}

/** Negative numbers are field negatives. */
function toField(value: number): bigint {
  return value < 0 ? FIELD_ORDER + BigInt(value) : BigInt(value);
}
