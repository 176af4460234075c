import { ZkmlError } from "../../errors/zkml-error.ts";
import type { ValueName } from "../../ir/graph.ts";
import { createTensor } from "../../ir/tensor.ts";
import {
  type FloatGraph,
  type FloatNode,
  operandsOf,
  type PointwiseNode,
  type Quantisation,
  type SumNode,
} from "../float/float-graph.ts";
import { type ClampedAffine, IDENTITY } from "../float/pointwise.ts";
import { IntegerEmitter } from "./emitter.ts";
import { averageSource, productSource } from "./fixed-source.ts";
import { LinearSource } from "./linear-source.ts";
import { emitNative, type NativeNode } from "./native.ts";
import { emitOutput, tailOf } from "./output.ts";
import {
  type AccumulatorSource,
  type Layer,
  levels,
  type Quantised,
  type QuantisedGraph,
  type QuantiserOptions,
  sameQuantisation,
} from "./quantiser-types.ts";
import { assignScales } from "./shared-scales.ts";
import { SumSource } from "./sum-source.ts";
import { buildTable } from "./table.ts";

/** Turns a float graph into an integer one, value by value in topological order. */
export class Quantiser {
  readonly emitter: IntegerEmitter;
  readonly graph: FloatGraph;
  readonly layers: Layer[] = [];
  readonly #options: QuantiserOptions;
  readonly #producers: ReadonlyMap<ValueName, FloatNode>;
  readonly #readers = new Map<ValueName, number>();
  readonly #assigned: ReadonlyMap<ValueName, Quantisation>;
  readonly #made = new Map<ValueName, Quantised>();
  /** Values that the model itself rounds, and the rounded value to measure them by. */
  readonly #rounded = new Map<ValueName, ValueName>();

  constructor(graph: FloatGraph, options: QuantiserOptions) {
    this.graph = graph;
    this.#options = options;
    this.emitter = new IntegerEmitter(graph.name);
    this.#producers = new Map(graph.nodes.map((node) => [node.output, node]));
    for (const operand of [...graph.nodes.flatMap(operandsOf), graph.output]) {
      this.#readers.set(operand, (this.#readers.get(operand) ?? 0) + 1);
    }
    for (const node of graph.nodes) {
      if (node.kind === "quantise") this.#rounded.set(node.input, node.output);
    }
    this.#assigned = assignScales(graph, options.calibrated);
  }

