import { SessionState, type Voucher } from "./sessions.ts";

const PPM = 1_000_000n;

/** Rates of a session, fixed when it was opened: millionths of what is redeemed. */
export interface SessionRates {
  readonly royaltyPpm: bigint;
  readonly protocolFeePpm: bigint;
}

/** How a redeemed total is divided; the legs add up to it. Smallest token unit. */
export interface SessionLegs {
  readonly provider: bigint;
  readonly publisher: bigint;
  readonly fee: bigint;
}

/**
 * Legs of all that was redeemed, however many vouchers it took: the fee rounds up, the royalty of what it leaves rounds
 * down, the rest is the provider's.
 */
export function cumulativeLegs(amount: bigint, rates: SessionRates): SessionLegs {
  const { royaltyPpm, protocolFeePpm } = rates;
  const fee = (amount * protocolFeePpm + PPM - 1n) / PPM;
  const net = amount - fee;
  const publisher = net === 0n ? 0n : (net * royaltyPpm) / (PPM - protocolFeePpm);
  return { provider: net - publisher, publisher, fee };
}

/** What a voucher over `amount` pays when `redeemed` was paid before. */
export function stepLegs(redeemed: bigint, amount: bigint, rates: SessionRates): SessionLegs {
  const before = cumulativeLegs(redeemed, rates);
  const after = cumulativeLegs(amount, rates);
  return {
    provider: after.provider - before.provider,
    publisher: after.publisher - before.publisher,
    fee: after.fee - before.fee,
  };
}

/** One response that the provider gave, and what it asks for it. */
export interface ServedJob {
  readonly index: bigint;
  /** Smallest token unit, every leg included. */
  readonly price: bigint;
}

/** What exposure depends on; a `Session` has all of it. */
export interface ExposedSession {
  readonly state: bigint;
  readonly deposit: bigint;
  readonly redeemed: bigint;
  readonly maxUnsigned: bigint;
}

/** Where a provider stands with a session. Amounts in the smallest token unit. */
export interface UnsignedExposure {
  /** Price of everything served. */
  readonly served: bigint;
  /** Served, but covered by no voucher: lost if the requester signs no more. */
  readonly unsigned: bigint;
  /** Most that the next job may cost: within the session's `maxUnsigned` and within its deposit; zero unless it is open. */
  readonly headroom: bigint;
}

/**
 * What a provider may lose to a requester that stops signing. The chain cannot see what was served without a voucher, so
 * nothing but the provider keeps it at or below the session's `maxUnsigned`: it answers a job only when its price is at
 * most the headroom.
 * @param receipts Every job served in the session, each once.
 * @param voucher The last one that the requester signed; undefined before the first.
 */
export function unsignedExposure(
  session: ExposedSession,
  receipts: readonly ServedJob[],
  voucher: Pick<Voucher, "amount"> | undefined,
): UnsignedExposure {
  const served = receipts.reduce((sum, { price }) => sum + price, 0n);
  const signed = max(voucher?.amount ?? 0n, session.redeemed);
  const unsigned = max(served - signed, 0n);
  const open = Number(session.state) === SessionState.Open;
  // What is signed beyond what was served was paid ahead, and leaves as much more room.
  const byTrust = session.maxUnsigned - (served - signed);
  const byDeposit = session.deposit - served;
  const headroom = open ? max(byTrust < byDeposit ? byTrust : byDeposit, 0n) : 0n;
  return { served, unsigned, headroom };
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
