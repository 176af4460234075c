import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor, type IntegerTensor } from "../../src/ir/tensor.ts";

/** A library template as a function on integers, and where it must refuse. */
export interface TemplateCase {
  /** Circom inputs and their lengths; 0 for a single signal. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Inputs inside the template's range. */
  readonly vectors: readonly (readonly number[])[];
  /** Inputs outside of it. */
  readonly refused: readonly (readonly number[])[];
  /** Outputs in circuit order. */
  readonly expected: (inputs: readonly number[]) => readonly bigint[] | Promise<readonly bigint[]>;
}

const random = new SeededRandom(7);

function samples(low: number, high: number, width: number): number[][] {
  const edges = [low, high, 0, 1, -1, low + 1, high - 1].filter((v) => v >= low && v <= high);
  const rows = edges.map((edge) => Array.from({ length: width }, () => edge));
  for (let i = 0; i < 6; i++) {
    rows.push(Array.from({ length: width }, () => random.integer(low, high)));
  }
  return rows;
}

function bits(value: number, width: number): bigint[] {
  return Array.from({ length: width }, (_, i) => BigInt(Math.floor(value / 2 ** i) % 2));
}

function requantise(shift: number, limit: number): TemplateCase["expected"] {
  return ([x = 0]) => [BigInt(Math.min(Math.floor(Math.max(x, 0) / 2 ** shift), limit))];
}

const IN = { in: 0 };
const TERMS = [7n, -3n, 0n, 2n, 1n, -5n, 0n, 4n];

function polynomial(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0n);
}

function division(
  divisor: number,
  low: number,
  high: number,
  refused: TemplateCase["refused"],
): TemplateCase {
  const expected: TemplateCase["expected"] = ([x = 0]) => [BigInt(Math.trunc(x / divisor))];
  return { inputs: IN, vectors: samples(low, high, 1), refused, expected };
}

const PAIR = { a: 0, b: 0 };
const pairs = samples(-128, 127, 2);

export type Commit = (tensor: IntegerTensor) => Promise<bigint>;

/** By the text that circuits.json names the template with. */
export function templateCases(commit: Commit): Readonly<Record<string, TemplateCase>> {
  return {
    "UnsignedBits(8)": {
      inputs: IN,
      vectors: samples(0, 255, 1),
      refused: [[256], [-1], [2 ** 31]],
      expected: ([x = 0]) => bits(x, 8),
    },
    "SignedBits(12)": {
      inputs: IN,
      vectors: samples(-2048, 2047, 1),
      refused: [[2048], [-2049]],
      expected: ([x = 0]) => bits(x + 2048, 12),
    },
    "Remainder(10)": {
      inputs: IN,
      vectors: samples(0, 9, 1),
      refused: [[10], [-1], [16]],
      expected: () => [],
    },
    "Remainder(16)": {
      inputs: IN,
      vectors: samples(0, 15, 1),
      refused: [[16], [-1]],
      expected: () => [],
    },
    "DivideUnsigned(7, 32)": division(32, 0, 4095, [[4096], [-1]]),
    "DivideUnsigned(6, 10)": division(10, 0, 639, [[640], [-1]]),
    "DivideTruncated(6, 8)": division(8, -511, 511, [[512], [-512]]),
    "DivideTruncated(5, 10)": division(10, -319, 319, [[320], [-320]]),
    "DivideTruncated(5, 2)": division(2, -63, 63, [[64], [-65]]),
    "Larger(9)": {
      inputs: PAIR,
      vectors: pairs,
      refused: [
        [256, 0],
        [0, 257],
      ],
      expected: ([a = 0, b = 0]) => [BigInt(Math.max(a, b))],
    },
    "Smaller(9)": {
      inputs: PAIR,
      vectors: pairs,
      refused: [
        [256, 0],
        [0, 257],
      ],
      expected: ([a = 0, b = 0]) => [BigInt(Math.min(a, b))],
    },
    "LargestOf(9, 4)": {
      inputs: { in: 4 },
      vectors: samples(-128, 127, 4),
      refused: [[0, 300, 0, 0]],
      expected: (values) => [BigInt(Math.max(...values))],
    },
    "ArgMaxOf(9, 4)": {
      inputs: { in: 4 },
      vectors: [...samples(-128, 127, 4), [3, 9, 9, 2], [-1, -2, -1, -1], [0, 0, 1, 1]],
      refused: [[0, 300, 0, 0]],
      expected: (values) => [BigInt(values.indexOf(Math.max(...values)))],
    },
    "SumOf(40)": {
      inputs: { in: 40 },
      vectors: samples(-1000, 1000, 40),
      refused: [],
      expected: (values) => [values.reduce((sum, value) => sum + BigInt(value), 0n)],
    },
    // What lies outside of its table is the caller's to exclude, so nothing is refused.
    "LookupEach(2, -4, 3, 8, [7, -3, 0, 2, 1, -5, 0, 4])": {
      inputs: { in: 2 },
      vectors: samples(-4, 3, 2),
      refused: [],
      expected: (values) => values.map((value) => polynomial(TERMS, BigInt(value + 4))),
    },
    "IsZero()": {
      inputs: IN,
      vectors: samples(-3, 3, 1),
      refused: [],
      expected: ([x]) => [x === 0 ? 1n : 0n],
    },
    "Requantise(14, 3, 8)": {
      inputs: IN,
      vectors: samples(-8192, 8191, 1),
      refused: [[8192], [-8193]],
      expected: requantise(3, 255),
    },
    "Requantise(12, 3, 8)": {
      inputs: IN,
      vectors: samples(-2048, 2047, 1),
      refused: [[2048], [-2049]],
      expected: requantise(3, 255),
    },
    "TwosComplement(8, 32)": {
      inputs: IN,
      vectors: samples(-128, 127, 1),
      refused: [[128], [-129]],
      expected: ([x = 0]) => [BigInt.asUintN(32, BigInt(x))],
    },
    "TensorCommitment(2, 1, 40)": {
      inputs: { words: 40 },
      vectors: samples(0, 255, 40).slice(-4),
      refused: [],
      expected: async (values) => [await commit(createTensor("uint8", [40], values))],
    },
    "TensorCommitment(6, 4, 9)": {
      inputs: { words: 9 },
      vectors: samples(0, 2 ** 31 - 1, 9).slice(-4),
      refused: [],
      expected: async (values) => [await commit(createTensor("int32", [3, 3], values))],
    },
  };
}
