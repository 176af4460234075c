import { type Order, QuorumState } from "@lattice/sdk";
import { advanceEpoch } from "./epochs.ts";
import {
  awaitSeed,
  hides,
  membersOf,
  ODD,
  type Plan,
  passDeadline,
  passReveals,
  play,
  postQuorum,
  type Quorum,
  RIGHT,
  type Round,
  tells,
  WRONG,
} from "./quorum.ts";

/** Every call that names a redundant job. */
export const QUORUM_CALLS = [
  "assign",
  "commit",
  "decline",
  "reveal",
  "finalise",
  "refund",
  "cancel",
] as const;
export type QuorumCall = (typeof QUORUM_CALLS)[number];

/** A state that a redundant job can be in, with its clock and what its members have done. */
export interface QuorumSituation {
  readonly name: string;
  readonly state: QuorumState;
  readonly enter: (system: Quorum, order: Order) => Promise<bigint>;
  /** Where each call that may happen leads; every other call must revert. */
  readonly transitions: Partial<Record<QuorumCall, QuorumState>>;
}

const { None, Posted, Committing, Revealing, Settled, Refunded } = QuorumState;

async function roundOf(system: Quorum, order: Order): Promise<Round> {
  const jobId = await postQuorum(system, order);
  await awaitSeed(system, jobId);
  await system.quorum.assign(jobId, order);
  return { system, order, jobId, members: await membersOf(system, jobId) };
}

type Clock = (round: Round) => Promise<void>;
const atOnce: Clock = async () => {};

const played =
  (plan: Plan, wait: Clock = atOnce) =>
  async (system: Quorum, order: Order) => {
    const round = await roundOf(system, order);
    await play(round, plan);
    await wait(round);
    return round.jobId;
  };

/** Some members have acted and the others still may. */
const underWay =
  (plan: Plan, wait: Clock = atOnce) =>
  async (system: Quorum, order: Order) => {
    const round = await roundOf(system, order);
    await play({ ...round, members: round.members.slice(0, plan.length) }, plan);
    await wait(round);
    return round.jobId;
  };

const finalised = (plan: Plan) => async (system: Quorum, order: Order) => {
  const jobId = await played(plan)(system, order);
  await system.quorum.finalise(jobId, order);
  return jobId;
};

async function cancelled(system: Quorum, order: Order) {
  const jobId = await postQuorum(system, order);
  await system.quorum.connect(system.actors.requester).cancel(jobId, order);
  return jobId;
}

async function postedLate(system: Quorum, order: Order) {
  const jobId = await postQuorum(system, order);
  await awaitSeed(system, jobId);
  await passDeadline({ system, order, jobId, members: [] });
  return jobId;
}

/** Every state of the market, and all that may happen in it. */
export const QUORUM_SITUATIONS: QuorumSituation[] = [
  { name: "never posted", state: None, enter: async () => 77n, transitions: {} },
  {
    name: "posted, nobody can know its seed",
    state: Posted,
    enter: postQuorum,
    transitions: { cancel: Refunded },
  },
  {
    name: "posted, a leader may know its seed",
    state: Posted,
    enter: async (system, order) => {
      const jobId = await postQuorum(system, order);
      await advanceEpoch(system);
      return jobId;
    },
    transitions: {},
  },
  {
    name: "posted, seed there",
    state: Posted,
    enter: async (system, order) => {
      const jobId = await postQuorum(system, order);
      await awaitSeed(system, jobId);
      return jobId;
    },
    transitions: { assign: Committing },
  },
  { name: "posted, late", state: Posted, enter: postedLate, transitions: { refund: Refunded } },
  {
    name: "drawn",
    state: Committing,
    enter: underWay([]),
    transitions: { commit: Committing, decline: Committing },
  },
  {
    name: "drawn, all but the last have committed",
    state: Committing,
    enter: underWay([hides(RIGHT), hides(RIGHT)]),
    transitions: { commit: Revealing, decline: Revealing },
  },
  {
    name: "drawn, one member declined",
    state: Committing,
    enter: underWay(["declines"]),
    transitions: { commit: Committing, decline: Posted },
  },
  {
    name: "drawn, nobody came, late",
    state: Committing,
    enter: played([null, null, null]),
    transitions: { finalise: Posted },
  },
  {
    name: "drawn, only the last member committed, late",
    state: Committing,
    enter: played([null, null, hides(RIGHT)]),
    transitions: { finalise: Posted },
  },
  {
    name: "drawn, a majority committed, late",
    state: Committing,
    enter: played([null, hides(RIGHT), hides(RIGHT)]),
    transitions: { reveal: Revealing },
  },
  {
    name: "drawn, a majority committed, reveals late",
    state: Committing,
    enter: played([null, hides(RIGHT), hides(RIGHT)], passReveals),
    transitions: { finalise: Posted },
  },
  {
    name: "all committed",
    state: Revealing,
    enter: played([hides(RIGHT), hides(RIGHT), hides(RIGHT)]),
    transitions: { reveal: Revealing },
  },
  {
    name: "all but the last revealed and agree",
    state: Revealing,
    enter: played([tells(RIGHT), tells(RIGHT), hides(RIGHT)]),
    transitions: { reveal: Revealing },
  },
  {
    name: "all revealed, a majority",
    state: Revealing,
    enter: played([tells(RIGHT), tells(RIGHT), tells(RIGHT)]),
    transitions: { finalise: Settled },
  },
  {
    name: "all revealed, no majority",
    state: Revealing,
    enter: played([tells(RIGHT), tells(WRONG), tells(ODD)]),
    transitions: { finalise: Posted },
  },
  {
    name: "reveals late, a majority",
    state: Revealing,
    enter: played([tells(RIGHT), tells(RIGHT), hides(RIGHT)], passReveals),
    transitions: { finalise: Settled },
  },
  {
    name: "reveals late, no majority",
    state: Revealing,
    enter: played([tells(RIGHT), hides(RIGHT), hides(RIGHT)], passReveals),
    transitions: { finalise: Posted },
  },
  {
    name: "settled",
    state: Settled,
    enter: finalised([tells(RIGHT), tells(RIGHT), tells(RIGHT)]),
    transitions: {},
  },
  { name: "refunded", state: Refunded, enter: cancelled, transitions: {} },
];
