import type { Lattice } from "./client.ts";
import { chainTime } from "./clock.ts";
import { SdkError } from "./errors.ts";
import type { Action } from "./governance.ts";

/** States of a proposal. Values are those of OpenZeppelin's `IGovernor.ProposalState`. */
export const ProposalState = {
  Pending: 0,
  Active: 1,
  Canceled: 2,
  Defeated: 3,
  Succeeded: 4,
  Queued: 5,
  Expired: 6,
  Executed: 7,
} as const;
export type ProposalState = (typeof ProposalState)[keyof typeof ProposalState];

/** Name of a state value, for people. */
export function proposalStateName(state: number | bigint): string {
  const found = Object.entries(ProposalState).find(([, value]) => value === Number(state));
  return found ? found[0] : `Unknown(${state})`;
}

/** Kinds of votes. Values are those of `GovernorCountingSimple`. */
export const VoteKind = { against: 0, for: 1, abstain: 2 } as const;
export type VoteKind = keyof typeof VoteKind;

/** A proposal as it stands. Votes and quorum are LAT wei, times Unix seconds. */
export interface Proposal {
  readonly id: bigint;
  readonly state: ProposalState;
  readonly proposer: string;
  readonly description: string;
  readonly actions: readonly Action[];
  /** Votes that an account holds at this time count; those delegated later do not. */
  readonly voteStart: number;
  readonly voteEnd: number;
  /** When the timelock lets it be executed; undefined until it is queued. */
  readonly executableAt: number | undefined;
  readonly votes: Readonly<Record<VoteKind, bigint>>;
  /** Least sum of the votes for and the abstentions. An estimate until the vote starts. */
  readonly quorum: bigint;
}

async function createdEvents({ governor, addresses }: Lattice) {
  return await governor.queryFilter(governor.filters.ProposalCreated(), addresses.fromBlock);
}

type Created = Awaited<ReturnType<typeof createdEvents>>[number];

async function fromEvent(lattice: Lattice, { args }: Created, now: number): Promise<Proposal> {
  const { governor } = lattice;
  // By position: an ethers result has a method `values`.
  const [id, proposer, targets, values, , datas, voteStart, voteEnd, description] = args;
  const snapshot = Number(voteStart);
  // As of `now`: states change with time alone.
  const pending = { blockTag: "pending" } as const;
  const [state, counted, quorum, eta] = await Promise.all([
    governor.state(id, pending),
    governor.proposalVotes(id),
    governor.quorum(Math.min(snapshot, now - 1), pending),
    governor.proposalEta(id),
  ]);
  return {
    ...{ id, proposer, description, quorum },
    state: Number(state) as ProposalState,
    actions: targets.map((target, index) => ({
      target,
      value: values[index] ?? 0n,
      data: datas[index] ?? "0x",
    })),
    voteStart: snapshot,
    voteEnd: Number(voteEnd),
    executableAt: eta === 0n ? undefined : Number(eta),
    votes: { against: counted.againstVotes, for: counted.forVotes, abstain: counted.abstainVotes },
  };
}

/** Every proposal of the deployment, oldest first. */
export async function readProposals(lattice: Lattice): Promise<Proposal[]> {
  const [events, now] = await Promise.all([createdEvents(lattice), chainTime(lattice)]);
  return await Promise.all(events.map((event) => fromEvent(lattice, event, now)));
}

/** One proposal. Throws `SdkError` PROPOSAL_UNKNOWN. */
export async function readProposal(lattice: Lattice, id: bigint): Promise<Proposal> {
  const [events, now] = await Promise.all([createdEvents(lattice), chainTime(lattice)]);
  const found = events.find(({ args }) => args.proposalId === id);
  if (found) return await fromEvent(lattice, found, now);
  throw new SdkError(
    "PROPOSAL_UNKNOWN",
    `There is no proposal ${id} in this governor; gov:status lists all of them.`,
    { metadata: { proposalId: id } },
  );
}
