import { hashList } from "../../src/circuit/hash-list.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { TemplateCase } from "./templates.ts";

const random = new SeededRandom(8);

function draw(count: number): number[] {
  return Array.from({ length: count }, () => random.integer(-64, 63));
}

/** Sums of `rows` rows of `input` with `columns` columns of `weights`. */
function products(
  input: readonly number[],
  weights: readonly number[],
  columns: number,
  [inZero, weightZero]: readonly [number, number],
): number[] {
  const inner = weights.length / columns;
  return Array.from({ length: (input.length / inner) * columns }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const x = (input[Math.floor(i / columns) * inner + k] as number) - inZero;
      sum += x * ((weights[k * columns + (i % columns)] as number) - weightZero);
    }
    return sum;
  });
}

/** Two filters of 2×2 over an image of 4×3, row by row of filters. */
function convolution(image: readonly number[], filters: readonly number[]): number[] {
  const at = (f: number, y: number, x: number): number =>
    [0, 1, 2, 3].reduce((sum, tap) => {
      const pixel = image[(y + (tap >> 1)) * 3 + x + (tap & 1)] as number;
      return sum + pixel * (filters[4 * f + tap] as number);
    }, 0);
  return [0, 1].flatMap((f) => [0, 1, 2].flatMap((y) => [0, 1].map((x): number => at(f, y, x))));
}

/** One more at the last element. */
function wrong(vector: readonly number[]): number[] {
  return vector.with(-1, (vector.at(-1) as number) + 1);
}

const dense = [0, 1, 2].map((): [number[], number[]] => [draw(6), draw(6)]);
const denseChecks = dense.map(([x, w], i) => [3 + i, ...x, ...w, ...products(x, w, 2, [0, 0])]);
const images = [0, 1].map((): [number[], number[]] => [draw(12), draw(8)]);
const imageChecks = images.map(([x, w], i) => [7 - i, ...x, ...w, ...convolution(x, w)]);
const slide = (input: readonly number[], base: number, k: number): bigint =>
  input.reduce((sum, _, i) => {
    const term = input[i + k - 1] ?? 0;
    return sum + BigInt(term) * BigInt(base) ** BigInt(i);
  }, 0n);

/** Templates of weights.circom and the freivalds files, as `templateCases` has them. */
export const PRIVATE_TEMPLATE_CASES: Readonly<Record<string, TemplateCase>> = {
  "HashList(9, 17)": {
    inputs: { in: 17 },
    vectors: [draw(17).map(Math.abs)],
    refused: [],
    expected: async (values) => [await hashList("\t", values.map(BigInt))],
  },
  "WeightsCommitment(2)": {
    inputs: { salt: 0, commitments: 2 },
    vectors: [[1, 2, 3]],
    refused: [],
    expected: async (values) => [await hashList("lattice.weights.v1", values.map(BigInt))],
  },
  "MatMulPrivate(2, 3, 2, 1, -2)": {
    inputs: { in: 6, weights: 6 },
    vectors: dense.map(([x, w]) => [...x, ...w]),
    refused: [],
    expected: (v) => products(v.slice(0, 6), v.slice(6), 2, [1, -2]).map(BigInt),
  },
  "ConvPrivate([1, 1, 4, 3], [2, 3, 2, 1], [2, 2, 1, 1, 1, 1, 0, 0], 0, 0)": {
    inputs: { in: 12, weights: 8 },
    vectors: images.map(([x, w]) => [...x, ...w]),
    refused: [],
    expected: (v) => convolution(v.slice(0, 12), v.slice(12)).map(BigInt),
  },
  "Power(11)": {
    inputs: { in: 0 },
    vectors: [[3], [0], [1], [-2]],
    refused: [],
    expected: ([x = 0]) => [BigInt(x) ** 11n],
  },
  "ClaimDigest(20, 14)": {
    inputs: { in: 14 },
    vectors: [new Array(14).fill(-(2 ** 19)), draw(14)],
    refused: [],
    expected: async (values) => {
      const digit = (value: number, i: number) => BigInt(value + 2 ** 19) << BigInt(20 * (i % 12));
      const digits = values.map(digit);
      const sum = (part: readonly bigint[]) => part.reduce((a, b) => a + b, 0n);
      const chunks = [sum(digits.slice(0, 12)), sum(digits.slice(12))];
      return [await hashList("lattice.claim.v1", chunks)];
    },
  },
  "Challenge(3)": {
    inputs: { in: 3 },
    vectors: [[1, 2, 3]],
    refused: [],
    expected: async (values) => [await hashList("lattice.challenge.v1", values.map(BigInt))],
  },
  "FoldSlides(6, 3, 1, 1, 1, 6)": {
    inputs: { in: 6, base: 0, last: 0 },
    vectors: [
      [...draw(6), 2, 64],
      [...draw(6), -3, 729],
    ],
    refused: [],
    expected: (v) => [0, 1, 2].map((k) => slide(v.slice(0, 6), v[6] as number, k)),
  },
  "MatMulCheck(2, 3, 2, 0, 0)": {
    inputs: { challenge: 0, in: 6, weights: 6, claim: 4 },
    vectors: denseChecks,
    refused: denseChecks.map(wrong),
    expected: () => [],
  },
  "ConvCheck([1, 1, 4, 3], [2, 3, 2, 1], [2, 2, 1, 1, 1, 1, 0, 0], 0, 0)": {
    inputs: { challenge: 0, in: 12, weights: 8, claim: 12 },
    vectors: imageChecks,
    refused: imageChecks.map(wrong),
    expected: () => [],
  },
};
