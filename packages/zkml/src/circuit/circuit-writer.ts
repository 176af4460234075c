import { ZkmlError } from "../errors/zkml-error.ts";
import type { IntegerGraph, ValueInfo, ValueName } from "../ir/graph.ts";
import type { IntegerTensor, Interval } from "../ir/tensor.ts";
import { elementCount } from "../ir/tensor.ts";

/** A value as the circuit sees it: a flat row-major array of signals or of constants. */
export interface CircuitValue {
  readonly info: ValueInfo;
  readonly count: number;
  readonly interval: Interval;
  /** Circom name of the array. */
  readonly array: string;
  readonly constant: IntegerTensor | undefined;
}

const INDENT = "    ";

/** Collects the functions and statements of one generated circuit. */
export class CircuitWriter {
  readonly graph: IntegerGraph;
  readonly #functions: string[] = [];
  readonly #statements: string[] = [];
  readonly #values = new Map<ValueName, CircuitValue>();
  #next = 0;

  constructor(graph: IntegerGraph) {
    this.graph = graph;
  }

  get functions(): readonly string[] {
    return this.#functions;
  }

  get statements(): readonly string[] {
    return this.#statements;
  }

  statement(line: string): void {
    this.#statements.push(line === "" ? "" : INDENT + line);
  }

  /** Names come from model files: nothing of them but plain characters reaches the source. */
  comment(text: string): void {
    this.statement("");
    this.statement(`// ${text.replace(/[^A-Za-z0-9 .,:;=+*/()[\]^<>_-]/g, "_").slice(0, 120)}`);
  }

  /** Emits integers as a circom function and returns the call that yields the array. */
  integers(values: ArrayLike<number | bigint>): string {
    const name = `integers${this.#functions.length}`;
    const rows: string[] = [];
    for (let start = 0; start < values.length; start += 24) {
      rows.push(
        Array.from(
          { length: Math.min(24, values.length - start) },
          (_, i) => values[start + i],
        ).join(", "),
      );
    }
    this.#functions.push(
      `function ${name}() {\n${INDENT}return [\n${INDENT}${INDENT}${rows.join(`,\n${INDENT}${INDENT}`)}\n${INDENT}];\n}`,
    );
    return `${name}()`;
  }

  /**
   * Feeds `template(perGroup)` components, one for each element of `target`, with the elements of
   * `source` that `indices` lists group after group.
   */
  groups(
    target: { readonly array: string; readonly count: number },
    template: string,
    source: string,
    indices: ArrayLike<number>,
  ): void {
    const perGroup = indices.length / target.count;
    const table = this.table(indices);
    const name = `group${target.array}`;
    const input = `${name}[i].in[k] <== ${source}[${table}[i * ${perGroup} + k]];`;
    this.statement(`component ${name}[${target.count}];`);
    this.statement(`for (var i = 0; i < ${target.count}; i++) {`);
    this.statement(`    ${name}[i] = ${template};`);
    this.statement(`    for (var k = 0; k < ${perGroup}; k++) { ${input} }`);
    this.statement(`    ${target.array}[i] <== ${name}[i].out;`);
    this.statement("}");
  }

  /** Emits integers as a compile-time array of the template and returns its name. */
  table(values: ArrayLike<number | bigint>): string {
    const name = `table${this.#next++}`;
    this.statement(`var ${name}[${values.length}] = ${this.integers(values)};`);
    return name;
  }

  /** The circuit value of a graph value, emitting a constant on its first use. */
  value(name: ValueName): CircuitValue {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const constant = this.graph.constants.get(name);
    if (constant === undefined) {
      throw new ZkmlError("INVALID_GRAPH", `"${name}" is read before it is computed`, {
        value: name,
      });
    }
    return this.#define(name, this.table(constant.data), constant);
  }

  /** Declares the signals of a node's output, or of an input. */
  declare(name: ValueName, kind: "signal" | "signal input" = "signal"): CircuitValue {
    const value = this.#define(name, `v${this.#next++}`, undefined);
    this.statement(`${kind} ${value.array}[${value.count}];`);
    return value;
  }

  /** Declares signals that are no value of the graph and returns the name of their array. */
  scratch(count: number): string {
    const name = `s${this.#next++}`;
    this.statement(`signal ${name}[${count}];`);
    return name;
  }

  /** Gives a graph value the signals of another: for operators that move no number. */
  alias(name: ValueName, of: CircuitValue): void {
    this.#define(name, of.array, of.constant);
  }

  #define(name: ValueName, array: string, constant: IntegerTensor | undefined): CircuitValue {
    const info = this.graph.values.get(name) as ValueInfo;
    const interval = this.graph.intervals.get(name) as Interval;
    const value = { info, count: elementCount(info.shape), interval, array, constant };
    this.#values.set(name, value);
    return value;
  }
}
