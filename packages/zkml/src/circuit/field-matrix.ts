import { FIELD_ORDER, inverse } from "../keys/field.ts";

/** Field elements in [0, r). */
export type Vector = readonly bigint[];
/** Rows. */
export type Matrix = readonly Vector[];

export function apply(matrix: Matrix, vector: Vector): Vector {
  return matrix.map(
    (row) => row.reduce((sum, value, i) => sum + value * (vector[i] as bigint), 0n) % FIELD_ORDER,
  );
}

export function column(matrix: Matrix, index: number): Vector {
  return matrix.map((row) => row[index] as bigint);
}

/**
 * X with `matrix`·X = `right`, by Gauss and Jordan.
 * @throws RangeError when the matrix has no inverse.
 */
export function solve(matrix: Matrix, right: Matrix): Matrix {
  const rows = matrix.map((row, i) => [...row, ...(right[i] as Vector)]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const found = rows.findIndex((row, i) => i >= pivot && row[pivot] !== 0n);
    if (found < 0) throw new RangeError("the matrix has no inverse");
    [rows[pivot], rows[found]] = [rows[found] as bigint[], rows[pivot] as bigint[]];
    const scale = inverse((rows[pivot] as Vector)[pivot] as bigint);
    const normal = (rows[pivot] as Vector).map((value) => (value * scale) % FIELD_ORDER);
    rows[pivot] = normal;
    for (const [i, row] of rows.entries()) {
      const factor = row[pivot] as bigint;
      if (i === pivot || factor === 0n) continue;
      rows[i] = row.map((value, j) => {
        const taken = (factor * (normal[j] as bigint)) % FIELD_ORDER;
        return (value + FIELD_ORDER - taken) % FIELD_ORDER;
      });
    }
  }
  return rows.map((row) => row.slice(matrix.length));
}
