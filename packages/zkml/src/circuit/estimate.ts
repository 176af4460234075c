import type { Simplification } from "./simplification.ts";
import { type Cost, costOf, TEMPLATES } from "./template-costs.ts";

/** Constraints of one part of a generated circuit. */
export interface CircuitPart {
  /** The comment above it: a number, and the operators that it proves. */
  readonly label: string;
  /** Near the number after simplification, which only the compiler knows. */
  readonly constraints: number;
}

const CALL = new RegExp(`\\b(${TEMPLATES.join("|")})\\(`, "g");
const PRODUCT = /\bv\d+\[[^\]]*\] \* v\d+\[/g;
const LINEAR = /^ *(v\d+) <== (?:MatMulConstant|ConvConstant)\(/;
const ASSIGNMENT = /\bv\d+\[i\] <== ([^;]*);/;
const LOOP = /^ *for \(var i = 0; i < (\d+); i\+\+\) \{/;

/**
 * Estimates the constraints of each part of a generated circuit of one job from its statements and
 * the costs that the library states. Reading the source takes milliseconds, compiling it minutes.
 */
export function estimateConstraints(
  source: string,
  simplification: Simplification = "full",
): CircuitPart[] {
  const tables = new Tables(source);
  const lines = source.slice(source.indexOf("template Model()")).split("\n");
  const parts: { label: string; constraints: number }[] = [];
  let open = 1;
  for (const line of lines) {
    const label = /^ {4}\/\/ (\d\. .*)$/.exec(line)?.[1];
    if (label !== undefined) {
      parts.push({ label, constraints: label.startsWith("0.") ? 1 : 0 });
      continue;
    }
    const part = parts.at(-1);
    const loop = LOOP.exec(line)?.[1];
    const times = loop === undefined ? open : Number(loop);
    if (loop !== undefined && !line.trimEnd().endsWith("}")) open = times;
    else if (/^ {4}\}/.test(line)) open = 1;
    if (part !== undefined) part.constraints += times * lineCost(line, tables, simplification);
  }
  return parts.map(({ label, constraints }) => ({ label, constraints: Math.round(constraints) }));
}

function lineCost(line: string, tables: Tables, simplification: Simplification): number {
  const products = line.match(PRODUCT)?.length ?? 0;
  let cost = products;
  if (simplification === "quick" && products === 0) cost += sumsOf(line, tables);
  for (const match of line.matchAll(CALL)) {
    const parameters = argumentsAt(line, match.index + match[0].length);
    cost += meanCost(costOf(match[1] as string, simplification), parameters, tables);
  }
  return cost;
}

/** Sums that a statement without products assigns by itself, once for each run of its loop. */
function sumsOf(line: string, tables: Tables): number {
  const linear = LINEAR.exec(line)?.[1];
  if (linear !== undefined) return tables.lengthOf(linear);
  const assigned = ASSIGNMENT.exec(line)?.[1];
  if (assigned === undefined) return 0;
  const withoutIndices = assigned.replace(/\[[^\]]*\]/g, "");
  return / [+*-] /.test(withoutIndices) ? 1 : 0;
}

/** Parameters that are looked up by an element's place stand for all entries of their tables. */
function meanCost(cost: Cost, parameters: readonly string[], tables: Tables): number {
  const values = parameters.map((text) => tables.valuesOf(text));
  const count = Math.max(1, ...values.map(({ length }) => length));
  let sum = 0;
  for (let i = 0; i < count; i++) sum += cost(...values.map((of) => of[i % of.length] ?? 0));
  return sum / count;
}

/** The comma-separated texts up to the bracket that closes the call. */
function argumentsAt(line: string, start: number): string[] {
  const found = [""];
  let depth = 0;
  for (const character of line.slice(start)) {
    if (character === ")" && depth === 0) break;
    if ("([".includes(character)) depth++;
    if (")]".includes(character)) depth--;
    if (character === "," && depth === 0) found.push("");
    else found.push((found.pop() ?? "") + character);
  }
  return found.map((text) => text.trim());
}

/** Compile-time tables of a circuit by name, read when they are asked for. */
class Tables {
  readonly #source: string;
  readonly #known = new Map<string, readonly number[]>();

  constructor(source: string) {
    this.#source = source;
  }

  valuesOf(parameter: string): readonly number[] {
    const table = /^(table\d+)\[/.exec(parameter)?.[1];
    if (table === undefined) return [Number(parameter)];
    const known = this.#known.get(table) ?? this.#read(table);
    this.#known.set(table, known);
    return known;
  }

  /** Elements of a signal array that the circuit declares. */
  lengthOf(array: string): number {
    return Number(new RegExp(`signal (?:input )?${array}\\[(\\d+)\\]`).exec(this.#source)?.[1]);
  }

  #read(table: string): readonly number[] {
    const name = new RegExp(`var ${table}\\[\\d+\\] = (\\w+)\\(\\);`).exec(this.#source)?.[1];
    const start = this.#source.indexOf(`function ${name}() {`);
    const body = this.#source.slice(this.#source.indexOf("[", start) + 1);
    return body.slice(0, body.indexOf("]")).split(",").map(Number);
  }
}
