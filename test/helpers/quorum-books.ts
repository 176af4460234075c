import { expect } from "chai";
import { payoutOf, type Round } from "./quorum.ts";
import type { Signer } from "./system.ts";

const PPM = 1_000_000n;
const FEE_PPM = 50_000n;
const ROYALTY_PPM = 30_000n;

/** How a member's ask is shared, with the tests' rates: the royalty rounds down, the fee up. */
export function sharesOf(ask: bigint) {
  const royalty = (ask * ROYALTY_PPM) / PPM;
  const fee = (ask * FEE_PPM + PPM - 1n) / PPM;
  return { provider: ask - royalty - fee, royalty, fee };
}

/** All balances that the end of a round can change. */
export async function booksOf({ system, order, members }: Round) {
  const { escrow, vault, registry, quorum, token, treasury, actors } = system;
  const earned = async (owner: string) => (await escrow.accountOf(owner, token)).earnings;
  return {
    deposit: (await escrow.accountOf(order.requester, token)).deposit,
    locked: await escrow.lockedBy(quorum, token),
    royalty: await earned(actors.royaltyRecipient.address),
    fee: await earned(await treasury.getAddress()),
    earnings: await Promise.all(members.map((member) => earned(payoutOf(member)))),
    stakes: await Promise.all(
      members.map(async (member) => (await vault.provisionOf(member, registry)).tokens),
    ),
    exposures: await Promise.all(
      members.map(async (member) => (await vault.provisionOf(member, registry)).exposure),
    ),
  };
}
export type Books = Awaited<ReturnType<typeof booksOf>>;

/** Who gained and lost what in a round. */
export interface Change {
  /** Members paid their asks, by position. */
  readonly paid: readonly number[];
  /** Members that lost their collateral, by position. */
  readonly slashed: readonly number[];
  /** What is still locked of the job. */
  readonly locked: bigint;
}

/** Checks every balance of `round` against `before`: PAY-2, EXP-1, and that nobody else gained. */
export async function expectBooks(round: Round, before: Books, asks: bigint[], change: Change) {
  const after = await booksOf(round);
  const total = BigInt(round.order.redundancy) * round.order.maxPrice;
  const won = change.paid.map((position) => sharesOf(asks[position] ?? 0n));
  const price = change.paid.reduce((sum, position) => sum + (asks[position] ?? 0n), 0n);
  const sum = (pick: (shares: (typeof won)[number]) => bigint) =>
    won.reduce((whole, shares) => whole + pick(shares), 0n);
  expect(after.royalty - before.royalty, "royalty").to.equal(sum(({ royalty }) => royalty));
  expect(after.fee - before.fee, "fee").to.equal(sum(({ fee }) => fee));
  expect(after.earnings.map((now, i) => now - (before.earnings[i] ?? 0n))).to.deep.equal(
    asks.map((ask, i) => (change.paid.includes(i) ? sharesOf(ask).provider : 0n)),
  );
  expect(before.locked - after.locked, "unlocked payment").to.equal(total - change.locked);
  expect(after.deposit - before.deposit, "refund").to.equal(total - change.locked - price);
  expect(before.stakes.map((was, i) => was - (after.stakes[i] ?? 0n))).to.deep.equal(
    asks.map((_, i) => (change.slashed.includes(i) ? round.order.collateral : 0n)),
  );
  expect(after.exposures, "exposures").to.deep.equal(asks.map(() => 0n));
}

/** Asks of a round's members, read from the job. */
export async function asksOf({ system, jobId }: Round): Promise<bigint[]> {
  return (await system.quorum.jobOf(jobId)).members.map(({ price }) => price);
}

export const addressOf = (round: Round, position: number): string =>
  (round.members[position] as Signer).address;
