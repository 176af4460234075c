import { ZkmlError } from "../../errors/zkml-error.ts";
import type { ValueName } from "../../ir/graph.ts";
import { elementCount, MAX_TENSOR_ELEMENTS, type Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { GraphProto } from "../../onnx/proto.ts";
import type { FloatConstant } from "./float-constant.ts";
import {
  type FloatNode,
  type FloatValue,
  type LinearNode,
  operandsOf,
  type Probe,
  type SumNode,
} from "./float-graph.ts";
import type { AffineOfValue } from "./fold-affine.ts";
import { compose, IDENTITY, isClamped, MAX_POINTWISE_COST, type Pointwise } from "./pointwise.ts";

const MAX_FOLDING_WORK = 2 ** 27;

/** Where readers of operators look values up and put the nodes that they make. */
export class FloatContext {
  readonly notes: string[] = [];
  readonly #constants = new Map<ValueName, FloatConstant>();
  readonly #values = new Map<ValueName, FloatValue>();
  readonly #producers = new Map<ValueName, FloatNode>();
  readonly #aliases = new Map<ValueName, ValueName>();
  /** Names that hold 8-bit integers in the file, as opposed to what they stand for. */
  readonly #stored = new Set<ValueName>();
  readonly #readers = new Map<ValueName, string[]>();
  #foldedElements = 0;
  #foldingWork = 0;

  constructor(graph: GraphProto) {
    for (const node of graph.nodes) {
      for (const input of node.input) this.#addReader(input, node.opType);
    }
    for (const output of graph.outputs) this.#addReader(output.name, "output");
  }

  /** ONNX operators that read a value of the file; "output" for the graph itself. */
  readersOf(name: ValueName): readonly string[] {
    return this.#readers.get(name) ?? [];
  }

  constant(name: ValueName | undefined): FloatConstant | undefined {
    return name === undefined ? undefined : this.#constants.get(name);
  }

  /** @throws ZkmlError MODEL_TOO_LARGE when folding has made more than 2^26 elements in all. */
  defineConstant(name: ValueName, constant: FloatConstant): void {
    this.#expectNew(name);
    this.#foldedElements += constant.data.length;
    if (this.#foldedElements > MAX_TENSOR_ELEMENTS) {
      throw new ZkmlError(
        "MODEL_TOO_LARGE",
        `the constants of the model exceed ${MAX_TENSOR_ELEMENTS} elements`,
        { limit: MAX_TENSOR_ELEMENTS },
      );
    }
    this.#constants.set(name, constant);
  }

  defineValue(name: ValueName, shape: Shape, probe: Probe | undefined): void {
    this.#expectNew(name);
    elementCount(shape, `value "${name}"`);
    this.#values.set(name, { shape, probe });
  }

  /** `output` is `input` under another name. */
  alias(output: ValueName, input: ValueName): void {
    this.#expectNew(output);
    this.#aliases.set(output, this.resolve(input));
  }

  resolve(name: ValueName): ValueName {
    return this.#aliases.get(name) ?? name;
  }

  value(name: ValueName, reader: string): FloatValue {
    const value = this.#values.get(this.resolve(name));
    if (value !== undefined) return value;
    throw new ZkmlError(
      "INVALID_GRAPH",
      `${reader} reads "${name}" before anything defines it; the graph has a cycle, a missing value, or nodes out of order`,
      { reader, value: name },
    );
  }

  /** A value that an operator computes with in floating point. */
  real(node: NodeReader, index: number): FloatValue & { readonly name: ValueName } {
    const given = node.input(index);
    if (this.#stored.has(given)) {
      throw node.unsupported(
        `it computes with the 8-bit value "${given}"; put DequantizeLinear before it`,
      );
    }
    const name = this.resolve(given);
    return { name, ...this.value(given, `node "${node.name}" (${node.op})`) };
  }

  isStored(name: ValueName): boolean {
    return this.#stored.has(name);
  }

  markStored(name: ValueName): void {
    this.#stored.add(name);
  }

  setProbe(name: ValueName, probe: Probe): void {
    const value = this.#values.get(name) as FloatValue;
    this.#values.set(name, { ...value, probe });
  }

  add(node: FloatNode, shape: Shape, probe?: Probe): void {
    this.defineValue(node.output, shape, probe ?? { tensor: node.output });
    this.#producers.set(node.output, node);
  }

  /** Adds `function` of a value, merged with the pointwise function that made that value. */
  addPointwise(node: NodeReader, input: ValueName, outer: Pointwise): void {
    const { source, function: inner } = this.pointwise(input);
    this.addFunction(node, source, compose(outer, inner));
  }

  /** @param source is not pointwise itself. */
  addFunction(node: NodeReader, source: ValueName, made: Pointwise): void {
    if (made.cost > MAX_POINTWISE_COST) {
      throw node.unsupported(
        `it ends a run of more than ${MAX_POINTWISE_COST} element-wise functions; shorten it`,
      );
    }
    const { name, op: operator } = node;
    const { shape } = this.value(source, name);
    const output = node.output();
    this.add({ kind: "pointwise", name, operator, source, function: made, output }, shape);
  }

  /** A value as a pointwise function of one that is none. */
  pointwise(input: ValueName): { readonly source: ValueName; readonly function: Pointwise } {
    const name = this.resolve(input);
    const producer = this.#producers.get(name);
    return producer?.kind === "pointwise" ? producer : { source: name, function: IDENTITY };
  }

  /** A value as an affine function of another one, without bounds, when it was made as such. */
  affineOf(input: ValueName): AffineOfValue | undefined {
    const producer = this.#producers.get(this.resolve(input));
    if (producer?.kind === "sum" && producer.terms.length === 1) {
      const [{ value, factor }] = producer.terms as [SumNode["terms"][number]];
      if (!this.#affords(factor.data.length + producer.offset.data.length)) return undefined;
      return { value, factor, offset: producer.offset };
    }
    const affine = producer?.kind === "pointwise" ? producer.function.affine : undefined;
    if (producer?.kind !== "pointwise" || affine === undefined || isClamped(affine)) {
      return undefined;
    }
    const single = (value: number) => ({ shape: [], data: [value] });
    return {
      value: producer.source,
      factor: single(affine.factor),
      offset: single(affine.offset),
    };
  }

  /** The linear node that makes `name`, when nothing but the given reader needs its output. */
  foldable(name: ValueName): LinearNode | undefined {
    const producer = this.#producers.get(this.resolve(name));
    if (producer?.kind !== "linear" || this.readersOf(name).length !== 1) return undefined;
    const aliased = this.resolve(name) !== name;
    if (aliased && this.readersOf(producer.output).length !== 1) return undefined;
    return this.#affords(producer.weights.length) ? producer : undefined;
  }

  /** Puts `node` in the place of a foldable one, whose output disappears. */
  replace(old: LinearNode, node: LinearNode): void {
    const { shape } = this.value(old.output, node.name);
    this.#producers.delete(old.output);
    this.#values.delete(old.output);
    this.add(node, shape);
  }

  /** Nodes that `output` needs, in topological order. */
  nodesFor(output: ValueName): FloatNode[] {
    const needed = new Set([output]);
    const nodes: FloatNode[] = [];
    for (const node of [...this.#producers.values()].reverse()) {
      if (!needed.has(node.output)) continue;
      for (const operand of operandsOf(node)) needed.add(operand);
      nodes.push(node);
    }
    return nodes.reverse();
  }

  get values(): ReadonlyMap<ValueName, FloatValue> {
    return this.#values;
  }

  /** Folding copies what it folds into: a long chain behind large weights stays unfolded. */
  #affords(elements: number): boolean {
    this.#foldingWork += elements;
    return this.#foldingWork <= MAX_FOLDING_WORK;
  }

  #addReader(name: ValueName, operator: string): void {
    const readers = this.#readers.get(name);
    if (readers === undefined) this.#readers.set(name, [operator]);
    else readers.push(operator);
  }

  #expectNew(name: ValueName): void {
    const taken = this.#constants.has(name) || this.#values.has(name) || this.#aliases.has(name);
    if (name !== "" && !taken) return;
    throw new ZkmlError("INVALID_GRAPH", `value "${name}" is defined twice or has no name`, {
      value: name,
    });
  }
}
