import { ProposalState, VoteKind as VOTE_KINDS, type VoteKind } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { findProposal, mined, standstill } from "../support/proposals.ts";

interface VoteArguments {
  id: string;
  support: string;
  reason: string;
  addresses: string;
  from: string;
  json: boolean;
}

function voteKind(support: string): VoteKind {
  if (Object.hasOwn(VOTE_KINDS, required("support", support))) return support as VoteKind;
  throw wrongUse(`--support ${support} is none of for, against, abstain`);
}

async function vote(args: VoteArguments, context: TaskContext): Promise<void> {
  const { account, connection } = context;
  const { governor } = connection.lattice;
  const kind = voteKind(args.support);
  const proposal = await findProposal(connection.lattice, args.id);
  const { id, voteStart, voteEnd } = proposal;
  if (proposal.state !== ProposalState.Active) throw new Error(standstill(proposal));
  if (await governor.hasVoted(id, account)) {
    throw new Error(`${account} has voted on proposal ${id} already; a vote cannot be changed`);
  }
  const weight = await governor.getVotes(account, voteStart);
  if (weight === 0n) {
    throw new Error(
      `${account} had no votes at ${iso(voteStart)}, when they were counted for proposal ${id}; delegate LAT (gov:delegate) before the vote on the next one starts`,
    );
  }
  const sent = await governor.castVoteWithReason(id, VOTE_KINDS[kind], args.reason);
  const receipt = mined(await sent.wait());
  const { votes, quorum } = await findProposal(connection.lattice, `${id}`);
  const record = { proposalId: id, voter: account, support: kind, reason: args.reason, weight };
  print(args.json, { ...record, votes, quorum, voteEnd: iso(voteEnd), ...receipt }, [
    ["proposal", `${id}: ${proposal.description}`],
    ["voted", `${kind}, with ${amountText(weight)} of ${account}`],
    [
      "so far",
      `${amountText(votes.for)} for, ${amountText(votes.against)} against, ${amountText(votes.abstain)} abstained`,
    ],
    ["quorum", amountText(quorum)],
    ["ends", iso(voteEnd)],
    ["transaction", `${receipt.transaction} (gas ${receipt.gasUsed})`],
  ]);
}

/** Runs `npx hardhat gov:vote`. */
export default contextTask("gov:vote", vote);
