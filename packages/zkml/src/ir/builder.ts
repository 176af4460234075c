import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphDefinition, GraphNode, IntegerGraph, ValueInfo, ValueName } from "./graph.ts";
import { inferOutput } from "./infer.ts";
import { constantInterval, outputInterval } from "./intervals.ts";
import { ELEMENT_RANGES, elementCount, type IntegerTensor, type Interval } from "./tensor.ts";

/**
 * Assembles a graph in topological order. Each step checks what it adds and derives its type,
 * shape and proven interval, so a finished graph needs no further validation.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #inputs: ValueInfo[] = [];
  readonly #constants = new Map<ValueName, IntegerTensor>();
  readonly #nodes: GraphNode[] = [];
  readonly #nodeNames = new Set<string>();
  readonly #values = new Map<ValueName, ValueInfo>();
  readonly #intervals = new Map<ValueName, Interval>();

  constructor(name: string) {
    this.#name = name;
  }

  has(value: ValueName): boolean {
    return this.#values.has(value);
  }

  /** @throws ZkmlError INVALID_GRAPH when nothing added so far defines `value`. */
  info(value: ValueName, reader: string): ValueInfo {
    const info = this.#values.get(value);
    if (info !== undefined) return info;
    throw new ZkmlError(
      "INVALID_GRAPH",
      `${reader} reads "${value}" before anything defines it; the graph has a cycle, a missing value, or nodes out of order`,
      { reader, value },
    );
  }

  /** Proven bounds of a value; as `info` for an undefined one. */
  interval(value: ValueName, reader: string): Interval {
    this.info(value, reader);
    return this.#intervals.get(value) as Interval;
  }

  /** Adds an input that may hold any value of its type. */
  addInput(input: ValueInfo): void {
    elementCount(input.shape, `input "${input.name}"`);
    this.#define(input, ELEMENT_RANGES[input.elementType]);
    this.#inputs.push(input);
  }

  addConstant(name: ValueName, tensor: IntegerTensor): void {
    const { elementType, shape, data } = tensor;
    if (elementCount(shape, `constant "${name}"`) !== data.length) {
      throw new ZkmlError(
        "TENSOR_SHAPE",
        `constant "${name}" holds ${data.length} values, which do not fill [${shape.join(", ")}]`,
        { constant: name, shape, actual: data.length },
      );
    }
    this.#define({ name, elementType, shape }, constantInterval(tensor));
    this.#constants.set(name, tensor);
  }

  /**
   * @throws ZkmlError INVALID_GRAPH for an undefined operand or a name already taken, and
   * whatever `inferOutput` and `outputInterval` refuse.
   */
  addNode(node: GraphNode): ValueInfo {
    if (node.name === "" || this.#nodeNames.has(node.name)) {
      throw nameTaken("node", node.name);
    }
    const lookup = (value: ValueName) => this.info(value, `node "${node.name}" (${node.op})`);
    const operands = node.inputs.map((value) => ({
      info: lookup(value),
      interval: this.#intervals.get(value) as Interval,
      constant: this.#constants.get(value),
    }));
    const output = inferOutput(node, lookup);
    this.#define(output, outputInterval(node, operands));
    this.#nodeNames.add(node.name);
    this.#nodes.push(node);
    return output;
  }

  /** @throws ZkmlError INVALID_GRAPH without inputs or outputs, or for an undefined output. */
  finish(outputs: readonly ValueName[]): IntegerGraph {
    if (this.#inputs.length === 0 || outputs.length === 0) {
      throw new ZkmlError("INVALID_GRAPH", `graph "${this.#name}" needs an input and an output`, {
        graph: this.#name,
      });
    }
    if (new Set(outputs).size < outputs.length) throw nameTaken("output", outputs.join(", "));
    return {
      name: this.#name,
      inputs: this.#inputs,
      outputs: outputs.map((output) => this.info(output, "the output list")),
      constants: this.#constants,
      nodes: this.#nodes,
      values: this.#values,
      intervals: this.#intervals,
    };
  }

  #define(info: ValueInfo, interval: Interval): void {
    if (info.name === "" || this.#values.has(info.name)) throw nameTaken("value", info.name);
    this.#values.set(info.name, info);
    this.#intervals.set(info.name, interval);
  }
}

/**
 * Checks a whole definition at once.
 * @throws ZkmlError as the methods of `GraphBuilder` do.
 */
export function buildGraph(definition: GraphDefinition): IntegerGraph {
  const builder = new GraphBuilder(definition.name);
  for (const input of definition.inputs) builder.addInput(input);
  for (const [name, tensor] of definition.constants) builder.addConstant(name, tensor);
  for (const node of definition.nodes) builder.addNode(node);
  return builder.finish(definition.outputs);
}

function nameTaken(kind: string, name: string): ZkmlError {
  const problem = name === "" ? "has an empty name" : `"${name}" is defined more than once`;
  return new ZkmlError("INVALID_GRAPH", `${kind} ${problem}`, { kind, name });
}
