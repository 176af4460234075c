/** Value types of WebAssembly. */
export const I32 = 0x7f;
export const V128 = 0x7b;

/** Instructions that the hash needs; the SIMD ones follow a prefix. */
export const OP = {
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  else: [0x05],
  end: [0x0b],
  brIf: [0x0d],
  select: [0x1b],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  i32Const: [0x41],
  i32LtS: [0x48],
  i32GtS: [0x4a],
  i32Add: [0x6a],
  load64Splat: [0xfd, 0x0a],
  v128Const: [0xfd, 0x0c],
  v128And: [0xfd, 0x4e],
  v128AndNot: [0xfd, 0x4f],
  v128Or: [0xfd, 0x50],
  v128Xor: [0xfd, 0x51],
  load64Lane: [0xfd, 0x57],
  store64Lane: [0xfd, 0x5b],
  load64Zero: [0xfd, 0x5d],
  i64x2Shl: [0xfd, 0xcb, 0x01],
  i64x2ShrU: [0xfd, 0xcd, 0x01],
} as const satisfies Record<string, readonly number[]>;

/** An exported function without results. */
export interface WasmFunction {
  readonly name: string;
  /** Number of i32 parameters: the first locals. */
  readonly parameters: number;
  /** The locals after them, in runs of one type. */
  readonly locals: readonly { readonly type: number; readonly count: number }[];
  readonly body: readonly number[];
}

/** Encodes a module that imports its memory as `env.memory` and exports these functions. */
export function encodeModule(functions: readonly WasmFunction[], minPages: number): Uint8Array {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...list(Array.from({ length: parameters }, () => [I32])),
    0,
  ]);
  const imports = [[...text("env"), ...text("memory"), 0x02, 0x00, ...unsigned(minPages)]];
  const exported = functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]);
  const code = functions.map(({ locals, body }) => {
    const runs = list(locals.map(({ type, count }) => [...unsigned(count), type]));
    return sized([...runs, ...body, ...OP.end]);
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, imports),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(7, exported),
    ...section(10, code),
  ]);
}

/** LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128. */
export function signed(value: bigint | number): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; ) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const last = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
    bytes.push(last ? low : low + 128);
    if (last) return bytes;
  }
}

/** Address operand: alignment of one byte, and an offset. */
export function at(offset: number): number[] {
  return [0, ...unsigned(offset)];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return [id, ...sized(list(items))];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}
