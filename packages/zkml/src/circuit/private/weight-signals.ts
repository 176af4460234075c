import { randomBytes } from "node:crypto";
import { ZkmlError } from "../../errors/zkml-error.ts";
import type { IntegerGraph } from "../../ir/graph.ts";
import { sameShape } from "../../ir/tensor.ts";
import { FIELD_ORDER, reduce } from "../../keys/field.ts";
import { commitTensor } from "../commit-tensor.ts";
import { hashList } from "../hash-list.ts";
import { type PrivateTensor, requireFit } from "./architecture.ts";
import { type PrivateConstant, privateConstants } from "./private-constants.ts";

export const SALT_SIGNAL = "salt";

/** What a circuit with private weights takes besides its input, in the commitment's order. */
export interface WeightSignals {
  readonly tensors: readonly (Omit<PrivateTensor, "name"> & { readonly signal: string })[];
}

/** A model's weights as one proof after another takes them, and what commits to them. */
export interface PrivateWeights {
  readonly signals: Readonly<Record<string, bigint | readonly bigint[]>>;
  readonly commitment: bigint;
}

/** A salt that nobody guesses: keep it, every proof of these weights needs it. In [0, r). */
export function randomSalt(): bigint {
  for (;;) {
    // Of 254 bits three in four are below r; taking others again leaves all equally likely.
    const candidate = BigInt(`0x${randomBytes(32).toString("hex")}`) >> 2n;
    if (candidate < FIELD_ORDER) return candidate;
  }
}

/**
 * Commitment of a model's weights and biases: Poseidon over the salt and the commitment of each
 * tensor (definition: circuits/lib/weights.circom). It hides them only as long as the salt, a field
 * element, is random and secret.
 * @throws RangeError for a salt outside [0, r).
 */
export function commitWeights(graph: IntegerGraph, salt: bigint): Promise<bigint> {
  return commitConstants(privateConstants(graph), salt);
}

/**
 * The inputs that make a circuit of an architecture prove one model of it.
 * @throws ZkmlError INVALID_GRAPH when the model is of another architecture, TENSOR_VALUE when a
 * weight exceeds the declared bits; RangeError for a salt outside [0, r).
 */
export async function privateWeights(
  { tensors }: WeightSignals,
  graph: IntegerGraph,
  salt: bigint,
): Promise<PrivateWeights> {
  const constants = privateConstants(graph);
  if (constants.length !== tensors.length) throw otherArchitecture(graph);
  const signals: Record<string, bigint | readonly bigint[]> = { [SALT_SIGNAL]: salt };
  for (const [i, declared] of tensors.entries()) {
    const constant = constants[i] as PrivateConstant;
    const { elementType, shape, data } = constant.tensor;
    const { info } = declared;
    if (elementType !== info.elementType || !sameShape(shape, info.shape)) {
      throw otherArchitecture(graph);
    }
    requireFit(constant, declared);
    signals[declared.signal] = Array.from(data, (value) => reduce(BigInt(value)));
  }
  return { signals, commitment: await commitConstants(constants, salt) };
}

async function commitConstants(
  constants: readonly PrivateConstant[],
  salt: bigint,
): Promise<bigint> {
  if (salt < 0n || salt >= FIELD_ORDER) throw new RangeError("a salt is in [0, r); draw another");
  const commitments = await Promise.all(constants.map(({ tensor }) => commitTensor(tensor)));
  return hashList("lattice.weights.v1", [salt, ...commitments]);
}

function otherArchitecture(graph: IntegerGraph): ZkmlError {
  return new ZkmlError(
    "INVALID_GRAPH",
    `the weights of graph "${graph.name}" do not have the circuit's types and shapes; ` +
      "build a circuit of the model's own architecture",
    { graph: graph.name },
  );
}
