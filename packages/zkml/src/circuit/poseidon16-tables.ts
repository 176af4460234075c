import { readFileSync } from "node:fs";
import { FIELD_ORDER } from "../keys/field.ts";
import { apply, column, type Matrix, solve, type Vector } from "./field-matrix.ts";

/** Least and most elements that one call of the contract hashes. */
export const POSEIDON_ARITIES = { min: 2, max: 16 } as const;

/** Words in one table: with the byte before them they are the most that fit 24,576 bytes, the most code of a contract. */
const WORDS_PER_TABLE = 767;
const WORD_BYTES = 32;
/** Full rounds before the partial ones, and as many behind. */
const HALF = 4;

interface Parameters {
  /** Round constants of one width, a round after the other. */
  readonly constants: Vector;
  readonly matrix: Matrix;
}

/**
 * What the contract Poseidon16 computes with, as the code of contracts that hold nothing else: a byte that stops whoever
 * calls them, then words, most significant byte first. The words of all arities follow each other, least arity first.
 * Those of one width t with R partial rounds, a matrix row by row:
 *
 * 1. constants of the first four rounds, 4·t;
 * 2. M, t²: mixes the state after a full round;
 * 3. G⁻¹·M, t²: does so after the fourth round, and begins the recurrence;
 * 4. one constant for each partial round, R, as only its first element is substituted;
 * 5. coefficients of the recurrence, t;
 * 6. G, t²: state from the recurrence's last t terms;
 * 7. constants of the last four rounds, 4·t, with what the partial rounds' constants leave behind in the first t.
 *
 * The recurrence: between two substitutions of one element x the state changes linearly, v' = M·(v + δ·e₀) with
 * δ = x⁵ − x. A system of one input has the controllable form v = G·(g₀, g₁, …), g₀ the latest of a sequence with
 * g = δ + Σ pᵢ·gᵢ, p from the characteristic polynomial of M. A round then takes 2·t products instead of t², and every round
 * the same 2·t constants.
 */
export function poseidonTables(): Uint8Array[] {
  const words = poseidonWords();
  const tables: Uint8Array[] = [];
  for (let start = 0; start < words.length; start += WORDS_PER_TABLE) {
    const part = words.slice(start, start + WORDS_PER_TABLE);
    const code = new Uint8Array(1 + part.length * WORD_BYTES);
    for (const [i, word] of part.entries()) code.set(toBytes(word), 1 + i * WORD_BYTES);
    tables.push(code);
  }
  return tables;
}

/** Creation code and interface of the contracts that hold the tables, in order; the same everywhere. */
export function poseidonTableArtifacts() {
  return poseidonTables().map((code, i) => ({
    contractName: `PoseidonTable${i}`,
    sourceName: "circomlibjs/poseidon_constants.json",
    abi: [] as readonly object[],
    bytecode: `0x${Buffer.from(creationCodeOf(code)).toString("hex")}`,
  }));
}

/** Creation code that leaves `code` as the code of the contract: push, duplicate, push, copy, return. */
function creationCodeOf(code: Uint8Array): Uint8Array {
  const copy = [0x61, code.length >> 8, code.length & 0xff, 0x80, 0x60, 0x0a, 0x5f, 0x39];
  return Uint8Array.of(...copy, 0x5f, 0xf3, ...code);
}

function poseidonWords(): Vector {
  const words: bigint[] = [];
  for (let inputs = POSEIDON_ARITIES.min; inputs <= POSEIDON_ARITIES.max; inputs++) {
    words.push(...wordsOf(parametersOf(inputs)));
  }
  return words;
}

function wordsOf({ constants, matrix }: Parameters): bigint[] {
  const width = matrix.length;
  const rounds = Array.from({ length: constants.length / width }, (_, round) =>
    constants.slice(round * width, (round + 1) * width),
  );
  const { scalars, rest } = foldConstants(matrix, rounds.slice(HALF, -HALF));
  const { coefficients, states } = recurrence(matrix);
  const last = rounds.slice(-HALF);
  const behind = (last[0] as Vector).map((constant, i) => constant + (rest[i] as bigint));
  const words = [
    rounds.slice(0, HALF),
    matrix,
    solve(states, matrix),
    scalars,
    coefficients,
    states,
    behind,
    last.slice(1),
  ].flat(2);
  return words.map((word) => word % FIELD_ORDER);
}

/**
 * Moves the constants of partial rounds: those of elements that are not substituted pass the matrix with the state, so
 * each round keeps one, and what is left is added behind the last.
 */
function foldConstants(
  matrix: Matrix,
  rounds: readonly Vector[],
): { scalars: Vector; rest: Vector } {
  const scalars: bigint[] = [];
  let carried: Vector = matrix.map(() => 0n);
  for (const constants of rounds) {
    const sum = carried.map((value, i) => (value + (constants[i] as bigint)) % FIELD_ORDER);
    scalars.push(sum[0] as bigint);
    carried = apply(matrix, sum);
  }
  return { scalars, rest: carried };
}

/** Coefficients p and state matrix G of the recurrence. */
function recurrence(matrix: Matrix): { coefficients: Vector; states: Matrix } {
  const first = column(matrix, 0);
  // Mⁱ·b for i from 0 to t; the last is a combination of the others, as the characteristic polynomial says.
  const powers = [first];
  for (const _ of matrix) powers.push(apply(matrix, powers.at(-1) as Vector));
  const basis = matrix.map((_, row) => powers.slice(0, -1).map((power) => power[row] as bigint));
  const target = (powers.at(-1) as Vector).map((value) => [value]);
  const coefficients = column(solve(basis, target), 0).toReversed();
  const columns = [first];
  for (const coefficient of coefficients.slice(0, -1)) {
    const next = apply(matrix, columns.at(-1) as Vector);
    columns.push(
      next.map((value, i) => {
        const taken = (coefficient * (first[i] as bigint)) % FIELD_ORDER;
        return (value + FIELD_ORDER - taken) % FIELD_ORDER;
      }),
    );
  }
  return {
    coefficients,
    states: matrix.map((_, row) => columns.map((values) => values[row] as bigint)),
  };
}

interface ConstantsFile {
  readonly C: readonly (readonly string[])[];
  readonly M: readonly (readonly (readonly string[])[])[];
}

let file: ConstantsFile | undefined;

/** As the hash's own package states them for that many inputs; it exports no way to them. */
function parametersOf(inputs: number): Parameters {
  const url = new URL("src/poseidon_constants.json", import.meta.resolve("circomlibjs"));
  file ??= JSON.parse(readFileSync(url, "utf8")) as ConstantsFile;
  const [constants, matrix] = [file.C[inputs - 1], file.M[inputs - 1]];
  if (!constants || !matrix) throw new RangeError(`there is no hash of ${inputs} inputs`);
  return { constants: constants.map(BigInt), matrix: matrix.map((row) => row.map(BigInt)) };
}

function toBytes(word: bigint): Uint8Array {
  return Buffer.from(word.toString(16).padStart(2 * WORD_BYTES, "0"), "hex");
}
