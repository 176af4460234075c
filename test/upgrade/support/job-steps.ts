import { JobState, type Order } from "@lattice/sdk";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  acceptProof,
  OUTPUT_COMMITMENT,
  OUTPUT_DIGEST,
  PROOF,
  ROYALTY_PPM,
} from "../../helpers/orders.ts";
import { type World, waitUntil } from "./world.ts";

const PPM = 1_000_000n;

/** Commits a job as its provider. */
export async function commit({ market, chain }: World, jobId: bigint, order: Order) {
  const { provider } = await market.jobOf(jobId);
  const signer = await chain.ethers.getSigner(provider);
  await market.connect(signer).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
}

/** Proves a committed job, and checks that this paid it. */
export async function prove(world: World, jobId: bigint, order: Order) {
  await acceptProof(world, jobId, order);
  await paid(world, jobId, order, () => world.market.prove(order, PROOF));
}

/** Does what pays a job: the requester gets back what is not price, the provider's payout its leg, the treasury the fee. */
export async function paid(
  world: World,
  jobId: bigint,
  order: Order,
  act: () => Promise<ContractTransactionResponse>,
) {
  const { market, registry, escrow, token, treasury, actors } = world;
  const { price, provider, protocolFeePpm } = await market.jobOf(jobId);
  const payout = await registry.payoutOf(provider);
  const balances = async () => {
    const { deposit } = await escrow.accountOf(actors.requester, token);
    const { earnings } = await escrow.accountOf(payout, token);
    const { earnings: fees } = await escrow.accountOf(treasury, token);
    return { deposit, earnings, fees };
  };
  const before = await balances();
  const refund = order.maxPrice - price;
  // The fee rounds up, the royalty down.
  const fee = (price * protocolFeePpm + PPM - 1n) / PPM;
  const royalty = (price * ROYALTY_PPM) / PPM;
  const earned = price - fee - royalty;
  await expect(act())
    .to.emit(market, "JobSettled")
    .withArgs(jobId, provider, actors.requester, [earned, royalty, fee, refund]);
  expect(await balances()).to.deep.equal({
    deposit: before.deposit + refund,
    earnings: before.earnings + earned,
    fees: before.fees + fee,
  });
  expect((await market.jobOf(jobId)).state).to.equal(JobState.Settled);
}

/** Does what refunds a job: the requester gets all of it back. */
export async function refunded(
  { market, escrow, token, actors }: World,
  jobId: bigint,
  order: Order,
  act: () => Promise<ContractTransactionResponse>,
) {
  const before = await escrow.accountOf(actors.requester, token);
  await expect(act())
    .to.emit(market, "JobRefunded")
    .withArgs(jobId, actors.requester, order.maxPrice);
  const after = await escrow.accountOf(actors.requester, token);
  expect(after.deposit - before.deposit).to.equal(order.maxPrice);
  expect((await market.jobOf(jobId)).state).to.equal(JobState.Refunded);
}

/** Begins epochs until `epoch`, each early in the window of whoever may: ranks without number passed during a vote. */
export async function beginEpochs(world: World, epoch: bigint) {
  const { time } = world.chain.networkHelpers;
  const { revealSeconds } = await world.parameters.beaconParameters();
  while ((await world.beacon.currentEpoch()) < epoch) {
    const opensAt = await world.beacon.nextRevealAt();
    const windows = (BigInt(await time.latest()) - opensAt) / revealSeconds;
    await time.increaseTo(opensAt + (windows + 1n) * revealSeconds);
    await advanceEpoch(world);
  }
}

/** Waits until the job's deadline. */
export async function passDeadline(world: World, jobId: bigint) {
  await waitUntil(world, (await world.market.jobOf(jobId)).deadline);
}
