import type { Interval } from "../ir/tensor.ts";
import { bitingBounds, type Chain } from "./chains.ts";
import { difference, digits, exactLog2, signedWidth } from "./widths.ts";

/** The template that a chain's values are taken apart with. */
export type Decomposition =
  | { readonly template: "Requantise"; readonly width: number; readonly outWidth: number }
  | {
      readonly template: "DivideUnsigned" | "DivideTruncated";
      /** Greatest magnitude of a dividend. */
      readonly largest: bigint;
    };

/** How to prove a chain: a decomposition, then comparisons with the bounds that still matter. */
export interface Plan {
  readonly decomposition: Decomposition | undefined;
  /** Of the decomposition's results. */
  readonly quotient: Interval;
  readonly lower: bigint | undefined;
  readonly upper: bigint | undefined;
  /** For one element; the greatest when they differ. */
  readonly constraints: number;
}

export function planChain(chain: Chain, input: Interval): Plan {
  const divisors = [...new Set<number>(chain.divisor?.data ?? [1])].map(BigInt);
  const exact = quotientInterval(input, divisors);
  const { lower, upper } = bitingBounds(chain, exact);
  const shifts = divisors.map((divisor) => exactLog2(Number(divisor)));
  const divides = divisors.some((divisor) => divisor > 1n);
  const neverNegative = exact.min >= 0n || chain.lower === 0n;
  const oneDecomposition = upper !== undefined || (divides && input.min < 0n);
  const unsignedLimit = upper === undefined || upper >= 0n;
  if (neverNegative && unsignedLimit && oneDecomposition && !shifts.includes(undefined)) {
    return requantise(chain, input, shifts as number[], upper, exact);
  }
  const rest = compared(exact, lower, upper);
  if (!divides) return { decomposition: undefined, ...rest };
  const magnitudes = [-input.min, input.max, 0n];
  const largest = magnitudes.reduce((most, value) => (value > most ? value : most));
  const template = input.min < 0n ? "DivideTruncated" : "DivideUnsigned";
  const costs = divisors.map((divisor) => divisionConstraints(template, largest, divisor));
  const decomposition = { template, largest } as const;
  return { ...rest, decomposition, constraints: rest.constraints + Math.max(...costs) };
}

/**
 * The w for which proving the chain without pooling first proves each of its inputs to be in
 * [-2^(w-1), 2^(w-1)); undefined when it proves no range. Hashes of the inputs rely on that.
 */
export function provenWidth(chain: Chain, input: Interval): number | undefined {
  const { decomposition, quotient, lower, upper } = planChain(chain, input);
  // A bound that every value reaches is the result, and nothing is taken apart.
  const least = lower === undefined ? quotient.min : raise(quotient, lower).min;
  if (lower !== undefined && lower >= quotient.max) return undefined;
  if (upper !== undefined && upper <= least) return undefined;
  return decomposition?.template === "Requantise" ? decomposition.width : undefined;
}

/** Sign, division and clamp in one decomposition; the clamp is to all ones. */
function requantise(
  chain: Chain,
  input: Interval,
  shifts: readonly number[],
  upper: bigint | undefined,
  exact: Interval,
): Plan {
  const width = Math.max(signedWidth(input), Math.max(...shifts) + 2);
  const room = width - 1 - Math.min(...shifts);
  const outWidth = upper === undefined ? room : Math.min(room, digits(upper));
  const ones = 2n ** BigInt(outWidth) - 1n;
  const quotient = {
    min: exact.min < 0n ? 0n : exact.min,
    max: ones < exact.max ? ones : exact.max,
  };
  const bounds = bitingBounds(chain, quotient);
  const rest = compared(quotient, bounds.lower, bounds.upper);
  const clamp = room > outWidth + 1 ? 4 : room - outWidth;
  return {
    ...rest,
    decomposition: { template: "Requantise", width, outWidth },
    constraints: rest.constraints + width + 1 + clamp,
  };
}

function compared(quotient: Interval, lower: bigint | undefined, upper: bigint | undefined) {
  const comparison = (from: Interval, bound: bigint | undefined): number =>
    bound === undefined ? 0 : signedWidth(difference(from, { min: bound, max: bound })) + 1;
  const raised = lower === undefined ? quotient : raise(quotient, lower);
  const constraints = comparison(quotient, lower) + comparison(raised, upper);
  return { quotient, lower, upper, constraints };
}

/** Interval of `max(value, bound)`. */
export function raise({ min, max }: Interval, bound: bigint): Interval {
  return { min: min < bound ? bound : min, max: max < bound ? bound : max };
}

function quotientInterval({ min, max }: Interval, divisors: readonly bigint[]): Interval {
  // BigInt division truncates toward zero, as the operator does.
  const ends = divisors.flatMap((divisor) => [min / divisor, max / divisor]);
  return {
    min: ends.reduce((least, value) => (value < least ? value : least)),
    max: ends.reduce((most, value) => (value > most ? value : most)),
  };
}

function divisionConstraints(template: string, largest: bigint, divisor: bigint): number {
  const quotient = digits(largest / divisor);
  const remainder = divisor === 1n ? 0 : digits(divisor - 1n);
  const exact = exactLog2(Number(divisor)) !== undefined;
  const unsigned = quotient + (exact ? remainder : 2 * remainder);
  return template === "DivideUnsigned" ? unsigned : unsigned + 3;
}
