import { expect } from "chai";
import { FIELD_ORDER, inverse, reduce } from "../../src/keys/field.ts";
import { type Constraint, evaluate, firstViolation, type R1cs } from "../../src/keys/r1cs.ts";

/** Constraints by the wires they mention. */
function constraintsByWire({ wireCount, constraints }: R1cs): Constraint[][] {
  const index = Array.from({ length: wireCount }, (): Constraint[] => []);
  for (const constraint of constraints) {
    const wires = new Set(constraint.flatMap((combination) => combination.wires));
    for (const wire of wires) index[wire]?.push(constraint);
  }
  return index;
}

function holds([a, b, c]: Constraint, witness: readonly bigint[]): boolean {
  return reduce(evaluate(a, witness) * evaluate(b, witness)) === evaluate(c, witness);
}

/**
 * Changes every wire of an honest witness on its own, to its neighbours, its complement as a bit,
 * zero and its negative, and expects each to break a constraint. `free` wires are left out: a
 * circuit's own inputs where nothing else in it depends on them.
 */
export function expectEveryWireBound(
  r1cs: R1cs,
  witness: readonly bigint[],
  free: ReadonlySet<number> = new Set(),
): void {
  expect(firstViolation(r1cs, witness), "the honest witness").to.equal(undefined);
  const index = constraintsByWire(r1cs);
  const tampered = [...witness];
  for (let wire = 1; wire < r1cs.wireCount; wire++) {
    if (free.has(wire)) continue;
    const value = witness[wire] as bigint;
    for (const change of [value + 1n, value - 1n, 1n - value, 0n, -value]) {
      const other = reduce(change);
      if (other === value) continue;
      tampered[wire] = other;
      const caught = (index[wire] as Constraint[]).some((item) => !holds(item, tampered));
      expect(caught, `wire ${wire} changed from ${value} to ${other}`).to.equal(true);
    }
    tampered[wire] = value;
  }
}

/**
 * Number of independent directions in which the witness could move with the public inputs fixed:
 * the wires that are not inputs, less the rank of the constraints' derivative at the witness.
 * Zero means that no wire was left to the prover by a missing constraint.
 */
export function freedom(r1cs: R1cs, witness: readonly bigint[]): number {
  const unknown = Array.from({ length: r1cs.wireCount }, (_, wire) => wire).filter(
    (wire) => (wire >= 1 && wire <= r1cs.outputCount) || wire > r1cs.publicCount,
  );
  const wanted = new Set(unknown);
  const rows = r1cs.constraints.map((constraint) => derivative(constraint, witness, wanted));
  return unknown.length - rank(rows);
}

type Row = Map<number, bigint>;

/** Gradient of a·b − c. */
function derivative(
  [a, b, c]: Constraint,
  witness: readonly bigint[],
  wanted: ReadonlySet<number>,
): Row {
  const row: Row = new Map();
  const terms = [
    [a, evaluate(b, witness)],
    [b, evaluate(a, witness)],
    [c, -1n],
  ] as const;
  for (const [{ wires, coefficients }, factor] of terms) {
    wires.forEach((wire, i) => {
      if (!wanted.has(wire)) return;
      const sum = reduce((row.get(wire) ?? 0n) + (coefficients[i] as bigint) * factor);
      if (sum === 0n) row.delete(wire);
      else row.set(wire, sum);
    });
  }
  return row;
}

/** Rank over the field, by elimination on sparse rows. */
function rank(rows: readonly Row[]): number {
  const pivots = new Map<number, Row>();
  for (const row of rows) {
    for (;;) {
      const wire = [...row.keys()].find((key) => pivots.has(key));
      if (wire === undefined) break;
      subtract(row, row.get(wire) as bigint, pivots.get(wire) as Row);
    }
    const first = row.entries().next().value;
    if (first === undefined) continue;
    const scale = inverse(first[1]);
    for (const [wire, value] of row) row.set(wire, (value * scale) % FIELD_ORDER);
    pivots.set(first[0], row);
  }
  return pivots.size;
}

function subtract(row: Row, factor: bigint, pivot: Row): void {
  for (const [wire, value] of pivot) {
    const rest = reduce((row.get(wire) ?? 0n) - factor * value);
    if (rest === 0n) row.delete(wire);
    else row.set(wire, rest);
  }
}
