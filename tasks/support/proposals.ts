import {
  type Action,
  chainTime,
  decodeAction,
  explainError,
  type Lattice,
  type Proposal,
  ProposalState,
  proposalIdOf,
  proposalStateName,
  readProposal,
  readProposals,
} from "@lattice/sdk";
import type { ContractTransactionReceipt } from "ethers";
import { callRows } from "./calls.ts";
import type { TaskContext } from "./context.ts";
import { amountText, iso } from "./format.ts";
import { wrongUse } from "./guard.ts";

/** A proposal by its number, or the newest one. @throws NodeError USAGE or SdkError PROPOSAL_UNKNOWN. */
export async function findProposal(lattice: Lattice, id: string): Promise<Proposal> {
  if (id !== "") {
    if (!/^(\d+|0x[0-9a-fA-F]+)$/.test(id)) throw wrongUse(`--id ${id} is not a number`);
    return await readProposal(lattice, BigInt(id));
  }
  const newest = (await readProposals(lattice)).at(-1);
  if (newest) return newest;
  throw wrongUse("there is no proposal yet; gov:propose makes one");
}

/** What everyone can read of a proposal, for JSON. */
export function proposalRecord(lattice: Lattice, proposal: Proposal) {
  const { id, state, actions, voteStart, voteEnd, executableAt, ...rest } = proposal;
  return {
    proposalId: id,
    state: proposalStateName(state),
    ...rest,
    voteStart: iso(voteStart),
    voteEnd: iso(voteEnd),
    executableAt: executableAt === undefined ? null : iso(executableAt),
    calls: actions.map((action) => decodeAction(lattice.addresses, action)),
  };
}

/** The same for people. */
export function proposalRows(lattice: Lattice, proposal: Proposal): [string, string][] {
  const { votes, quorum, executableAt } = proposal;
  const reached = votes.for + votes.abstain >= quorum ? "reached" : "not reached";
  return [
    ["proposal", `${proposal.id}`],
    ["state", proposalStateName(proposal.state)],
    ["why", proposal.description],
    ["proposer", proposal.proposer],
    ...callRows(proposal.actions.map((action) => decodeAction(lattice.addresses, action))),
    ["votes for", amountText(votes.for)],
    ["against", amountText(votes.against)],
    ["abstain", amountText(votes.abstain)],
    ["quorum", `${amountText(quorum)}, ${reached}`],
    ["voting", `${iso(proposal.voteStart)} to ${iso(proposal.voteEnd)}`],
    ...(executableAt === undefined
      ? []
      : [["executable", `from ${iso(executableAt)}`] as [string, string]]),
  ];
}

/** Why each call would fail if the timelock made it now; a later call may need an earlier one. */
async function dryRun({ connection }: TaskContext, actions: readonly Action[]) {
  const { lattice, provider } = connection;
  const from = lattice.addresses.contracts.TimelockController;
  const failures: { readonly call: number; readonly reason: string }[] = [];
  for (const [call, { target, value, data }] of actions.entries()) {
    try {
      await provider.call({ from, to: target, value, data });
    } catch (error) {
      const reason = explainError(error)?.message ?? "it reverts without a known reason";
      failures.push({ call, reason });
    }
  }
  return failures;
}

async function requireVotes({ connection, account }: TaskContext): Promise<bigint> {
  const { governor, token } = connection.lattice;
  const now = await chainTime(connection.lattice);
  const [threshold, votes, current, balance] = await Promise.all([
    governor.proposalThreshold(),
    // The governor asks for the votes of the second before.
    governor.getVotes(account, now - 1, { blockTag: "pending" }),
    token.getVotes(account),
    token.balanceOf(account),
  ]);
  if (votes >= threshold) return votes;
  const advice = () => {
    if (current >= threshold) return "more were delegated to it a moment ago: run this again";
    if (current + balance >= threshold) {
      return `it holds ${amountText(balance)}: run gov:delegate first, so that they count`;
    }
    return "let more LAT holders delegate to it (gov:delegate --to), or use an account that has them";
  };
  throw new Error(
    `proposing needs ${amountText(threshold)} of votes, but ${account} has ${amountText(votes)}; ${advice()}`,
  );
}

