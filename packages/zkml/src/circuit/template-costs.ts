/** Constraints that one instance of a library template takes, from its parameters. */
export type Cost = (...parameters: number[]) => number;

interface TemplateCost {
  /** After full simplification, as the library's headers state it. */
  readonly full: Cost;
  /** What quick simplification leaves on top: sums, shifts and words, each linear. */
  readonly sums: Cost;
}

/** Partial rounds of circomlib's Poseidon by its number of inputs. */
const PARTIAL_ROUNDS = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FULL_ROUNDS = 8;
/** The power of five takes three; one lane begins with a constant. */
const POSEIDON_POWER = 3;
const CHUNK_BYTES = 31;
const CHUNKS_PER_HASH = 15;

/** Digits and their sum; a single digit is the number itself. */
const digitSum = (width: number): number => (width > 1 ? 1 : 0);
/** The shift by half the range, and the digits' sum. */
const signedSums = (width: number): number => 1 + digitSum(width);
const largerSums = (width: number): number => 1 + signedSums(width);

const widthOf = (divisor: number): number => Math.ceil(Math.log2(divisor));
const isPower = (divisor: number): boolean => 2 ** widthOf(divisor) === divisor;
const remainder = (divisor: number): number => widthOf(divisor) * (isPower(divisor) ? 1 : 2);
/** The remainder itself and, unless the divisor is a power of two, its distance to the divisor. */
const remainderSums = (divisor: number): number =>
  divisor === 1 ? 1 : (1 + digitSum(widthOf(divisor))) * (isPower(divisor) ? 1 : 2);

const digitsAbove = (width: number, shift: number, outWidth: number): number =>
  width - 1 - shift - outWidth;

/** Library templates that generated circuits call with array elements, by name. */
export const TEMPLATE_COSTS: Readonly<Record<string, TemplateCost>> = {
  UnsignedBits: { full: (width = 0) => width, sums: (width = 0) => digitSum(width) },
  SignedBits: { full: (width = 0) => width, sums: (width = 0) => signedSums(width) },
  TwosComplement: { full: (width = 0) => width, sums: (width = 0) => signedSums(width) + 1 },
  Larger: { full: (width = 0) => width + 1, sums: (width = 0) => largerSums(width) },
  Smaller: { full: (width = 0) => width + 1, sums: (width = 0) => largerSums(width) + 1 },
  LargestOf: {
    full: (width = 0, count = 1) => (count - 1) * (width + 1),
    sums: (width = 0, count = 1) => (count - 1) * largerSums(width),
  },
  ArgMaxOf: {
    full: (width = 0, count = 1) => (count < 2 ? 0 : (count - 1) * (width + 2) - 2),
    // The first choice is between two constants.
    sums: (width = 0, count = 1) => (count < 2 ? 0 : (count - 1) * largerSums(width) + 1),
  },
  DivideUnsigned: {
    full: (width = 0, divisor = 1) => width + remainder(divisor),
    sums: (width = 0, divisor = 1) => digitSum(width) + remainderSums(divisor),
  },
  DivideTruncated: {
    full: (width = 0, divisor = 1) => width + 3 + remainder(divisor),
    sums: (width = 0, divisor = 1) => digitSum(width) + remainderSums(divisor),
  },
  Requantise: {
    full: (width = 0, shift = 0, outWidth = 0) => {
      const above = digitsAbove(width, shift, outWidth);
      return width + 1 + (above > 1 ? 4 : Math.max(0, above));
    },
    sums: (width = 0, shift = 0, outWidth = 0) => {
      const above = digitsAbove(width, shift, outWidth);
      // Several digits above the limit are counted; without any, the quotient is a sum of its own.
      const clamp = above > 1 ? 1 : above === 1 ? 0 : digitSum(width - 1 - shift);
      return signedSums(width) + clamp;
    },
  },
  LookupEach: {
    full: (count = 0, _first = 0, step = 1, terms = 1) => {
      const blocks = Math.ceil(terms / step);
      return count * Math.max(0, blocks === 1 ? terms - 2 : step + blocks - 2);
    },
    // The place in the table, and the highest block.
    sums: (count = 0, first = 0) => count * (first === 0 ? 1 : 2),
  },
  SumOf: { full: () => 0, sums: (count = 1) => digitSum(count) },
  TensorCommitment: {
    full: (_type = 0, bytes = 1, count = 0) => {
      // The first hash begins with the constant domain.
      const constants = (lanes: readonly number[]) => POSEIDON_POWER * (lanes.length + 1);
      return powers(lanesOf(bytes, count)) - constants(lanesOf(bytes, count));
    },
    sums: (_type = 0, bytes = 1, count = 0) => commitmentSums(bytes, count),
  },
};

/** Lanes of each of the hashes that a tensor's commitment takes. */
function lanesOf(bytes: number, count: number): readonly number[] {
  const chunks = Math.ceil(count / Math.floor(CHUNK_BYTES / bytes));
  return Array.from({ length: Math.ceil(chunks / CHUNKS_PER_HASH) }, (_, hash) => {
    return Math.min(chunks - hash * CHUNKS_PER_HASH, CHUNKS_PER_HASH) + 2;
  });
}

const partialRounds = (lanes: number): number => PARTIAL_ROUNDS[lanes - 2] ?? 0;

function powers(hashes: readonly number[]): number {
  return hashes.reduce(
    (sum, lanes) => sum + POSEIDON_POWER * (FULL_ROUNDS * lanes + partialRounds(lanes)),
    0,
  );
}

/**
 * Packed chunks; of each hash the constants of full rounds, the mixes between them, what a partial
 * round adds to each lane and to the first, and the result. Powers of constants stay too.
 */
function commitmentSums(bytes: number, count: number): number {
  const words = Math.floor(CHUNK_BYTES / bytes);
  const hashes = lanesOf(bytes, count);
  const packed = Math.floor(count / words) + digitSum(count % words);
  const mixed = hashes.reduce((sum, lanes) => {
    const full = lanes * (2 * FULL_ROUNDS - 1);
    return sum + full + partialRounds(lanes) * (lanes + 1) + 1;
  }, 0);
  return packed + mixed + POSEIDON_POWER * (hashes.length + 1);
}
