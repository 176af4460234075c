import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphNode, IntegerGraph, ValueInfo } from "../ir/graph.ts";
import { ELEMENT_BYTES } from "../ir/tensor.ts";
import { findChains } from "./chains.ts";
import { type CircuitValue, CircuitWriter } from "./circuit-writer.ts";
import { emitChain } from "./emit-chain.ts";
import { emitArithmetic } from "./emit-elementwise.ts";
import { emitConcat, emitReshape, emitTranspose } from "./emit-layout.ts";
import { emitConv, emitMatMul } from "./emit-linear.ts";
import { emitMaxPool } from "./emit-pool.ts";
import { emitArgMax, emitLookup, emitReduceSum } from "./emit-reduce.ts";
import type { WeightSignals } from "./private/weight-signals.ts";
import { renderJobs, renderModel } from "./render.ts";
import { type Simplification, simplificationFor } from "./simplification.ts";
import { ELEMENT_TYPE_CODES } from "./tensor-types.ts";
import { signedWidth } from "./widths.ts";

/** Part of the cache key: raise it when generated sources change their meaning. */
export const GENERATOR_VERSION = 2;

/** Most jobs in one proof: the verifier router takes no more public inputs. */
export const MAX_JOBS_PER_PROOF = 32;

export interface GenerateOptions {
  /** Jobs that one proof covers, 1 to 32; default 1. */
  readonly jobsPerProof?: number;
}

export interface GeneratedCircuit {
  readonly source: string;
  readonly simplification: Simplification;
  readonly jobsPerProof: number;
  /** Name of the input signal array that takes the tensor. */
  readonly inputSignal: string;
  readonly input: ValueInfo;
  readonly output: ValueInfo;
  /** Only when the weights are inputs of the circuit. */
  readonly weights?: WeightSignals;
}

/**
 * Writes the circom source of a model: weights are constants, so one circuit and one key serve one
 * model. Everything is taken from the graph; nothing is specific to a model. With several jobs in
 * one proof, the model is instantiated once for each; they share the context and nothing else.
 * @throws ZkmlError UNSUPPORTED_OPERATOR or UNSUPPORTED_ATTRIBUTE naming the node, INVALID_GRAPH
 * unless there is exactly one input and one output; RangeError for a number of jobs out of bounds.
 */
export function generateCircuit(
  graph: IntegerGraph,
  { jobsPerProof = 1 }: GenerateOptions = {},
): GeneratedCircuit {
  const { input, output } = requireProvable(graph, jobsPerProof);
  const writer = new CircuitWriter(graph);
  const tensor = writer.declare(input.name, "signal input");
  writer.comment("1. Range-check and commit to the input.");
  emitCommitment(writer, "inputCommitment", tensor, false);
  emitNodes(writer);
  writer.comment("3. Commit to the output.");
  emitCommitment(writer, "outputCommitment", writer.value(output.name), true);
  const source =
    jobsPerProof === 1 ? renderModel(writer) : renderJobs(writer, tensor, jobsPerProof);
  const simplification = simplificationFor(graph, jobsPerProof);
  return { source, simplification, jobsPerProof, inputSignal: tensor.array, input, output };
}

/** The only input and the only output. Throws as `generateCircuit` says. */
export function requireProvable(
  graph: IntegerGraph,
  jobsPerProof: number,
): { readonly input: ValueInfo; readonly output: ValueInfo } {
  if (!Number.isInteger(jobsPerProof) || jobsPerProof < 1 || jobsPerProof > MAX_JOBS_PER_PROOF) {
    throw new RangeError(`a proof covers 1 to ${MAX_JOBS_PER_PROOF} jobs, not ${jobsPerProof}`);
  }
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  if (input && output && graph.inputs.length === 1 && graph.outputs.length === 1) {
    return { input, output };
  }
  throw new ZkmlError(
    "INVALID_GRAPH",
    `graph "${graph.name}" has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs; ` +
      "a circuit proves one of each, so split or concatenate them",
    { graph: graph.name },
  );
}

export interface EmitOptions {
  /** Emits a node in another way and returns true, or returns false. */
  readonly override?: (node: GraphNode) => boolean;
  /** What comments call a node. */
  readonly label?: (node: GraphNode) => string;
  /** Whether a pooling may come before the clamps and divisions that it reads; default true. */
  readonly poolFirst?: boolean;
}

/** Emits every node of the writer's graph; its inputs have to be declared. */
export function emitNodes(
  writer: CircuitWriter,
  { override = () => false, label = ({ name }) => name, poolFirst = true }: EmitOptions = {},
): void {
  const chains = findChains(writer.graph);
  const emitted = new Set<GraphNode>();
  for (const node of writer.graph.nodes) {
    if (emitted.has(node)) continue;
    const chain = chains.get(node);
    if (chain === undefined) {
      writer.comment(`2. ${node.op} ${label(node)}`);
      if (!override(node)) emitNode(writer, node);
      continue;
    }
    writer.comment(`2. ${chain.nodes.map((part) => `${part.op} ${label(part)}`).join(" + ")}`);
    for (const part of emitChain(writer, chain, { poolFirst })) emitted.add(part);
  }
}

function emitNode(writer: CircuitWriter, node: GraphNode): void {
  switch (node.op) {
    case "MatMulInteger":
      emitMatMul(writer, node);
      break;
    case "ConvInteger":
      emitConv(writer, node);
      break;
    case "Add":
    case "Sub":
    case "Mul":
    case "Max":
    case "Min":
      emitArithmetic(writer, node);
      break;
    case "Reshape":
      emitReshape(writer, node);
      break;
    case "Transpose":
      emitTranspose(writer, node);
      break;
    case "MaxPool":
      emitMaxPool(writer, node);
      break;
    case "Concat":
      emitConcat(writer, node);
      break;
    case "Lookup":
      emitLookup(writer, node);
      break;
    case "ReduceSum":
      emitReduceSum(writer, node);
      break;
    case "ArgMax":
      emitArgMax(writer, node);
      break;
    default:
      throw unknownOperator(node);
  }
}

function unknownOperator({ op, name }: GraphNode): ZkmlError {
  return new ZkmlError(
    "UNSUPPORTED_OPERATOR",
    `node "${name}" uses ${op}, for which there is no circuit; replace it by supported operators`,
    { node: name, operator: op },
  );
}

/**
 * Words of the commitment are proved to fit: the input by its element type, everything else by
 * its interval, which follows from the input's range.
 */
export function emitCommitment(
  writer: CircuitWriter,
  signal: string,
  { array, count, info, interval }: CircuitValue,
  proven: boolean,
): void {
  const bytes = ELEMENT_BYTES[info.elementType];
  const words = `${signal}Words`;
  writer.statement(`signal ${words}[${count}];`);
  const width = proven ? signedWidth(interval) : 8 * bytes;
  if (interval.min < 0n) {
    const word = `TwosComplement(${width}, ${8 * bytes})(${array}[i])`;
    writer.statement(`for (var i = 0; i < ${count}; i++) { ${words}[i] <== ${word}; }`);
  } else {
    if (!proven) {
      const check = `_ <== UnsignedBits(${width})(${array}[i]);`;
      writer.statement(`for (var i = 0; i < ${count}; i++) { ${check} }`);
    }
    writer.statement(`${words} <== ${array};`);
  }
  const type = ELEMENT_TYPE_CODES[info.elementType];
  writer.statement(`${signal} <== TensorCommitment(${type}, ${bytes}, ${count})(${words});`);
}
