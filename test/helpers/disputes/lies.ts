import {
  type CommittedModel,
  type CommittedTrace,
  commitPacked,
  HashTree,
  knownTrace,
  type LoweredProgram,
  openStep,
  type StepEvidence,
  type StepPlace,
  traceOf,
  valueOfEntry,
} from "@lattice/zkml";
import { encodeIntegers } from "../../../packages/zkml/src/commitments/encode.ts";
import { hashParts, toHex } from "../../../packages/zkml/src/commitments/hash.ts";
import { leafHashes } from "../../../packages/zkml/src/commitments/hash-tree.ts";
import { type Roots, rootsOf } from "./referee.ts";

/** Parts of a program that no graph has. */
export interface Lies {
  readonly header?: Uint8Array;
  /** Value headers by id. */
  readonly values?: Readonly<Record<number, Uint8Array>>;
  /** Nodes by their places. */
  readonly nodes?: Readonly<Record<number, Uint8Array>>;
}

/** What a node's bytes are made of; see contracts/types/Trace.sol. */
export interface NodeParts {
  readonly op: number;
  readonly output: number;
  readonly operands: readonly number[];
  readonly parameters: readonly number[];
}

export function nodeBytes({ op, output, operands, parameters }: NodeParts): Uint8Array {
  return Uint8Array.of(
    op,
    ...encodeIntegers(4, [output]),
    operands.length,
    ...encodeIntegers(4, operands),
    parameters.length,
    ...encodeIntegers(8, parameters),
  );
}

/** What the bytes of a node say, parameters up to 2^53. */
export function nodeParts(bytes: Uint8Array): NodeParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const operands = view.getUint8(5);
  const behind = 6 + 4 * operands;
  return {
    op: view.getUint8(0),
    output: view.getUint32(1),
    operands: Array.from({ length: operands }, (_, i) => view.getUint32(6 + 4 * i)),
    parameters: Array.from({ length: view.getUint8(behind) }, (_, i) =>
      Number(view.getBigInt64(behind + 1 + 8 * i)),
    ),
  };
}

/** The program with these lies, whose root commits to them. */
export function lyingProgram(program: LoweredProgram, lies: Lies): LoweredProgram {
  const header = lies.header ?? program.header;
  const values = program.values.map((value, id) => ({
    ...value,
    header: lies.values?.[id] ?? value.header,
  }));
  const nodes = program.nodes.map((node, i) => ({ ...node, bytes: lies.nodes?.[i] ?? node.bytes }));
  const valueTree = new HashTree(leafHashes(values.map((value) => value.header)));
  const nodeTree = new HashTree(leafHashes(nodes.map(({ bytes }) => bytes)));
  const root = toHex(hashParts("program", header, valueTree.root, nodeTree.root));
  return { ...program, header, values, nodes, valueTree, nodeTree, root };
}

/** Evidence of a step of a program that lies, which everything else agrees with. */
export function lyingEvidence(
  model: CommittedModel,
  trace: CommittedTrace,
  at: StepPlace,
  lies: Lies,
): { readonly roots: Roots; readonly evidence: StepEvidence } {
  const program = lyingProgram(model.program, lies);
  const headerOf = (id: number) => program.values[id]?.header as Uint8Array;
  const tensors = trace.tensors.map(({ packed }, entry) =>
    commitPacked(headerOf(valueOfEntry(program, entry)), packed),
  );
  const constants = model.constants.tensors.map(({ packed }, i) =>
    commitPacked(headerOf(program.inputs + i), packed),
  );
  const tree =
    constants.length === 0
      ? undefined
      : new HashTree(leafHashes(constants.map(({ root }) => root)));
  const over = tree?.root ?? new Uint8Array(32);
  const root = toHex(hashParts("weights", encodeIntegers(4, [constants.length]), over));
  const lying = {
    program,
    constants: { tensors: constants, root, ...(tree === undefined ? {} : { tree }) },
  };
  const forged = traceOf(tensors);
  return { roots: rootsOf(lying, forged), evidence: openStep(lying, knownTrace(forged), at) };
}
