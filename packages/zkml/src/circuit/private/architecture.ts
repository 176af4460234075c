import { ZkmlError } from "../../errors/zkml-error.ts";
import { GraphBuilder } from "../../ir/builder.ts";
import type { GraphNode, IntegerGraph, ValueInfo, ValueName } from "../../ir/graph.ts";
import { ELEMENT_RANGES, type IntegerTensor, type Interval } from "../../ir/tensor.ts";
import { signedWidth } from "../widths.ts";
import { type PrivateConstant, type PrivateRole, privateConstants } from "./private-constants.ts";

export interface ArchitectureOptions {
  /** Declared bits of every int8 weight, 2 to 8; default 7, which no kernel saturates on. */
  readonly weightBits?: number;
  /** Declared bits of every bias, 2 to 32; by default as many as the sum it is added to. */
  readonly biasBits?: number;
  /**
   * Prove products of many rows by a random combination instead of one by one wherever that takes
   * fewer constraints; default true.
   */
  readonly identities?: boolean;
}

/** A weight or bias tensor as an architecture declares it: anything inside its bits. */
export interface PrivateTensor {
  readonly name: ValueName;
  readonly role: PrivateRole;
  readonly info: ValueInfo;
  /** uint8 tensors are unsigned, the others two's complement. */
  readonly bits: number;
}

export interface Architecture {
  /** The model with weights and biases as further inputs; intervals hold for all their values. */
  readonly graph: IntegerGraph;
  /** In the order of the weights' commitment. */
  readonly tensors: readonly PrivateTensor[];
}

/**
 * The architecture of a model: all that a circuit with private weights depends on. Models that
 * differ only in their weights and biases, and in names, have the same one.
 * @throws ZkmlError TENSOR_VALUE when the model's own weights exceed the declared bits,
 * RANGE_OVERFLOW and SATURATION_POSSIBLE when weights of these bits could, UNSUPPORTED_ATTRIBUTE
 * when there are no weights or one also serves as a divisor; RangeError for bits out of bounds.
 */
export function architectureOf(
  graph: IntegerGraph,
  { weightBits = 7, biasBits }: ArchitectureOptions = {},
): Architecture {
  requireBits("weightBits", weightBits, 8);
  if (biasBits !== undefined) requireBits("biasBits", biasBits, 32);
  const constants = new Map(privateConstants(graph).map((constant) => [constant.name, constant]));
  if (constants.size === 0) {
    throw new ZkmlError(
      "UNSUPPORTED_ATTRIBUTE",
      `graph "${graph.name}" has no weights to keep private; prove it with weights in the circuit`,
      { graph: graph.name },
    );
  }
  const builder = new GraphBuilder(graph.name);
  for (const input of graph.inputs) builder.addInput(input);
  const tensors: PrivateTensor[] = [];
  for (const node of graph.nodes) {
    for (const name of node.inputs.filter((each) => !builder.has(each))) {
      const constant = constants.get(name);
      if (constant === undefined) {
        builder.addConstant(name, graph.constants.get(name) as IntegerTensor);
        continue;
      }
      const bits = declaredBits(constant, weightBits, biasBits ?? sumBits(builder, node));
      const tensor = { name, role: constant.role, info: infoOf(graph, name), bits };
      requireFit(constant, tensor);
      builder.addInput(tensor.info, boundsOf(tensor));
      tensors.push(tensor);
    }
    builder.addNode(node);
  }
  return { graph: builder.finish(graph.outputs.map(({ name }) => name)), tensors };
}

/** Every value that a tensor of these bits may hold. */
export function boundsOf({ info, bits }: Pick<PrivateTensor, "info" | "bits">): Interval {
  if (info.elementType === "uint8") return { min: 0n, max: 2n ** BigInt(bits) - 1n };
  return { min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n };
}

/** @throws ZkmlError TENSOR_VALUE for a value outside of the tensor's declared bits. */
export function requireFit(
  { name, tensor }: PrivateConstant,
  declared: Pick<PrivateTensor, "info" | "bits" | "role">,
): void {
  const { min, max } = boundsOf(declared);
  const outside = tensor.data.findIndex((value) => BigInt(value) < min || BigInt(value) > max);
  if (outside === -1) return;
  const option = declared.role === "weight" ? "weightBits" : "biasBits";
  throw new ZkmlError(
    "TENSOR_VALUE",
    `${declared.role} "${name}" has a value outside [${min}, ${max}] at index ${outside}; ` +
      `quantise it to ${declared.bits} bits or build the circuit with more ${option}`,
    { constant: name, index: outside, bits: declared.bits },
  );
}

function declaredBits(constant: PrivateConstant, weightBits: number, biasBits: number): number {
  switch (constant.tensor.elementType) {
    case "uint8":
      return 8;
    case "int8":
      return weightBits;
    case "int32":
      return biasBits;
  }
}

/** Bits of the operand that is known already; a sum and a bias as wide need one more. */
function sumBits(builder: GraphBuilder, node: GraphNode): number {
  const known = node.inputs.filter((name) => builder.has(name));
  const widths = known.map((name) => signedWidth(builder.interval(name)));
  return Math.min(Math.max(2, ...widths), signedWidth(ELEMENT_RANGES.int32));
}

function infoOf(graph: IntegerGraph, name: ValueName): ValueInfo {
  return graph.values.get(name) as ValueInfo;
}

function requireBits(option: string, bits: number, most: number): void {
  if (Number.isInteger(bits) && bits >= 2 && bits <= most) return;
  throw new RangeError(`${option} must be an integer from 2 to ${most}, not ${bits}`);
}
