import {
  buildModelCircuit,
  commitTensor,
  type IntegerGraph,
  type IntegerTensor,
  interpret,
  privateWeights,
} from "@lattice/zkml";
import type { BuildContext, BuiltSubject } from "./subject.ts";

/** Bounds a compiler that hangs; a loaded machine takes minutes for 150 000 constraints. */
const COMPILE_TIMEOUT_MS = 1_800_000;
const CONTEXT = 20_260_701n;

interface ModelStatement {
  readonly name: string;
  readonly graph: IntegerGraph;
  /** One for each job of the proof. */
  readonly inputs: readonly IntegerTensor[];
  /** Makes the weights private inputs, which the proof commits to with this salt. */
  readonly salt?: bigint;
}

/** A model's circuit and the proof that `inputs` give what the reference interpreter says. */
export async function modelSubject(
  { name, graph, inputs, salt }: ModelStatement,
  { cacheDir, onProgress }: BuildContext,
): Promise<BuiltSubject> {
  const circuit = await buildModelCircuit({
    graph,
    name,
    cacheDir,
    jobsPerProof: inputs.length,
    weights: salt === undefined ? "constant" : "private",
    compileTimeoutMs: COMPILE_TIMEOUT_MS,
    onProgress: (step, detail) => onProgress(`${step}: ${detail}`),
  });
  const outputs = inputs.map((input) => interpret(graph, input).output);
  const commitments = await Promise.all([...inputs, ...outputs].map(commitTensor));
  const weights =
    salt === undefined || circuit.weights === undefined
      ? undefined
      : await privateWeights(circuit.weights, graph, salt);
  const { constraints, seconds } = circuit;
  return {
    circuit,
    constraints,
    compileSeconds: seconds.compile,
    keySeconds: seconds.key,
    signals: {
      ...weights?.signals,
      contextIn: CONTEXT,
      // Drawings are uint8, so no value is negative.
      [circuit.inputSignal]: inputs.flatMap(({ data }) => Array.from(data, BigInt)),
    },
    publicSignals: [
      CONTEXT,
      ...commitments,
      ...(weights === undefined ? [] : [weights.commitment]),
    ],
  };
}
