import { type Order, QuorumState } from "@lattice/sdk";
import { expect } from "chai";
import { findsEnough } from "../../helpers/draws.ts";
import {
  assigned,
  COLLATERAL,
  commitAs,
  MAX_PRICE,
  postQuorum,
  type Quorum,
  quorumOrder,
  RIGHT,
  type Round,
  revealAs,
} from "../../helpers/quorum.ts";
import type { Signer } from "../../helpers/system.ts";
import { type Books, expectPaid, split } from "./books.ts";
import { beginEpochs } from "./job-steps.ts";
import type { Live } from "./live-state.ts";
import { type World, waitUntil } from "./world.ts";

/** Windows that outlast an upgrade and its rollback. */
const PATIENT = { assignSeconds: 3_600, commitSeconds: 3_600, proveSeconds: 3_600 };

/** The world as the helpers of the quorum lane take it. */
const laneOf = (world: World): Quorum => ({
  ...world,
  providers: [world.actors.ada, world.actors.ben, world.actors.cal],
  exactVersion: world.modelVersion,
});

/** Ends a round in which `winners` agreed: each is paid its ask, and the maxima of all else return. */
async function finalise(world: World, { system, order, jobId }: Round, winners: Signer[]) {
  const { quorum, actors } = world;
  const names = { ada: actors.ada, ben: actors.ben, cal: actors.cal };
  const { members } = await quorum.jobOf(jobId);
  const gains: Partial<Record<keyof Books, bigint>> = {};
  const add = (account: keyof Books, amount: bigint) => {
    gains[account] = (gains[account] ?? 0n) + amount;
  };
  for (const { provider, price } of members) {
    const wins = winners.some(({ address }) => address === provider);
    add("deposit", wins ? MAX_PRICE - price : MAX_PRICE);
    if (!wins) continue;
    const name = Object.entries(names).find(([, { address }]) => address === provider)?.[0];
    const legs = split(price);
    add(name as keyof Books, legs.provider);
    add("royalty", legs.royalty);
    add("fee", legs.fee);
  }
  const reporter = system.quorum.connect(actors.deployer);
  const ending = await expectPaid(world, () => reporter.finalise(jobId, order), gains);
  const { state, outputCommitment } = await quorum.jobOf(jobId);
  expect([state, outputCommitment]).to.deep.equal([BigInt(QuorumState.Settled), RIGHT]);
  return ending;
}

const memberAt = ({ members }: Round, position: number) => {
  const member = members[position];
  if (!member) throw new Error(`the round has no member ${position}`);
  return member;
};

/** Redundant jobs of which time alone is left to wait for. */
export const OVERDUE_QUORUMS: Live[] = [
  {
    name: "a redundant job ends without the member that stayed silent, which is slashed",
    begin: async (world) => {
      const round = await assigned(laneOf(world), PATIENT);
      const [silent, ...others] = [memberAt(round, 0), memberAt(round, 1), memberAt(round, 2)];
      for (const member of others) await commitAs(round, member, RIGHT);
      return async () => {
        const { quorum, actors, vault, registry } = world;
        const locked = await vault.lockedBy(silent, registry, quorum);
        await waitUntil(world, (await quorum.jobOf(round.jobId)).deadline);
        for (const member of others) await revealAs(round, member, RIGHT);
        await expect(finalise(world, round, others))
          .to.emit(quorum, "MemberSlashed")
          .withArgs(round.jobId, silent, actors.deployer, 0n, COLLATERAL);
        expect(locked - (await vault.lockedBy(silent, registry, quorum))).to.equal(COLLATERAL);
      };
    },
  },
  {
    name: "a redundant job posted for a draw is refunded when its time is over",
    begin: async (world) => {
      const order = await quorumOrder(laneOf(world), PATIENT);
      const jobId = await postQuorum(laneOf(world), order);
      return async () => {
        const { quorum, actors } = world;
        await waitUntil(world, (await quorum.jobOf(jobId)).deadline);
        const stranger = quorum.connect(actors.stranger);
        const locked = MAX_PRICE * BigInt(order.redundancy);
        await expectPaid(world, () => stranger.refund(jobId, order), { deposit: locked });
        expect((await quorum.jobOf(jobId)).state).to.equal(QuorumState.Refunded);
      };
    },
  },
];

