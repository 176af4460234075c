import type { GraphNode, IntegerGraph, ValueInfo, ValueName } from "../ir/graph.ts";
import { encodeIntegers } from "./encode.ts";
import { type Hex, hashParts, toHex } from "./hash.ts";
import { HashTree, leafHashes } from "./hash-tree.ts";
import { type ReductionRange, splitReduction } from "./lowering/partial-reductions.ts";
import { type PackedValue, reductionOf } from "./lowering/reduction.ts";
import { encodeNode, operatorCode } from "./node-encoding.ts";
import { encodeTensorHeader } from "./tensor-root.ts";
import { constantsInUse, layoutsOf } from "./value-layout.ts";

/** A value of a program: an input, a constant or the output of a node. */
export interface ProgramValue extends PackedValue {
  /** As in the graph; one of its own for a sum of parts. */
  readonly name: ValueName;
  /** Its leaf: element type, layout, rank and dimensions. */
  readonly header: Uint8Array;
}

/** One step of a program: a node of the graph, or one part of it. */
export interface ProgramNode {
  /** Code of the operator. */
  readonly op: number;
  /** The graph's node that it is, or is a part of. */
  readonly node: GraphNode;
  /** Of a part: the terms that it adds. */
  readonly range?: ReductionRange;
  /** Id of its output. */
  readonly output: number;
  /** Ids, the sum of the parts before last. */
  readonly operands: readonly number[];
  /** Its leaf. */
  readonly bytes: Uint8Array;
}

/**
 * What a program root commits to: a graph whose long reductions are chains of parts, so that any
 * element of any value can be computed from few chunks of others. Ids count inputs, then constants,
 * then the nodes' outputs.
 */
export interface LoweredProgram {
  /** Numbers of inputs, constants, nodes and outputs, then the outputs' ids; 4 bytes each. */
  readonly header: Uint8Array;
  readonly inputs: number;
  readonly constants: number;
  /** By id. */
  readonly values: readonly ProgramValue[];
  readonly nodes: readonly ProgramNode[];
  /** Ids. */
  readonly outputs: readonly number[];
  /** Over the values' headers. */
  readonly valueTree: HashTree;
  readonly nodeTree: HashTree;
  /** keccak(0x03 ‖ header ‖ root over the values ‖ root over the nodes). */
  readonly root: Hex;
}

/**
 * The program of a graph. Names do not matter: values are numbered, inputs first, then constants in
 * order of first use, then the outputs of nodes and of their parts.
 * @throws ZkmlError MODEL_TOO_LARGE for a node that takes too many parts.
 */
export function lowerProgram(graph: IntegerGraph): LoweredProgram {
  const constants = constantsInUse(graph);
  const lowering = new Lowering(graph);
  for (const { name } of graph.inputs) lowering.addValue(name);
  for (const name of constants) lowering.addValue(name);
  for (const node of graph.nodes) lowering.addNode(node);
  const { values, nodes } = lowering;
  const outputs = graph.outputs.map(({ name }) => lowering.idOf(name));
  const counts = [graph.inputs.length, constants.length, nodes.length, outputs.length];
  const header = encodeIntegers(4, [...counts, ...outputs]);
  const valueTree = new HashTree(leafHashes(values.map((value) => value.header)));
  const nodeTree = new HashTree(leafHashes(nodes.map(({ bytes }) => bytes)));
  const root = toHex(hashParts("program", header, valueTree.root, nodeTree.root));
  const sizes = { inputs: graph.inputs.length, constants: constants.length };
  return { header, ...sizes, values, nodes, outputs, valueTree, nodeTree, root };
}

/**
 * Place of a value in the trace.
 * @throws RangeError for a constant, which is none of the trace.
 */
export function traceEntry({ inputs, constants }: LoweredProgram, id: number): number {
  if (id < inputs) return id;
  if (id < inputs + constants) throw new RangeError(`value ${id} is a constant`);
  return id - constants;
}

/** The value at a place of the trace: the reverse of `traceEntry`. */
export function valueOfEntry({ inputs, constants }: LoweredProgram, entry: number): number {
  return entry < inputs ? entry : entry + constants;
}

/** Number of tensors of a trace. */
export function traceLength({ inputs, nodes }: LoweredProgram): number {
  return inputs + nodes.length;
}

/** True for the id of a constant. */
export function isConstant({ inputs, constants }: LoweredProgram, id: number): boolean {
  return id >= inputs && id < inputs + constants;
}

class Lowering {
  readonly values: ProgramValue[] = [];
  readonly nodes: ProgramNode[] = [];
  readonly #graph: IntegerGraph;
  readonly #layouts: ReturnType<typeof layoutsOf>;
  readonly #ids = new Map<ValueName, number>();

  constructor(graph: IntegerGraph) {
    this.#graph = graph;
    this.#layouts = layoutsOf(graph);
  }

  idOf(name: ValueName): number {
    return this.#ids.get(name) as number;
  }

  addValue(name: ValueName): number {
    const { elementType, shape } = this.#graph.values.get(name) as ValueInfo;
    return this.#add({ name, elementType, shape, layout: this.#layouts(name) });
  }

  addNode(node: GraphNode): void {
    const inputs = node.inputs.map((name) => this.idOf(name));
    const reduction = reductionOf(
      node,
      inputs.map((id) => this.values[id] as ProgramValue),
    );
    const ranges = reduction === undefined ? [] : splitReduction(reduction, node.name);
    if (ranges.length <= 1) {
      this.#addStep(node, inputs, this.addValue(node.output));
      return;
    }
    let sum: number[] = [];
    for (const [i, range] of ranges.entries()) {
      const last = i === ranges.length - 1;
      const output = last ? this.addValue(node.output) : this.#addPartial(node, i);
      this.#addStep(node, [...inputs, ...sum], output, range);
      sum = [output];
    }
  }

  #addStep(node: GraphNode, operands: number[], output: number, range?: ReductionRange): void {
    const part = range === undefined ? {} : { range };
    const bytes = encodeNode(node, { output, operands, ...part });
    this.nodes.push({ op: operatorCode(node, range), node, ...part, output, operands, bytes });
  }

  #addPartial({ output }: GraphNode, part: number): number {
    const { elementType, shape } = this.#graph.values.get(output) as ValueInfo;
    let name = `${output}/part-${part}`;
    while (this.#graph.values.has(name) || this.#ids.has(name)) name += "'";
    const layout = shape.length === 4 ? "channels-last" : "row-major";
    return this.#add({ name, elementType, shape, layout });
  }

  #add(value: PackedValue & { readonly name: ValueName }): number {
    const header = encodeTensorHeader(value.elementType, value.shape, value.layout);
    const id = this.values.push({ ...value, header }) - 1;
    this.#ids.set(value.name, id);
    return id;
  }
}
