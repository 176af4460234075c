import type { Curve } from "ffjavascript";
import { FIELD_BYTES, writeScalar } from "./field.ts";

const WINDOWS = FIELD_BYTES;
const DIGITS = 256;
const CHUNK = 1024;
const PAGE_BYTES = 65_536;

export type GroupName = "G1" | "G2";

/** Multiplies many scalars with the generator of a group. */
export interface FixedBase {
  readonly pointBytes: number;
  /** Affine points in Montgomery form, little-endian; infinity is all zeros. */
  multiply(scalars: readonly bigint[]): Uint8Array;
}

type WasmFunction = (...pointers: number[]) => void;

/** A WebAssembly instance of the curve with room for the table and a chunk of sums. */
interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly pointBytes: number;
  readonly jacobianBytes: number;
  readonly generator: number;
  /** Address of CHUNK Jacobian points. */
  readonly sums: number;
  readonly base: number;
  readonly table: number;
  call(name: string, ...pointers: number[]): void;
}

/**
 * Builds a table of `digit · 256^window · generator`, so that one multiplication costs at most 32
 * mixed additions. It runs in a WebAssembly instance of its own and passes pointers, because
 * copying points in and out would cost more than adding them.
 */
export async function fixedBase(curve: Curve, groupName: GroupName): Promise<FixedBase> {
  const arena = await createArena(curve, groupName);
  fillTable(arena);
  return {
    pointBytes: arena.pointBytes,
    multiply: (scalars) => multiplyAll(arena, scalars),
  };
}

async function createArena(curve: Curve, groupName: GroupName): Promise<Arena> {
  const prefix = groupName === "G1" ? "g1m" : "g2m";
  const coordinateBytes = curve[groupName].F.n8;
  const [pointBytes, jacobianBytes] = [coordinateBytes * 2, coordinateBytes * 3];
  const memory = new WebAssembly.Memory({ initial: 25 });
  const { instance } = await WebAssembly.instantiate(curve.tm.code, { env: { memory } });
  // Address 0 holds the start of free memory.
  const sums = Math.ceil((new Uint32Array(memory.buffer)[0] as number) / 8) * 8;
  const base = sums + CHUNK * jacobianBytes;
  const table = base + jacobianBytes;
  const end = table + WINDOWS * DIGITS * pointBytes;
  // The 25 pages it already has stay free as scratch space of batchToAffine.
  memory.grow(Math.ceil(end / PAGE_BYTES));
  new Uint32Array(memory.buffer)[0] = end;
  return {
    memory,
    pointBytes,
    jacobianBytes,
    generator: groupName === "G1" ? curve.tm.pG1gen : curve.tm.pG2gen,
    sums,
    base,
    table,
    call: (name, ...pointers) =>
      (instance.exports[`${prefix}_${name}`] as WasmFunction)(...pointers),
  };
}

function fillTable({ call, generator, sums, base, table, pointBytes }: Arena): void {
  call("toJacobian", generator, base);
  for (let window = 0; window < WINDOWS; window++) {
    const row = table + window * DIGITS * pointBytes;
    call("toAffine", base, row + pointBytes);
    call("toJacobian", row + pointBytes, sums);
    for (let digit = 2; digit < DIGITS; digit++) {
      call("addMixed", sums, row + pointBytes, sums);
      call("toAffine", sums, row + digit * pointBytes);
    }
    for (let bit = 0; bit < 8; bit++) call("double", base, base);
  }
}

function multiplyAll(arena: Arena, scalars: readonly bigint[]): Uint8Array {
  const { call, memory, sums, jacobianBytes, pointBytes } = arena;
  const points = new Uint8Array(scalars.length * pointBytes);
  const digits = new Uint8Array(FIELD_BYTES);
  const view = new DataView(digits.buffer);
  for (let start = 0; start < scalars.length; start += CHUNK) {
    const chunk = scalars.slice(start, start + CHUNK);
    chunk.forEach((scalar, i) => {
      writeScalar(view, 0, scalar);
      multiplyOne(arena, digits, sums + i * jacobianBytes);
    });
    call("batchToAffine", sums, chunk.length, sums);
    points.set(new Uint8Array(memory.buffer, sums, chunk.length * pointBytes), start * pointBytes);
  }
  return points;
}

function multiplyOne({ call, table, pointBytes }: Arena, digits: Uint8Array, sum: number): void {
  call("zero", sum);
  for (let window = 0; window < WINDOWS; window++) {
    const digit = digits[window] as number;
    // Row entry 0 is never filled: a zero digit adds nothing.
    if (digit !== 0) call("addMixed", sum, table + (window * DIGITS + digit) * pointBytes, sum);
  }
}
