import {
  at,
  encodeModule,
  I32,
  OP,
  signed,
  unsigned,
  V128,
  type WasmFunction,
} from "./wasm-module.ts";

/** Lanes of 8 bytes that a block of keccak-256 absorbs. */
const RATE_LANES = 17;
const RATE_BYTES = 8 * RATE_LANES;
const HASH_LANES = 4;
const ROUNDS = 24;
/** Rounds in one pass of the loop: few jumps, and the code stays small. */
const UNROLLED = 2;

/** Left rotation of lane x + 5y. */
const ROTATIONS = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

// Locals, by number: four parameters, other integers, vectors.
const FROM = 0;
const TO = 1;
const LEFT = 2;
const CONSTANTS = 3;
const OTHER_FROM = 4;
const OTHER_TO = 5;
const BLOCK = 6;
const ROUND = 7;
const INTEGERS = 4;
const STATE = 8;
const NEXT = STATE + 25;
const PARITY = NEXT + 25;
const MIX = PARITY + 5;
const ROW = MIX + 5;
const HELD = ROW + 5;
const VECTORS = 66;

const get = (local: number) => [...OP.localGet, ...unsigned(local)];
const set = (local: number) => [...OP.localSet, ...unsigned(local)];
const tee = (local: number) => [...OP.localTee, ...unsigned(local)];
const integer = (value: number) => [...OP.i32Const, ...signed(value)];
const add = (local: number, value: number) => [...get(local), ...integer(value), ...OP.i32Add];
const times = (count: number, emit: (i: number) => readonly number[]) =>
  Array.from({ length: count }, (_, i) => emit(i)).flat();

/** The same 64 bits in both halves. */
const both = (value: bigint) => {
  const half = times(8, (i) => [Number((value >> BigInt(8 * i)) & 255n)]);
  return [...OP.v128Const, ...half, ...half];
};

/** 8 bytes at this offset of either message. */
const lane = (offset: number) => [
  ...get(OTHER_FROM),
  ...get(FROM),
  ...OP.load64Zero,
  ...at(offset),
  ...OP.load64Lane,
  ...at(offset),
  1,
];

/** Puts what `emit` leaves on the stack into a lane of the state. */
const absorb = (index: number, emit: readonly number[]) => [
  ...get(STATE + index),
  ...emit,
  ...OP.v128Xor,
  ...set(STATE + index),
];

/**
 * A module with `chunks`, `roots` and `nodes`, all (from, to, count, constants): keccak-256 of the domain
 * byte of leaves, leaves and nodes, and each of `count` messages of 1,024, 32 and 64 bytes, to hashes
 * side by side at `to`. The messages lie side by side from the byte after `from`. Two are hashed at a
 * time, one in each half of the vector registers. The round constants lie at `constants`; 8 bytes behind
 * the last message are read too.
 */
export function keccakModule(): Uint8Array {
  const functions = [
    hashFunction("chunks", 0, 1024),
    hashFunction("roots", 0, 32),
    hashFunction("nodes", 1, 64),
  ];
  return encodeModule(functions, 1);
}

/** One for each round. */
export function roundConstants(): BigUint64Array {
  const constants = new BigUint64Array(ROUNDS);
  let register = 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1)
        constants[round] = (constants[round] as bigint) | (1n << BigInt(2 ** bit - 1));
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }
  }
  return constants;
}

