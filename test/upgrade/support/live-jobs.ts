import { JobState, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { bid, postAuction } from "../../helpers/auctions.ts";
import { LAT } from "../../helpers/custody.ts";
import {
  bondedOrder,
  directOrder,
  drawOrder,
  post,
  postAssigned,
  postCommitted,
} from "../../helpers/orders.ts";
import { beginEpochs, commit, paid, passDeadline, prove, refunded } from "./job-steps.ts";
import type { Live } from "./live-state.ts";
import { type World, waitUntil } from "./world.ts";

/** Windows that outlast an upgrade and its rollback. */
const PATIENT = { assignSeconds: 3_600, commitSeconds: 3_600, proveSeconds: 3_600 };

const drawn = (world: World) => drawOrder(world, PATIENT);
const direct = (world: World) => directOrder(world, world.actors.ada, PATIENT);
const bonded = (world: World) =>
  bondedOrder(world, world.actors.ada, { ...PATIENT, proveSeconds: 0, challengeSeconds: 3_600 });

/** Times a job out as the deployer, whose report slashes the whole collateral. */
function timeOut({ market, actors }: World, order: Order) {
  return market.connect(actors.deployer).timeOut(order);
}

/** Jobs of which time is left to wait for. With JOBS: one in every state that is not final, and every way out of it. */
export const OVERDUE_JOBS: Live[] = [
  {
    name: "a committed job that stays unproved is slashed and refunded",
    begin: async (world) => {
      const order = await direct(world);
      const { jobId } = await postCommitted(world, order);
      return async () => {
        const { market, actors } = world;
        await passDeadline(world, jobId);
        await refunded(world, jobId, order, () => timeOut(world, order));
        const [slash] = await market.queryFilter(market.filters.ProviderTimedOut(jobId));
        expect(slash?.args).to.deep.equal([
          jobId,
          actors.ada.address,
          actors.deployer.address,
          BigInt(JobState.Committed),
          order.collateral,
        ]);
      };
    },
  },
  {
    name: "an assigned job that stays uncommitted is slashed, opened again and cancelled",
    begin: async (world) => {
      const order = await drawn(world);
      const { jobId, provider } = await postAssigned(world, order);
      return async () => {
        const { market, actors } = world;
        await passDeadline(world, jobId);
        await expect(timeOut(world, order))
          .to.emit(market, "ProviderTimedOut")
          .withArgs(jobId, provider, actors.deployer, JobState.Assigned, order.collateral);
        const { state, attempt } = await market.jobOf(jobId);
        expect([state, attempt]).to.deep.equal([BigInt(JobState.Posted), 1n]);
        const requester = market.connect(actors.requester);
        await refunded(world, jobId, order, () => requester.cancel(order));
      };
    },
  },
  {
    name: "a job posted for a draw is refunded when its time is over",
    begin: async (world) => {
      const order = await drawn(world);
      const jobId = await post(world, order);
      return async () => {
        await passDeadline(world, jobId);
        await refunded(world, jobId, order, () => world.market.refund(order));
      };
    },
  },
  {
    name: "a bonded result is paid when its challenge window is over",
    begin: async (world) => {
      const order = await bonded(world);
      const { jobId } = await postCommitted(world, order);
      return async () => {
        const { market } = world;
        expect((await market.jobOf(jobId)).state).to.equal(JobState.Challengeable);
        await passDeadline(world, jobId);
        await paid(world, jobId, order, () => market.settle(order));
      };
    },
  },
  {
    name: "an auction with bids takes another, is awarded, proved and paid",
    begin: async (world) => {
      const { ada, ben, cal } = world.actors;
      const windows = { ...PATIENT, bidSeconds: 3_600 };
      const { order, jobId, closesAt } = await postAuction(world, windows);
      await bid(world, ada, order, 2n * LAT);
      await bid(world, ben, order, LAT);
      return async () => {
        const { market, matchmaker, beacon } = world;
        await bid(world, cal, order, 3n * LAT);
        const bids = await matchmaker.bidsOf(market, jobId);
        expect(bids.map(({ provider }) => provider)).to.deep.equal([
          ada.address,
          ben.address,
          cal.address,
        ]);
        const closingEpoch = await beacon.currentEpoch();
        await waitUntil(world, closesAt);
        await beginEpochs(world, closingEpoch + (await matchmaker.DRAW_DELAY()));
        await market.award(order, closingEpoch);
        const { provider, price } = await market.jobOf(jobId);
        expect(price).to.equal(bids.find((each) => each.provider === provider)?.price);
        await commit(world, jobId, order);
        await prove(world, jobId, order);
      };
    },
  },
];

export const JOBS: Live[] = [
  {
    name: "a committed job is proved and paid",
    begin: async (world) => {
      const order = await drawn(world);
      const { jobId } = await postCommitted(world, order);
      return () => prove(world, jobId, order);
    },
  },
  {
    name: "an assigned job is committed, proved and paid",
    begin: async (world) => {
      const order = await drawn(world);
      const { jobId } = await postAssigned(world, order);
      return async () => {
        await commit(world, jobId, order);
        await prove(world, jobId, order);
      };
    },
  },
  {
    name: "an assigned job is declined and refunded",
    begin: async (world) => {
      const order = await direct(world);
      const { jobId, provider } = await postAssigned(world, order);
      return () =>
        refunded(world, jobId, order, () => world.market.connect(provider).decline(order));
    },
  },
  {
    name: "a job posted to a named provider is cancelled",
    begin: async (world) => {
      const order = await direct(world);
      const jobId = await post(world, order);
      const requester = world.market.connect(world.actors.requester);
      return () => refunded(world, jobId, order, () => requester.cancel(order));
    },
  },
  {
    name: "a job posted to a named provider is accepted, proved and paid",
    begin: async (world) => {
      const order = await direct(world);
      const jobId = await post(world, order);
      return async () => {
        await world.market.connect(world.actors.ada).accept(order);
        await commit(world, jobId, order);
        await prove(world, jobId, order);
      };
    },
  },
];

/** Begins last, for the epoch that draws it must not pass before the upgrade. */
export const DRAWN_JOBS: Live[] = [
  {
    name: "a job posted for a draw is drawn, proved and paid",
    begin: async (world) => {
      const order = await drawn(world);
      const jobId = await post(world, order);
      return async () => {
        await beginEpochs(world, (await world.market.jobOf(jobId)).drawEpoch);
        await world.market.assign(order);
        await commit(world, jobId, order);
        await prove(world, jobId, order);
      };
    },
  },
];
