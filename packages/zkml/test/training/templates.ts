import { SeededRandom } from "../../src/ir/random.ts";

type Inputs = Readonly<Record<string, readonly bigint[]>>;

export interface TrainingTemplate {
  /** Circom inputs and their lengths; 0 for a single signal. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly vectors: readonly (readonly number[])[];
  /** Values for which there is no witness. */
  readonly refused: readonly (readonly number[])[];
  /** Outputs in circuit order. */
  readonly expected: (inputs: Inputs) => readonly bigint[];
}

const random = new SeededRandom(11);
const rows = (count: number, width: number, low: number, high: number) =>
  Array.from({ length: count }, () =>
    Array.from({ length: width }, () => random.integer(low, high)),
  );

function rounded(value: bigint, shift: bigint): bigint {
  // Shifting a bigint rounds down, below zero too.
  return (value + (1n << shift) / 2n) >> shift;
}

function clamp(value: bigint, bits: bigint): bigint {
  const limit = 1n << (bits - 1n);
  return value < -limit ? -limit : value >= limit ? limit - 1n : value;
}

const around = (...values: number[]) => values.flatMap((v) => [[v - 1], [v], [v + 1]]);
const list = (inputs: Inputs, name: string): readonly bigint[] => inputs[name] ?? [];
const at = (values: readonly bigint[], i: number): bigint => values[i] ?? 0n;
const first = (inputs: Inputs, name: string): bigint => at(list(inputs, name), 0);

function roundedClamp(shift: bigint, bits: bigint): TrainingTemplate["expected"] {
  return (inputs) => {
    const out = clamp(rounded(first(inputs, "in"), shift), bits);
    return [out, out < 0n ? 1n : 0n];
  };
}

function dense(
  batch: number,
  width: number,
  units: number,
  one: bigint,
): TrainingTemplate["expected"] {
  return (inputs) => {
    const [values, parameters] = [list(inputs, "in"), list(inputs, "parameters")];
    return Array.from({ length: batch * units }, (_, k) => {
      const [n, row] = [Math.floor(k / units), (k % units) * (width + 1)];
      let sum = one * at(parameters, row + width);
      for (let i = 0; i < width; i++) sum += at(values, n * width + i) * at(parameters, row + i);
      return sum;
    });
  };
}

const backward: TrainingTemplate["expected"] = (inputs) => {
  const [errors, parameters] = [list(inputs, "errors"), list(inputs, "parameters")];
  return Array.from({ length: 6 }, (_, k) => {
    const [n, i] = [Math.floor(k / 3), k % 3];
    let sum = 0n;
    for (let u = 0; u < 2; u++) sum += at(errors, n * 2 + u) * at(parameters, u * 4 + i);
    return sum;
  });
};

const update: TrainingTemplate["expected"] = (inputs) => {
  const [values, errors] = [list(inputs, "in"), list(inputs, "errors")];
  const next = list(inputs, "parameters").map((parameter, place) => {
    const [u, i] = [Math.floor(place / 3), place % 3];
    let sum = parameter << 6n;
    for (let n = 0; n < 2; n++)
      sum += at(errors, n * 2 + u) * (i < 2 ? at(values, n * 2 + i) : 64n);
    return clamp(rounded(sum, 6n), 16n);
  });
  return [...next, ...next.map((value) => (value < 0n ? 1n : 0n))];
};

function updates(): number[][] {
  const edges = [
    [256, 256, 256, 256, 511, 511, 511, 511, 32767, -32768, 0, 32767, -32768, 1],
    [256, 256, 256, 256, -511, -511, -511, -511, 32767, -32768, 0, 32767, -32768, -1],
  ];
  const drawn = rows(4, 4, 0, 256).map((values) => [
    ...values,
    ...(rows(1, 4, -512, 511)[0] ?? []),
    ...(rows(1, 6, -32768, 32767)[0] ?? []),
  ]);
  return [...edges.map((row) => [...row.slice(0, 8), ...row.slice(8, 14)]), ...drawn];
}

/** By the text that circuits.json names the template with. */
export const TRAINING_TEMPLATES: Readonly<Record<string, TrainingTemplate>> = {
  "RoundedRelu(9000, 3, 8)": {
    inputs: { in: 0 },
    vectors: [...around(0, -4, 4, 2036, 2044, -8990, 8990), ...rows(4, 1, -9000, 9000)],
    refused: [[2 ** 14], [-(2 ** 14) - 8]],
    expected: (inputs) => {
      const value = rounded(first(inputs, "in"), 3n);
      const active = value >= 0n && value < 256n;
      return [active ? value : value < 0n ? 0n : 255n, active ? 1n : 0n];
    },
  },
  "RoundedClamp(9000, 3, 8)": {
    inputs: { in: 0 },
    vectors: [
      ...around(0, -4, 4, 1012, 1020, -1028, -1020, -8990, 8990),
      ...rows(4, 1, -9000, 9000),
    ],
    refused: [[2 ** 14], [-(2 ** 14) - 8]],
    expected: roundedClamp(3n, 8n),
  },
  "RoundedClamp(2040, 3, 8)": {
    inputs: { in: 0 },
    vectors: [
      ...around(0, -4, 4, 1012, 1020, -1028, -1020, 2030, -2030),
      ...rows(4, 1, -2040, 2040),
    ],
    refused: [[2 ** 11], [-(2 ** 11) - 8]],
    expected: roundedClamp(3n, 8n),
  },
  "InnerProduct(3)": {
    inputs: { a: 3, b: 3 },
    vectors: rows(4, 6, -300, 300),
    refused: [],
    expected: (inputs) => {
      const b = list(inputs, "b");
      return [list(inputs, "a").reduce((sum, value, i) => sum + value * at(b, i), 0n)];
    },
  },
  "Dense(2, 3, 2, 64)": {
    inputs: { in: 6, parameters: 8 },
    vectors: rows(4, 14, -300, 300),
    refused: [],
    expected: dense(2, 3, 2, 64n),
  },
  "Backward(2, 3, 2)": {
    inputs: { errors: 4, parameters: 8 },
    vectors: rows(4, 12, -300, 300),
    refused: [],
    expected: backward,
  },
  "Update(2, 2, 2, 64, 512, 6)": {
    inputs: { in: 4, errors: 4, parameters: 6 },
    vectors: updates(),
    refused: [[0, 0, 0, 0, 0, 0, 0, 0, 2 ** 17, 0, 0, 0, 0, 0]],
    expected: update,
  },
  "OneHot(3)": {
    inputs: { label: 0 },
    vectors: [[0], [1], [2]],
    refused: [[3], [-1]],
    expected: (inputs) => [0n, 1n, 2n].map((k) => (k === first(inputs, "label") ? 1n : 0n)),
  },
  "BatchOfStep(2)": {
    inputs: { step: 0, batches: 0 },
    vectors: [
      [0, 1],
      [7, 1],
      [0, 4],
      [3, 4],
      [4, 4],
      [10, 3],
      [2 ** 32 * 4 - 1, 4],
      [5, 2],
    ],
    refused: [
      [0, 0],
      [4, 6],
      [2 ** 32 * 4, 4],
      [0, 5],
      [-1, 3],
    ],
    expected: (inputs) => {
      const index = first(inputs, "step") % first(inputs, "batches");
      return [index & 1n, index >> 1n];
    },
  },
};
