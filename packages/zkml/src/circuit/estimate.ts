/** Constraints of one part of a generated circuit. */
export interface CircuitPart {
  /** The comment above it: a number, and the operators that it proves. */
  readonly label: string;
  /** Near the number after full simplification, which only the compiler knows. */
  readonly constraints: number;
}

/** Constraints of a template from its parameters, as the library's headers state them. */
type Cost = (...parameters: number[]) => number;

/** Partial rounds of circomlib's Poseidon by its number of inputs. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FULL_ROUNDS = 8;
/** The power of five takes three; one lane begins with a constant. */
const POSEIDON_POWER = 3;
const CHUNK_BYTES = 31;
const CHUNKS_PER_HASH = 15;

const remainder = (divisor: number): number => {
  const width = Math.ceil(Math.log2(divisor));
  return 2 ** width === divisor ? width : 2 * width;
};

const COSTS: Readonly<Record<string, Cost>> = {
  UnsignedBits: (width = 0) => width,
  SignedBits: (width = 0) => width,
  TwosComplement: (width = 0) => width,
  Larger: (width = 0) => width + 1,
  Smaller: (width = 0) => width + 1,
  LargestOf: (width = 0, count = 1) => (count - 1) * (width + 1),
  ArgMaxOf: (width = 0, count = 1) => (count < 2 ? 0 : (count - 1) * (width + 2) - 2),
  DivideUnsigned: (width = 0, divisor = 1) => width + remainder(divisor),
  DivideTruncated: (width = 0, divisor = 1) =>
    width + 2 + remainder(divisor) + (divisor <= 2 ? width + 1 : 0),
  Requantise: (width = 0, shift = 0, outWidth = 0) => {
    const above = width - 1 - shift - outWidth;
    return width + 1 + (above > 1 ? 4 : Math.max(0, above));
  },
  LookupEach: (count = 0, _first = 0, step = 1, terms = 1) => {
    const blocks = Math.ceil(terms / step);
    return count * Math.max(0, blocks === 1 ? terms - 2 : step + blocks - 2);
  },
  TensorCommitment: (_type = 0, bytes = 1, count = 0) => commitment(bytes, count),
};

function commitment(bytes: number, count: number): number {
  let chunks = Math.ceil(count / Math.floor(CHUNK_BYTES / bytes));
  // The first hash begins with the constant domain.
  let constraints = -POSEIDON_POWER;
  for (; chunks > 0; chunks -= CHUNKS_PER_HASH) {
    const lanes = Math.min(chunks, CHUNKS_PER_HASH) + 2;
    const partial = PARTIAL_ROUNDS[lanes - 2] ?? 0;
    constraints += POSEIDON_POWER * (FULL_ROUNDS * lanes + partial) - POSEIDON_POWER;
  }
  return constraints;
}

const CALL = new RegExp(`\\b(${Object.keys(COSTS).join("|")})\\(`, "g");
const PRODUCT = /\bv\d+\[[^\]]*\] \* v\d+\[/g;
const LOOP = /^ *for \(var i = 0; i < (\d+); i\+\+\) \{/;

/**
 * Estimates the constraints of each part of a generated circuit of one job from its statements and
 * the costs that the library states. Reading the source takes milliseconds, compiling it minutes.
 */
export function estimateConstraints(source: string): CircuitPart[] {
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
    if (part !== undefined) part.constraints += times * lineCost(line, tables);
  }
  return parts.map(({ label, constraints }) => ({ label, constraints: Math.round(constraints) }));
}

function lineCost(line: string, tables: Tables): number {
  let cost = line.match(PRODUCT)?.length ?? 0;
  for (const match of line.matchAll(CALL)) {
    const parameters = argumentsAt(line, match.index + match[0].length);
    cost += meanCost(COSTS[match[1] as string] as Cost, parameters, tables);
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

  #read(table: string): readonly number[] {
    const name = new RegExp(`var ${table}\\[\\d+\\] = (\\w+)\\(\\);`).exec(this.#source)?.[1];
    const start = this.#source.indexOf(`function ${name}() {`);
    const body = this.#source.slice(this.#source.indexOf("[", start) + 1);
    return body.slice(0, body.indexOf("]")).split(",").map(Number);
  }
}
