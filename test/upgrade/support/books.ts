import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ROYALTY_PPM } from "../../helpers/orders.ts";
import type { World } from "./world.ts";

const PPM = 1_000_000n;
/** Rate of the protocol's fee that the deployment sets, millionths. */
const FEE_PPM = 50_000n;

/** LAT (wei) in the escrow, by whose it is. */
export interface Books {
  /** The requester's deposit. */
  readonly deposit: bigint;
  /** Earnings of the providers' payouts. */
  readonly ada: bigint;
  readonly ben: bigint;
  readonly cal: bigint;
  readonly royalty: bigint;
  readonly fee: bigint;
  /** Locked by all lanes. */
  readonly locked: bigint;
}

export async function booksOf(world: World): Promise<Books> {
  const { escrow, token, registry, treasury, actors } = world;
  const earned = async (owner: string) => (await escrow.accountOf(owner, token)).earnings;
  const provided = async (provider: string) => earned(await registry.payoutOf(provider));
  const { deposit } = await escrow.accountOf(actors.requester, token);
  return {
    deposit,
    ada: await provided(actors.ada.address),
    ben: await provided(actors.ben.address),
    cal: await provided(actors.cal.address),
    royalty: await earned(actors.royaltyRecipient.address),
    fee: await earned(await treasury.getAddress()),
    locked: await lockedByLanes(world),
  };
}

export async function lockedByLanes({ escrow, token, lanes }: World): Promise<bigint> {
  const locked = await Promise.all(
    Object.values(lanes).map((lane) => escrow.lockedBy(lane, token)),
  );
  return locked.reduce((sum, amount) => sum + amount, 0n);
}

/** Escrow and vault hold exactly what they owe. */
export async function expectSolvent(world: World): Promise<void> {
  const { escrow, vault, registry, token, actors } = world;
  const { reporter, ada, ben, cal } = actors;
  const owed = Object.values(await booksOf(world)).reduce((sum, amount) => sum + amount, 0n);
  const { deposit, thawing } = await escrow.accountOf(reporter, token);
  expect(thawing).to.equal(0n);
  expect(await token.balanceOf(escrow)).to.equal(owed + deposit);
  let staked = 0n;
  for (const provider of [ada, ben, cal]) {
    staked += (await vault.provisionOf(provider, registry)).tokens;
    staked += (await vault.delegationPoolOf(provider, registry)).tokens;
  }
  expect(await token.balanceOf(vault)).to.equal(staked);
}

/** Does `act`, which moves exactly this much from what is locked to these accounts, and nothing else. */
export async function expectPaid(
  world: World,
  act: () => Promise<ContractTransactionResponse>,
  gains: Partial<Omit<Books, "locked">>,
): Promise<ContractTransactionResponse> {
  const before = await booksOf(world);
  const transaction = await act();
  await transaction.wait();
  const paid = Object.values(gains).reduce((sum, amount) => sum + amount, 0n);
  expect(paid).to.be.greaterThan(0n);
  const expected = Object.entries(before).map(([account, amount]) => [
    account,
    amount + (account === "locked" ? -paid : (gains[account as keyof typeof gains] ?? 0n)),
  ]);
  expect(await booksOf(world)).to.deep.equal(Object.fromEntries(expected));
  return transaction;
}

/** How a price is divided: the fee rounds up, the royalty down. */
export function split(price: bigint) {
  const fee = (price * FEE_PPM + PPM - 1n) / PPM;
  const royalty = (price * ROYALTY_PPM) / PPM;
  return { provider: price - fee - royalty, royalty, fee };
}

/** How a total that grows by steps is divided: the royalty is a share of what the fee leaves. */
export function splitTotal(total: bigint) {
  const fee = (total * FEE_PPM + PPM - 1n) / PPM;
  const royalty = ((total - fee) * ROYALTY_PPM) / (PPM - FEE_PPM);
  return { provider: total - fee - royalty, royalty, fee };
}
