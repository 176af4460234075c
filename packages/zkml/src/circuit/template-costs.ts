import type { Simplification } from "./simplification.ts";

/** Constraints of a template from its parameters. */
export type Cost = (...parameters: number[]) => number;

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

/** What stays after full simplification, as the library's headers state it. */
const PRODUCTS: Readonly<Record<string, Cost>> = {
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
  TensorCommitment: (_type = 0, bytes = 1, count = 0) =>
    poseidon(bytes, count, productsOfHash) - POSEIDON_POWER,
};

/** Remainder(divisor) with the difference that it is given: sums, of which one is a renaming for 1. */
const remainderSums = (divisor: number): number => {
  if (divisor === 1) return 0;
  return Number.isInteger(Math.log2(divisor)) ? 2 : 4;
};

/** Sums that quick simplification keeps; what only renames or fixes a signal goes there too. */
const SUMS: Readonly<Record<string, Cost>> = {
  UnsignedBits: () => 1,
  SignedBits: () => 2,
  TwosComplement: () => 3,
  Larger: () => 3,
  Smaller: () => 4,
  LargestOf: (_width = 0, count = 1) => 3 * (count - 1),
  ArgMaxOf: (_width = 0, count = 1) => (count < 2 ? 0 : 3 * (count - 1) + 1),
  DivideUnsigned: (_width = 0, divisor = 1) => 1 + remainderSums(divisor),
  DivideTruncated: (_width = 0, divisor = 1) => 1 + remainderSums(divisor),
  Requantise: (width = 0, shift = 0, outWidth = 0) => {
    const above = width - 1 - shift - outWidth;
    return above === 1 ? 2 : 3;
  },
  SumOf: () => 1,
  LookupEach: (count = 0, first = 0) => count * (first === 0 ? 1 : 2),
  TensorCommitment: (_type = 0, bytes = 1, count = 0) =>
    Math.ceil(count / Math.floor(CHUNK_BYTES / bytes)) + poseidon(bytes, count, sumsOfHash),
};

export const TEMPLATES: readonly string[] = [
  ...new Set([...Object.keys(PRODUCTS), ...Object.keys(SUMS)]),
];

/** The cost of a template of the library, one of `TEMPLATES`. */
export function costOf(template: string, simplification: Simplification): Cost {
  const products = PRODUCTS[template] ?? (() => 0);
  const sums = SUMS[template] ?? (() => 0);
  if (simplification === "full") return products;
  return (...parameters) => products(...parameters) + sums(...parameters);
}

/** The hashes of a commitment, of `ofHash(lanes, partialRounds)` each. */
function poseidon(
  bytes: number,
  count: number,
  ofHash: (lanes: number, partial: number) => number,
): number {
  let chunks = Math.ceil(count / Math.floor(CHUNK_BYTES / bytes));
  let constraints = 0;
  for (; chunks > 0; chunks -= CHUNKS_PER_HASH) {
    const lanes = Math.min(chunks, CHUNKS_PER_HASH) + 2;
    constraints += ofHash(lanes, PARTIAL_ROUNDS[lanes - 2] ?? 0);
  }
  return constraints;
}

function productsOfHash(lanes: number, partial: number): number {
  return POSEIDON_POWER * (FULL_ROUNDS * lanes + partial) - POSEIDON_POWER;
}

/** Round constants and mixing; the last full round gives one lane alone. */
function sumsOfHash(lanes: number, partial: number): number {
  return (2 * FULL_ROUNDS - 1) * lanes + partial * (lanes + 1);
}
