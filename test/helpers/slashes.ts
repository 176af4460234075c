import type { JobState, Order } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";
import {
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  postAssigned,
} from "./orders.ts";
import type { Chain, Signer } from "./system.ts";

/** Collateral of the helpers' orders, and its shares by the tests' parameters. */
export const COLLATERAL = parseEther("100");
export const COMPENSATION = parseEther("50");
export const BOUNTY = parseEther("10");

/** A marketplace with one assigned job of a drawn order. */
export async function drawnJob(chain: Chain) {
  const system = await deployMarketplace(chain);
  const order = await drawOrder(system);
  return { system, market: system.market, order, ...(await postAssigned(system, order)) };
}

/** A marketplace with one job that Ada accepted. */
export async function directJob(chain: Chain) {
  const system = await deployMarketplace(chain);
  const order = await directOrder(system, system.actors.ada);
  return { system, market: system.market, order, ...(await postAssigned(system, order)) };
}

/** Moves the clock to the deadline of the job's state. */
export async function passDeadline({ market, chain }: Marketplace, jobId: bigint): Promise<void> {
  const { deadline } = await market.jobOf(jobId);
  await chain.networkHelpers.time.increaseTo(deadline);
}

/** Spendable deposit of the order's requester. */
export async function depositOf({ escrow }: Marketplace, order: Order): Promise<bigint> {
  return (await escrow.accountOf(order.requester, order.paymentToken)).deposit;
}

/** Times the job out as `reporter` and checks where its collateral went: SLA-2 and the events. */
export async function expectSlash(
  system: Marketplace,
  { jobId, order, provider }: { jobId: bigint; order: Order; provider: Signer },
  reporter: Signer,
  state: JobState,
  { compensation = COMPENSATION, bounty = BOUNTY } = {},
) {
  const { market, vault, registry, token, actors, chain } = system;
  const { ethers } = chain;
  const payout = await registry.payoutOf(provider);
  const burned = COLLATERAL - compensation - bounty;
  const supply = await token.totalSupply();
  const before = await vault.provisionOf(provider, registry);

  const timingOut = market.connect(reporter).timeOut(order);
  await expect(timingOut)
    .to.emit(market, "ProviderTimedOut")
    .withArgs(jobId, provider.address, reporter.address, state, COLLATERAL);
  await expect(timingOut)
    .to.emit(vault, "StakeSlashed")
    .withArgs(provider.address, registry.target, market.target, COLLATERAL, burned);
  await expect(timingOut).to.changeTokenBalances(
    ethers,
    token,
    [vault, actors.requester, reporter, provider],
    [-COLLATERAL, compensation, bounty, 0n],
  );
  if (reporter.address !== payout) {
    await expect(timingOut).to.changeTokenBalance(ethers, token, payout, 0n);
  }
  expect(supply - (await token.totalSupply())).to.equal(burned);
  const after = await vault.provisionOf(provider, registry);
  expect(before.tokens - after.tokens).to.equal(COLLATERAL);
  expect(before.exposure - after.exposure).to.equal(COLLATERAL);
  return timingOut;
}
