import { AssignmentMode, JobState, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { LAT } from "../../helpers/custody.ts";
import { advanceEpoch } from "../../helpers/epochs.ts";
import {
  acceptProof,
  directOrder,
  drawOrder,
  OUTPUT_COMMITMENT,
  OUTPUT_DIGEST,
  PROOF,
  post,
  postAssigned,
  postCommitted,
  postProved,
} from "../../helpers/orders.ts";
import type { Ending, Live } from "./live-state.ts";
import type { World } from "./world.ts";

/** Windows that outlast an upgrade and its rollback. */
const PATIENT = { assignSeconds: 3_600, commitSeconds: 3_600, proveSeconds: 3_600 };

const drawn = (world: World) => drawOrder(world, PATIENT);
const direct = (world: World) => directOrder(world, world.actors.ada, PATIENT);

async function commit({ market, chain }: World, jobId: bigint, order: Order) {
  const { provider } = await market.jobOf(jobId);
  const signer = await chain.ethers.getSigner(provider);
  await market.connect(signer).commit(jobId, order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
}

async function prove(world: World, jobId: bigint, order: Order) {
  await acceptProof(world, jobId, order);
  await world.market.prove(jobId, order, PROOF);
}

/** Settles a proved job: the requester gets back what is not price, the provider's payout its leg. */
async function settle(
  { market, registry, escrow, token, actors }: World,
  id: bigint,
  order: Order,
) {
  const { price, provider } = await market.jobOf(id);
  const payout = await registry.payoutOf(provider);
  const [before, earned] = [
    await escrow.accountOf(actors.requester, token),
    await escrow.accountOf(payout, token),
  ];
  await expect(market.settle(id, order)).to.emit(market, "JobSettled");
  const [after, earning] = [
    await escrow.accountOf(actors.requester, token),
    await escrow.accountOf(payout, token),
  ];
  expect(after.deposit - before.deposit).to.equal(order.maxPrice - price);
  expect(earning.earnings - earned.earnings).to.be.greaterThan(0n);
  expect((await market.jobOf(id)).state).to.equal(JobState.Settled);
}

async function refunded({ market, escrow, token, actors }: World, id: bigint, act: Ending) {
  const before = await escrow.accountOf(actors.requester, token);
  await act();
  const after = await escrow.accountOf(actors.requester, token);
  expect(after.deposit - before.deposit).to.equal(3n * LAT);
  expect((await market.jobOf(id)).state).to.equal(JobState.Refunded);
}

/** Begins the next epoch early in the window of whoever may: ranks without number passed during a vote. */
async function beginEpoch(world: World) {
  const { time } = world.chain.networkHelpers;
  const { revealSeconds } = await world.parameters.beaconParameters();
  const opensAt = await world.beacon.nextRevealAt();
  const windows = (BigInt(await time.latest()) - opensAt) / revealSeconds;
  await time.increaseTo(opensAt + (windows + 1n) * revealSeconds);
  await advanceEpoch(world);
}

async function pass({ chain, market }: World, jobId: bigint) {
  const { deadline } = await market.jobOf(jobId);
  await chain.networkHelpers.time.increaseTo(deadline);
}

/** A job in every state that is not final, and every way out of it. */
export const JOBS: Live[] = [
  {
    name: "a committed job that stays unproved is slashed and refunded",
    begin: async (world) => {
      const order = { ...(await direct(world)), mode: AssignmentMode.Direct };
      const { jobId } = await postCommitted(world, order);
      return async () => {
        await pass(world, jobId);
        await refunded(world, jobId, async () => {
          await expect(world.market.timeOut(jobId, order))
            .to.emit(world.market, "ProviderTimedOut")
            .withArgs(
              jobId,
              world.actors.ada,
              world.actors.deployer,
              JobState.Committed,
              order.collateral,
            );
        });
      };
    },
  },
  {
    name: "a job posted for a draw is refunded when its time is over",
    begin: async (world) => {
      const order = await drawn(world);
      const jobId = await post(world, order);
      return async () => {
        await pass(world, jobId);
        await refunded(world, jobId, async () => void (await world.market.refund(jobId, order)));
      };
    },
  },
  {
    name: "a proved job is settled",
    begin: async (world) => {
      const order = await direct(world);
      const { jobId } = await postProved(world, order);
      return () => settle(world, jobId, order);
    },
  },
  {
    name: "a committed job is proved and settled",
    begin: async (world) => {
      const order = await drawn(world);
      const { jobId } = await postCommitted(world, order);
      return async () => {
        await prove(world, jobId, order);
        await settle(world, jobId, order);
      };
    },
  },
  {
    name: "an assigned job is committed, proved and settled",
    begin: async (world) => {
      const order = await drawn(world);
      const { jobId } = await postAssigned(world, order);
      return async () => {
        await commit(world, jobId, order);
        await prove(world, jobId, order);
        await settle(world, jobId, order);
      };
    },
  },
  {
    name: "a job posted to a named provider is cancelled",
    begin: async (world) => {
      const order = await direct(world);
      const jobId = await post(world, order);
      const requester = world.market.connect(world.actors.requester);
      return () => refunded(world, jobId, async () => void (await requester.cancel(jobId, order)));
    },
  },
  {
    name: "a job posted for a draw is drawn, proved and settled",
    begin: async (world) => {
      const order = await drawn(world);
      const jobId = await post(world, order);
      return async () => {
        await beginEpoch(world);
        await world.market.assign(jobId, order);
        await commit(world, jobId, order);
        await prove(world, jobId, order);
        await settle(world, jobId, order);
      };
    },
  },
];
