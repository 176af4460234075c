import { AssignmentMode, JobState, type Order, Tier } from "@lattice/sdk";
import { advanceEpoch } from "./epochs.ts";
import {
  type Marketplace,
  post,
  postAssigned,
  postCommitted,
  postSettled as postPaid,
} from "./orders.ts";

/** Every call that names a job. */
export const CALLS = [
  "assign",
  "accept",
  "commit",
  "prove",
  "settle",
  "timeOut",
  "refund",
  "cancel",
  "decline",
] as const;
export type Call = (typeof CALLS)[number];

/** A state that a job can be in, with its clock. */
export interface Situation {
  readonly name: string;
  readonly mode: AssignmentMode;
  /** Default: Zk. */
  readonly tier?: Tier;
  readonly state: JobState;
  readonly enter: (system: Marketplace, order: Order) => Promise<bigint>;
  /** True when the state's deadline has passed. */
  readonly late?: boolean;
  /** Where each call that may happen leads; every other call must revert. */
  readonly transitions: Partial<Record<Call, JobState>>;
}

const { Draw, Direct } = AssignmentMode;
const enterWith =
  (reach: (system: Marketplace, order: Order) => Promise<{ jobId: bigint }>) =>
  async (system: Marketplace, order: Order) =>
    (await reach(system, order)).jobId;

async function postInNextEpoch(system: Marketplace, order: Order) {
  const jobId = await post(system, order);
  await advanceEpoch(system);
  return jobId;
}

async function postWithSeed(system: Marketplace, order: Order) {
  const jobId = await post(system, order);
  await advanceEpoch(system);
  await advanceEpoch(system);
  return jobId;
}

async function postRefunded(system: Marketplace, order: Order) {
  const jobId = await post(system, order);
  await system.market.connect(system.actors.requester).cancel(order);
  return jobId;
}

/** Every state of the market, and all that may happen in it. */
export const SITUATIONS: Situation[] = [
  {
    name: "a job that was never posted",
    mode: Draw,
    state: JobState.None,
    enter: async () => 77n,
    transitions: {},
  },
  {
    name: "posted for a draw, nobody can know its seed",
    mode: Draw,
    state: JobState.Posted,
    enter: post,
    transitions: { cancel: JobState.Refunded },
  },
  {
    name: "posted for a draw, nobody can know its seed, late",
    mode: Draw,
    state: JobState.Posted,
    enter: post,
    late: true,
    transitions: { cancel: JobState.Refunded, refund: JobState.Refunded },
  },
  {
    name: "posted for a draw, a leader may know its seed",
    mode: Draw,
    state: JobState.Posted,
    enter: postInNextEpoch,
    transitions: {},
  },
  {
    name: "posted for a draw, seed there",
    mode: Draw,
    state: JobState.Posted,
    enter: postWithSeed,
    transitions: { assign: JobState.Assigned },
  },
  {
    name: "posted for a draw, seed there, late",
    mode: Draw,
    state: JobState.Posted,
    enter: postWithSeed,
    late: true,
    transitions: { refund: JobState.Refunded },
  },
  {
    name: "posted to a named provider",
    mode: Direct,
    state: JobState.Posted,
    enter: post,
    transitions: { accept: JobState.Assigned, cancel: JobState.Refunded },
  },
  {
    name: "posted to a named provider, late",
    mode: Direct,
    state: JobState.Posted,
    enter: post,
    late: true,
    transitions: { refund: JobState.Refunded, cancel: JobState.Refunded },
  },
  {
    name: "assigned by a draw",
    mode: Draw,
    state: JobState.Assigned,
    enter: enterWith(postAssigned),
    transitions: { commit: JobState.Committed, decline: JobState.Posted },
  },
  {
    name: "assigned by a draw, late",
    mode: Draw,
    state: JobState.Assigned,
    enter: enterWith(postAssigned),
    late: true,
    transitions: { timeOut: JobState.Posted },
  },
  {
    name: "accepted",
    mode: Direct,
    state: JobState.Assigned,
    enter: enterWith(postAssigned),
    transitions: { commit: JobState.Committed, decline: JobState.Refunded },
  },
  {
    name: "accepted, late",
    mode: Direct,
    state: JobState.Assigned,
    enter: enterWith(postAssigned),
    late: true,
    transitions: { timeOut: JobState.Refunded },
  },
  {
    name: "assigned, to be bonded",
    mode: Draw,
    tier: Tier.Optimistic,
    state: JobState.Assigned,
    enter: enterWith(postAssigned),
    transitions: { commit: JobState.Challengeable, decline: JobState.Posted },
  },
  {
    name: "committed after a draw",
    mode: Draw,
    state: JobState.Committed,
    enter: enterWith(postCommitted),
    transitions: { prove: JobState.Settled },
  },
  {
    name: "committed after a draw, late",
    mode: Draw,
    state: JobState.Committed,
    enter: enterWith(postCommitted),
    late: true,
    transitions: { timeOut: JobState.Posted },
  },
  {
    name: "committed by a named provider, late",
    mode: Direct,
    state: JobState.Committed,
    enter: enterWith(postCommitted),
    late: true,
    transitions: { timeOut: JobState.Refunded },
  },
  {
    name: "bonded, open to challenges",
    mode: Direct,
    tier: Tier.Optimistic,
    state: JobState.Challengeable,
    enter: enterWith(postCommitted),
    transitions: {},
  },
  {
    name: "bonded, challenge window over",
    mode: Draw,
    tier: Tier.Optimistic,
    state: JobState.Challengeable,
    enter: enterWith(postCommitted),
    late: true,
    transitions: { settle: JobState.Settled },
  },
  {
    name: "settled",
    mode: Draw,
    state: JobState.Settled,
    enter: enterWith(postPaid),
    transitions: {},
  },
  {
    name: "settled, long ago",
    mode: Direct,
    state: JobState.Settled,
    enter: enterWith(postPaid),
    late: true,
    transitions: {},
  },
  { name: "refunded", mode: Draw, state: JobState.Refunded, enter: postRefunded, transitions: {} },
  {
    name: "refunded, long ago",
    mode: Direct,
    state: JobState.Refunded,
    enter: postRefunded,
    late: true,
    transitions: {},
  },
];
