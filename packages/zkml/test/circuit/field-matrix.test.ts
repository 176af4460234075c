import { expect } from "chai";
import { apply, column, type Matrix, solve } from "../../src/circuit/field-matrix.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";

const MATRIX: Matrix = [
  [0n, 2n, FIELD_ORDER - 1n],
  [5n, 0n, 3n],
  [7n, 11n, 13n],
];
const IDENTITY: Matrix = [
  [1n, 0n, 0n],
  [0n, 1n, 0n],
  [0n, 0n, 1n],
];

describe("matrices over the field", () => {
  it("are inverted, with rows exchanged where a pivot is zero", () => {
    const inverse = solve(MATRIX, IDENTITY);
    for (const i of [0, 1, 2]) {
      expect(apply(MATRIX, column(inverse, i))).to.deep.equal(IDENTITY[i]);
      expect(apply(inverse, column(MATRIX, i))).to.deep.equal(IDENTITY[i]);
    }
  });

  it("solve for several columns at once", () => {
    const right: Matrix = [
      [1n, FIELD_ORDER - 1n],
      [0n, 4n],
      [9n, 0n],
    ];
    const solution = solve(MATRIX, right);
    for (const i of [0, 1]) {
      expect(apply(MATRIX, column(solution, i))).to.deep.equal(column(right, i));
    }
  });

  it("are refused when they have no inverse", () => {
    const singular: Matrix = [
      [1n, 2n],
      [2n, 4n],
    ];
    expect(() => solve(singular, singular)).to.throw(RangeError, "no inverse");
  });
});
