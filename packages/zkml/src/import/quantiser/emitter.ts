import { GraphBuilder } from "../../ir/builder.ts";
import type { GraphNode, IntegerGraph, ValueName } from "../../ir/graph.ts";
import { addByteLookup } from "../../ir/lookup.ts";
import {
  createTensor,
  ELEMENT_RANGES,
  elementCount,
  type IntegerTensor,
  type Interval,
  type Shape,
} from "../../ir/tensor.ts";

/** Exponents of the powers of two by which accumulators are divided, broadcast against them. */
export interface Shifts {
  readonly shape: Shape;
  readonly exponents: readonly number[];
}

/** int32 values and what to divide them by; half the divisor is added already. */
export interface Accumulated {
  readonly value: ValueName;
  readonly shifts: Shifts;
}

/** Beyond this a clip at 256 · 2^shift would leave int32. */
export const MAX_SHIFT = 22;

type NodeFields<N> = N extends GraphNode ? Omit<N, "name" | "output"> : never;

/** Adds nodes and constants under names that never collide. */
export class IntegerEmitter {
  readonly #builder: GraphBuilder;
  readonly #taken = new Set<string>();

  constructor(name: string) {
    this.#builder = new GraphBuilder(name);
  }

  addInput(name: ValueName, shape: Shape): ValueName {
    this.#taken.add(name);
    this.#builder.addInput({ name, elementType: "uint8", shape });
    return name;
  }

  constant(name: string, tensor: IntegerTensor): ValueName {
    const free = this.#free(name);
    this.#builder.addConstant(free, tensor);
    return free;
  }

  int32(name: string, shape: Shape, values: ArrayLike<number>): ValueName {
    return this.constant(name, createTensor("int32", shape, values));
  }

  add(name: string, node: NodeFields<GraphNode>): ValueName {
    const free = this.#free(name);
    this.#builder.addNode({ ...node, name: free, output: free } as GraphNode);
    return free;
  }

  cast(name: string, x: ValueName, to: "uint8" | "int32"): ValueName {
    if (this.#builder.info(x, name).elementType === to) return x;
    return this.add(`${name}/${to}`, { op: "Cast", inputs: [x], to });
  }

  /** 8-bit values limited to [low, high], or x itself when that is all there are. */
  clip(name: string, x: ValueName, low: number, high: number): ValueName {
    if (low <= 0 && high >= 255) return x;
    return this.add(name, { op: "Clip", inputs: [x], min: low, max: high });
  }

  /** `table[x]` of a uint8 x. */
  lookup(name: string, x: ValueName, table: IntegerTensor): ValueName {
    const constant = this.constant(`${name}/table`, table);
    const free = this.#free(name);
    addByteLookup(this.#builder, { name: free, x, table: constant, output: free });
    return free;
  }

  /** `x + constant`, or x itself when the constant is zero. */
  plus(name: string, x: ValueName, shape: Shape, values: ArrayLike<number>): ValueName {
    if (Array.from(values).every((value) => value === 0)) return x;
    const constant = this.int32(`${name}/addend`, ...compact(shape, values));
    return this.add(name, { op: "Add", inputs: [x, constant] });
  }

  /** `x · constant`, or x itself when the constant is one. */
  times(name: string, x: ValueName, shape: Shape, values: ArrayLike<number>): ValueName {
    if (Array.from(values).every((value) => value === 1)) return x;
    const constant = this.int32(`${name}/factor`, ...compact(shape, values));
    return this.add(name, { op: "Mul", inputs: [x, constant] });
  }

  shape(value: ValueName): Shape {
    return this.#builder.info(value, "the importer").shape;
  }

  interval(value: ValueName): Interval {
    return this.#builder.interval(value);
  }

  /** Bits of a two's complement number that holds every value in the proven range. */
  width(value: ValueName): number {
    const { min, max } = this.interval(value);
    const bits = (magnitude: bigint) => (magnitude <= 0n ? 0 : magnitude.toString(2).length);
    return 1 + Math.max(bits(max), bits(min < 0n ? -min - 1n : 0n));
  }

  /** Bits by which values may still grow before they could leave int32. */
  headroom(value: ValueName): number {
    return 31 - this.width(value);
  }

  /**
   * `min(max(⌊x / 2^shift⌋, low), high)` as uint8, written as a clip from zero, a division and a
   * cast: the form that circuits prove with one decomposition.
   */
  requantise(name: string, { value, shifts }: Accumulated, low: number, high: number): ValueName {
    const [first = 0] = shifts.exponents;
    const uniform = shifts.exponents.every((exponent) => exponent === first);
    // Moving the range to start at zero keeps that form where the least value is not zero.
    const base = low > 0 ? low : 0;
    const limit = 2 ** Math.ceil(Math.log2(Math.min(high, 255) - base + 1)) - 1;
    const divisors = shifts.exponents.map((exponent) => 2 ** exponent);
    const moved = this.plus(
      `${name}/base`,
      value,
      shifts.shape,
      divisors.map((divisor) => -base * divisor),
    );
    const most = uniform ? (limit + 1) * 2 ** first - 1 : Number(ELEMENT_RANGES.int32.max);
    let x = this.add(`${name}/clip`, { op: "Clip", inputs: [moved], min: 0, max: most });
    if (!uniform || first > 0) {
      const divisor = this.int32(`${name}/divisor`, ...compact(shifts.shape, divisors));
      x = this.add(`${name}/divide`, { op: "Div", inputs: [x, divisor] });
    }
    if (!uniform) x = this.add(`${name}/limit`, { op: "Clip", inputs: [x], min: 0, max: limit });
    x = this.plus(`${name}/unbase`, x, [], [base]);
    const beyond = BigInt(high) < this.interval(x).max;
    if (beyond) x = this.add(`${name}/most`, { op: "Clip", inputs: [x], min: base, max: high });
    return this.cast(name, x, "uint8");
  }

  finish(outputs: readonly ValueName[]): IntegerGraph {
    return this.#builder.finish(outputs);
  }

  #free(name: string): string {
    let free = name;
    for (let suffix = 2; this.#taken.has(free); suffix++) free = `${name}.${suffix}`;
    this.#taken.add(free);
    return free;
  }
}

/** A single value where all are equal; broadcasting does the rest. */
function compact(shape: Shape, values: ArrayLike<number>): [Shape, ArrayLike<number>] {
  const [first = 0] = [values[0]];
  const same = Array.from(values).every((value) => value === first);
  if (same) return [[], [first]];
  const length = elementCount(shape);
  return values.length === length ? [shape, values] : [shape, new Array(length).fill(first)];
}