export const QUORUMS: Live[] = [
  {
    name: "a redundant job in the middle of its round is committed to, revealed and paid",
    begin: async (world) => {
      const round = await assigned(laneOf(world), PATIENT);
      const { jobId, members } = round;
      await commitAs(round, memberAt(round, 0), RIGHT);
      await commitAs(round, memberAt(round, 1), RIGHT);
      return async () => {
        const { quorum, vault, registry } = world;
        expect((await quorum.jobOf(jobId)).state).to.equal(QuorumState.Committing);
        await commitAs(round, memberAt(round, 2), RIGHT);
        for (const member of members) await revealAs(round, member, RIGHT);
        const locked = () =>
          Promise.all(members.map((member) => vault.lockedBy(member, registry, quorum)));
        const before = await locked();
        await finalise(world, round, [...members]);
        expect(await locked()).to.deep.equal(before.map((amount) => amount - COLLATERAL));
      };
    },
  },
  {
    name: "a redundant job that reveals is revealed by the others, and paid",
    begin: async (world) => {
      const round = await assigned(laneOf(world), PATIENT);
      const [first, ...others] = [memberAt(round, 0), memberAt(round, 1), memberAt(round, 2)];
      for (const member of [first, ...others]) await commitAs(round, member, RIGHT);
      await revealAs(round, first, RIGHT);
      return async () => {
        const { state, members } = await world.quorum.jobOf(round.jobId);
        expect(state).to.equal(QuorumState.Revealing);
        expect(members.map(({ revealed }) => revealed)).to.deep.equal([true, false, false]);
        for (const member of others) await revealAs(round, member, RIGHT);
        await finalise(world, round, [first, ...others]);
      };
    },
  },
];

/**
 * Posts an order whose draw will find enough providers. Some ids pick one provider too often: which, a look ahead tells,
 * since the seeds to come depend on nothing that an upgrade changes.
 */
async function postDrawable(world: World, order: Order): Promise<bigint> {
  const { chain, quorum, actors } = world;
  for (let attempts = 0; attempts < 5; attempts++) {
    const before = await chain.networkHelpers.takeSnapshot();
    const jobId = await postQuorum(laneOf(world), order);
    await beginEpochs(world, (await quorum.jobOf(jobId)).drawEpoch);
    const enough = await findsEnough(world, quorum.assign.staticCall(jobId, order));
    await before.restore();
    const posted = await postQuorum(laneOf(world), order);
    if (enough) return posted;
    await quorum.connect(actors.requester).cancel(posted, order);
  }
  throw new Error("Five jobs in a row would find too few providers.");
}

/** Begins last, for the epoch that draws it must not pass before the upgrade. */
export const DRAWN_QUORUMS: Live[] = [
  {
    name: "a redundant job posted for a draw is drawn, and given back by its members",
    begin: async (world) => {
      const order = await quorumOrder(laneOf(world), PATIENT);
      const jobId = await postDrawable(world, order);
      return async () => {
        const { quorum, chain } = world;
        await beginEpochs(world, (await quorum.jobOf(jobId)).drawEpoch);
        await quorum.assign(jobId, order);
        const { members } = await quorum.jobOf(jobId);
        expect(members).to.have.length(order.redundancy);
        const signers = await Promise.all(
          members.map(({ provider }) => chain.ethers.getSigner(provider)),
        );
        // The second one ends the round: it leaves no majority. The job is drawn again.
        for (const member of signers.slice(0, 2)) {
          await quorum.connect(member).decline(jobId, order);
        }
        const { state, attempt } = await quorum.jobOf(jobId);
        expect([state, attempt]).to.deep.equal([BigInt(QuorumState.Posted), 1n]);
        const requester = quorum.connect(world.actors.requester);
        const locked = MAX_PRICE * BigInt(order.redundancy);
        await expectPaid(world, () => requester.cancel(jobId, order), { deposit: locked });
      };
    },
  },
];