  run(): QuantisedGraph {
    const { input: name } = this.graph;
    const scale = this.#assigned.get(name) ?? this.#options.calibrated(name);
    const value = this.emitter.addInput(name, this.#shape(name));
    const input = { value, ...scale };
    this.#made.set(name, input);
    const tail = new Set<FloatNode>(tailOf(this.graph));
    for (const node of this.graph.nodes) if (!tail.has(node)) this.#prepare(node);
    const output = emitOutput(this);
    return { graph: this.emitter.finish([output.value]), input, output, layers: this.layers };
  }

  producer(value: ValueName): FloatNode | undefined {
    return this.#producers.get(value);
  }

  /** The scale that a quantised model or a joined value prescribes. */
  assigned(value: ValueName): Quantisation | undefined {
    return this.#assigned.get(value);
  }

  /** A value in 8 bits, made on first use; at the wanted scale where one is given. */
  quantised(name: ValueName, wanted = this.#assigned.get(name)): Quantised {
    const made = this.#made.get(name);
    if (made !== undefined) {
      return wanted === undefined ? made : this.#adjust(name, made, wanted);
    }
    const node = this.#producers.get(name);
    if (node === undefined) {
      throw new ZkmlError("INVALID_GRAPH", `"${name}" is read before it is made`, { value: name });
    }
    const fresh = this.#make(node, wanted);
    this.#made.set(name, fresh);
    return fresh;
  }

  /** The node as sums in int32, or undefined where it is none. */
  source(node: FloatNode | undefined): AccumulatorSource | undefined {
    switch (node?.kind) {
      case "linear":
        return new LinearSource(this.emitter, node, this.quantised(node.input), this.#options);
      case "average":
        return averageSource(this.emitter, node, this.quantised(node.input));
      case "product":
        return productSource(
          this.emitter,
          this.quantised(node.inputs[0]),
          this.quantised(node.inputs[1]),
        );
      case "sum":
        return this.#sumSource(node);
      default:
        return undefined;
    }
  }

  /** Makes what a node needs, so that later steps never recurse deeper than one node. */
  #prepare(node: FloatNode): void {
    if (node.kind === "sum") {
      for (const term of node.terms) if (!this.#joins(node, term.value)) this.quantised(term.value);
    } else if (node.kind === "pointwise") {
      if (this.source(this.#producers.get(node.source)) === undefined) this.quantised(node.source);
    } else if (node.kind !== "argMax") {
      for (const operand of operandsOf(node)) this.quantised(operand);
    }
  }

  /** Whether a linear operand's sums can be added as they are. */
  #joins(node: SumNode, value: ValueName): boolean {
    const producer = this.#producers.get(value);
    const scalar = node.terms.find((term) => term.value === value)?.factor.data.length === 1;
    const free = producer?.kind === "linear" && producer.given === undefined;
    return free && scalar && this.#readers.get(value) === 1 && !this.#assigned.has(value);
  }

  #sumSource(node: SumNode): SumSource {
    const terms = node.terms.map(({ value, factor }) => {
      const linear = this.#joins(node, value) ? this.source(this.#producers.get(value)) : undefined;
      const operand = linear instanceof LinearSource ? linear : this.quantised(value);
      return { operand, factor };
    });
    return new SumSource(this.emitter, terms, node.offset);
  }

  #make(node: FloatNode, wanted: Quantisation | undefined): Quantised {
    if (node.kind === "pointwise") return this.#makePointwise(node, wanted);
    const source = this.source(node);
    if (source !== undefined) return this.#narrow(node, source, IDENTITY.affine, wanted);
    const native = emitNative(this, node as NativeNode);
    return wanted === undefined ? native : this.#adjust(node.output, native, wanted);
  }

  #makePointwise(node: PointwiseNode, wanted: Quantisation | undefined): Quantised {
    const { affine } = node.function;
    const { output } = node;
    if (affine === undefined) {
      const input = this.quantised(node.source);
      const target = wanted ?? this.#options.calibrated(output);
      const table = createTensor("uint8", [256], buildTable(node, input, target));
      const value = this.emitter.lookup(output, input.value, table);
      return this.#record(node, { value, ...target });
    }
    const source = this.source(this.#producers.get(node.source));
    if (source !== undefined) return this.#narrow(node, source, affine, wanted);
    const base = this.quantised(node.source);
    const scaled = { ...base, scale: base.scale * affine.factor };
    const free = affine.factor > 0 && affine.offset === 0;
    if (!free || (wanted !== undefined && !sameQuantisation(scaled, wanted))) {
      return this.#narrow(node, this.#single(base), affine, wanted);
    }
    const [low, high] = levels(scaled, affine);
    const value = this.emitter.clip(output, base.value, low, high);
    return this.#record(node, { ...scaled, value });
  }

  /** Brings sums to 8 bits, at the wanted scale or at one near the calibrated one. */
  #narrow(
    node: FloatNode,
    source: AccumulatorSource,
    affine: ClampedAffine | undefined,
    wanted: Quantisation | undefined,
  ): Quantised {
    const { output } = node;
    const exact = affine ?? (IDENTITY.affine as ClampedAffine);
    const target = wanted ?? this.#fitted(this.#options.calibrated(output), source, exact);
    const sums = source.accumulate(output, target, exact);
    const [low, high] = levels(target, exact);
    const value = this.emitter.requantise(output, sums, low, high);
    const { value: accumulator, shifts, ...details } = sums;
    const accumulatorBits = this.emitter.width(accumulator);
    const shown = [...new Set(shifts.exponents)];
    return this.#record(node, { value, ...target }, { accumulatorBits, shifts: shown, ...details });
  }

  #fitted(best: Quantisation, source: AccumulatorSource, affine: ClampedAffine): Quantisation {
    const scale = source.fit(best.scale, affine);
    const zeroPoint = Math.round((best.zeroPoint * best.scale) / scale);
    return { scale, zeroPoint };
  }

  /** The same value at another scale. */
  #adjust(name: ValueName, made: Quantised, wanted: Quantisation): Quantised {
    if (sameQuantisation(made, wanted)) return made;
    const sums = this.#single(made).accumulate(name, wanted, { factor: 1, offset: 0 });
    return { value: this.emitter.requantise(name, sums, 0, 255), ...wanted };
  }

  #single(operand: Quantised): SumSource {
    const one = { shape: [], data: [1] };
    return new SumSource(this.emitter, [{ operand, factor: one }], { shape: [], data: [0] });
  }

  #record(node: FloatNode, made: Quantised, details: Partial<Layer> = {}): Quantised {
    const { name, operator, output } = node;
    const seen = this.#rounded.get(output) ?? output;
    this.layers.push({ ...details, ...made, name: seen, node: name, operator });
    return made;
  }

  #shape(value: ValueName): readonly number[] {
    return this.graph.values.get(value)?.shape ?? [];
  }
}
