import type { Simplification } from "./simplification.ts";
import { type Cost, TEMPLATE_COSTS } from "./template-costs.ts";

/** Constraints of one part of a generated circuit. */
export interface CircuitPart {
  /** The comment above it: a number, and the operators that it proves. */
  readonly label: string;
  /** Near the number after simplification, which only the compiler knows. */
  readonly constraints: number;
}

const CALL = new RegExp(`\\b(${Object.keys(TEMPLATE_COSTS).join("|")})\\(`, "g");
/** An element of an array, whose place may itself come from a table. */
const ELEMENT = "((?:v|s|table)\\d+)\\[(?:[^[\\]]|\\[[^\\]]*\\])*\\]";
const ARITHMETIC = new RegExp(`<== ${ELEMENT} ([-+*]) ${ELEMENT};`);
const LINEAR_LAYER = /^ *(\w+) <== (?:MatMul|Conv)Constant\(/;
const LOOP = /^ *for \(var i = 0; i < (\d+); i\+\+\) \{/;

/**
 * Estimates the constraints of each part of a generated circuit of one job from its statements and
 * the costs of the library's templates. Reading the source takes milliseconds, compiling it minutes.
 * @param simplification as the circuit is compiled; quick leaves linear constraints, which count.
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
    if (part === undefined) continue;
    part.constraints += times * productCost(line, tables);
    if (simplification === "quick") part.constraints += times * sumCost(line, tables);
  }
  return parts.map(({ label, constraints }) => ({ label, constraints: Math.round(constraints) }));
}

function productCost(line: string, tables: Tables): number {
  const [, a = "", operation, b = ""] = ARITHMETIC.exec(line) ?? [];
  const product = operation === "*" && !isTable(a) && !isTable(b);
  return (product ? 1 : 0) + callCost(line, tables, "full");
}

/** What stays linear: outputs of linear layers, sums of values, and what templates leave. */
function sumCost(line: string, tables: Tables): number {
  const layer = LINEAR_LAYER.exec(line)?.[1];
  if (layer !== undefined) return tables.lengthOf(layer);
  return arithmeticSums(line, tables) + callCost(line, tables, "sums");
}

/** Adding zero and multiplying by one only rename a signal, and zero times it is a constant. */
function arithmeticSums(line: string, tables: Tables): number {
  const [, a = "", operation, b = ""] = ARITHMETIC.exec(line) ?? [];
  if (operation === undefined) return 0;
  const constant = [a, b].find(isTable);
  if (constant === undefined) return operation === "*" ? 0 : 1;
  if (operation === "-" && isTable(a)) return 1;
  const trivial = operation === "*" ? [0, 1] : [0];
  const values = tables.valuesOf(`${constant}[`);
  return values.filter((value) => !trivial.includes(value)).length / values.length;
}

const isTable = (array: string): boolean => array.startsWith("table");

function callCost(line: string, tables: Tables, kind: "full" | "sums"): number {
  let cost = 0;
  for (const match of line.matchAll(CALL)) {
    const parameters = argumentsAt(line, match.index + match[0].length);
    cost += meanCost(TEMPLATE_COSTS[match[1] as string]?.[kind] as Cost, parameters, tables);
  }
  return cost;
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

  /** Elements of an array of signals. */
  lengthOf(signals: string): number {
    return Number(new RegExp(`signal ${signals}\\[(\\d+)\\];`).exec(this.#source)?.[1]);
  }

  #read(table: string): readonly number[] {
    const name = new RegExp(`var ${table}\\[\\d+\\] = (\\w+)\\(\\);`).exec(this.#source)?.[1];
    const start = this.#source.indexOf(`function ${name}() {`);
    const body = this.#source.slice(this.#source.indexOf("[", start) + 1);
    return body.slice(0, body.indexOf("]")).split(",").map(Number);
  }
}