export interface Proposed {
  readonly proposal: Proposal;
  readonly votesOfProposer: bigint;
  readonly dryRun: readonly { readonly call: number; readonly reason: string }[];
  readonly transaction: string;
  readonly gasUsed: bigint;
}

/** Proposes. @throws Error with what to do when the account may not, or the same is proposed already. */
export async function propose(
  context: TaskContext,
  actions: readonly Action[],
  description: string,
): Promise<Proposed> {
  const { lattice } = context.connection;
  const id = proposalIdOf(actions, description);
  const known = (await readProposals(lattice)).find((proposal) => proposal.id === id);
  if (known) {
    throw wrongUse(
      `proposal ${id} with these calls and this description exists already (${proposalStateName(known.state)}); change the description to propose the same again`,
    );
  }
  const votesOfProposer = await requireVotes(context);
  const failures = await dryRun(context, actions);
  const sent = await lattice.governor.propose(
    actions.map(({ target }) => target),
    actions.map(({ value }) => value),
    actions.map(({ data }) => data),
    description,
  );
  const receipt = mined(await sent.wait());
  return {
    proposal: await readProposal(lattice, id),
    ...{ votesOfProposer, dryRun: failures, ...receipt },
  };
}

/** Rows of a new proposal. */
export function proposedRows(lattice: Lattice, proposed: Proposed): [string, string][] {
  const { proposal } = proposed;
  return [
    ["proposal", `${proposal.id}`],
    ["why", proposal.description],
    ...callRows(proposal.actions.map((action) => decodeAction(lattice.addresses, action))),
    ...proposed.dryRun.map(({ call, reason }): [string, string] => [
      "warning",
      `call ${call + 1} would fail now: ${reason}`,
    ]),
    ["voting", `${iso(proposal.voteStart)} to ${iso(proposal.voteEnd)}`],
    ["quorum", amountText(proposal.quorum)],
    ["transaction", `${proposed.transaction} (gas ${proposed.gasUsed})`],
  ];
}

/** The governor's arguments for a proposal that exists. */
export function runArguments({ actions }: Proposal) {
  return [
    actions.map(({ target }) => target),
    actions.map(({ value }) => value),
    actions.map(({ data }) => data),
  ] as const;
}

/** Transaction and gas of a receipt. */
export function mined(receipt: ContractTransactionReceipt | null) {
  if (!receipt) throw new Error("the transaction was not mined");
  return { transaction: receipt.hash, gasUsed: receipt.gasUsed };
}

/** Why a proposal cannot be moved on from where it stands, and what to do. */
export function standstill(proposal: Proposal): string {
  const { id, state, votes, quorum } = proposal;
  switch (state) {
    case ProposalState.Pending:
      return `voting on proposal ${id} starts after ${iso(proposal.voteStart)}; vote then (gov:vote)`;
    case ProposalState.Active:
      return `voting on proposal ${id} ends after ${iso(proposal.voteEnd)}; queue it then (gov:queue), if it passes`;
    case ProposalState.Succeeded:
      return `voting on proposal ${id} is over and it passed; queue it (gov:queue)`;
    case ProposalState.Queued:
      return `proposal ${id} is queued; it can be executed (gov:execute) from ${iso(proposal.executableAt ?? 0)}`;
    case ProposalState.Executed:
      return `proposal ${id} has been executed already`;
    case ProposalState.Defeated:
      return `proposal ${id} was defeated: ${amountText(votes.for)} for, ${amountText(votes.against)} against, ${amountText(votes.abstain)} abstained, of a quorum of ${amountText(quorum)}; propose again with another description`;
    default:
      return `proposal ${id} is ${proposalStateName(state)} and can go no further; propose again with another description`;
  }
}