/** Domain and message take whole lanes but for the message's last byte, which begins one more. */
function hashFunction(name: string, domain: number, bytes: number): WasmFunction {
  const lanes = bytes / 8;
  const blocks = Math.floor(lanes / RATE_LANES);
  const body = [
    ...OP.loop,
    ...chooseOther(OTHER_FROM, FROM, bytes),
    ...chooseOther(OTHER_TO, TO, 8 * HASH_LANES),
    ...times(25, (i) => [...both(0n), ...set(STATE + i)]),
    // The byte before the message is read with its first lane: it cancels out, and the domain stays.
    ...[...lane(0), ...both(255n), ...OP.v128And, ...both(BigInt(domain)), ...OP.v128Xor],
    ...set(STATE),
    ...[...integer(0), ...set(BLOCK)],
    ...OP.loop,
    ...[...get(BLOCK), ...integer(blocks), ...OP.i32LtS],
    ...[...OP.if, ...times(RATE_LANES, (i) => absorb(i, lane(8 * i)))],
    ...[...OP.else, ...lastBlock(lanes - blocks * RATE_LANES), ...OP.end],
    ...permutation(),
    ...[...add(FROM, RATE_BYTES), ...set(FROM), ...add(OTHER_FROM, RATE_BYTES), ...set(OTHER_FROM)],
    ...[...add(BLOCK, 1), ...tee(BLOCK), ...integer(blocks + 1), ...OP.i32LtS, ...OP.brIf, 0],
    ...OP.end,
    ...times(HASH_LANES, (i) => [...store(TO, i, 0), ...store(OTHER_TO, i, 1)]),
    ...[...add(FROM, 2 * bytes - (blocks + 1) * RATE_BYTES), ...set(FROM)],
    ...[...add(TO, 2 * 8 * HASH_LANES), ...set(TO)],
    ...[...add(LEFT, -2), ...tee(LEFT), ...integer(0), ...OP.i32GtS, ...OP.brIf, 0],
    ...OP.end,
  ];
  const locals = [
    { type: I32, count: INTEGERS },
    { type: V128, count: VECTORS },
  ];
  return { name, parameters: 4, locals, body };
}

/** The second of a pair lies behind the first; a last one without a partner is hashed twice. */
function chooseOther(other: number, first: number, distance: number): number[] {
  const more = [...get(LEFT), ...integer(1), ...OP.i32GtS];
  return [...add(first, distance), ...get(first), ...more, ...OP.select, ...set(other)];
}

function lastBlock(lanes: number): number[] {
  const last = [...lane(8 * lanes), ...both(255n), ...OP.v128And, ...both(256n), ...OP.v128Xor];
  return [
    ...times(lanes, (i) => absorb(i, lane(8 * i))),
    ...absorb(lanes, last),
    ...absorb(RATE_LANES - 1, both(1n << 63n)),
  ];
}

function store(address: number, index: number, half: 0 | 1): number[] {
  return [...get(address), ...get(STATE + index), ...OP.store64Lane, ...at(8 * index), half];
}

function permutation(): number[] {
  return [
    ...[...get(CONSTANTS), ...set(ROUND)],
    ...OP.loop,
    ...times(UNROLLED, (i) =>
      round(i, ...((i % 2 === 0 ? [STATE, NEXT] : [NEXT, STATE]) as [number, number])),
    ),
    ...[...add(ROUND, 8 * UNROLLED), ...tee(ROUND)],
    ...[...add(CONSTANTS, 8 * ROUNDS), ...OP.i32LtS, ...OP.brIf, 0],
    ...OP.end,
  ];
}

/** One round from the 25 lanes at local `a` to those at `e`. */
function round(index: number, a: number, e: number): number[] {
  const parity = times(5, (x) => [
    ...get(a + x),
    ...times(4, (y) => [...get(a + x + 5 * (y + 1)), ...OP.v128Xor]),
    ...set(PARITY + x),
  ]);
  const mix = times(5, (x) => [
    ...get(PARITY + ((x + 4) % 5)),
    ...[...get(PARITY + ((x + 1) % 5)), ...rotate(1), ...OP.v128Xor],
    ...set(MIX + x),
  ]);
  const rows = times(5, (y) => [
    ...times(5, (x) => {
      const [fromX, fromY] = [(x + 3 * y) % 5, x];
      const source = fromX + 5 * fromY;
      const mixed = [...get(a + source), ...get(MIX + fromX), ...OP.v128Xor];
      return [...mixed, ...rotate(ROTATIONS[source] as number), ...set(ROW + x)];
    }),
    ...times(5, (x) => [
      ...get(ROW + x),
      ...[...get(ROW + ((x + 2) % 5)), ...get(ROW + ((x + 1) % 5)), ...OP.v128AndNot],
      ...OP.v128Xor,
      ...(x + y > 0 ? [] : [...get(ROUND), ...OP.load64Splat, ...at(8 * index), ...OP.v128Xor]),
      ...set(e + x + 5 * y),
    ]),
  ]);
  return [...parity, ...mix, ...rows];
}

/** Rotates the halves of the vector on the stack to the left. */
function rotate(bits: number): number[] {
  if (bits === 0) return [];
  const left = [...tee(HELD), ...integer(bits), ...OP.i64x2Shl];
  return [...left, ...get(HELD), ...integer(64 - bits), ...OP.i64x2ShrU, ...OP.v128Or];
}
