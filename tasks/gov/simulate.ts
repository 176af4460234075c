import {
  type Action,
  chainTime,
  decodeAction,
  type Lattice,
  type Proposal,
  ProposalState,
  proposalIdOf,
  proposalStateName,
  readProposal,
  VoteKind,
} from "@lattice/sdk";
import { type ContractTransactionReceipt, id as hashText } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type ActionArguments, readActions } from "../support/actions.ts";
import { callRows } from "../support/calls.ts";
import { changesOf, changeText, eventsOf, eventText, isOutcome } from "../support/changes.ts";
import { projectPath } from "../support/context.ts";
import { amountText, iso } from "../support/format.ts";
import { guarded, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { findProposal, runArguments, standstill } from "../support/proposals.ts";
import { openSimulatedChain, type SimulatedChain } from "../support/simulated-chain.ts";
import { findVoters, type Voter } from "../support/voters.ts";

interface SimulateArguments extends ActionArguments {
  id: string;
  description: string;
  voter: string;
  addresses: string;
  json: boolean;
}

interface Step {
  readonly step: "propose" | "vote" | "queue" | "execute";
  readonly time: string;
  readonly gasUsed: bigint;
}

/** Takes a proposal from wherever it stands to its execution, and notes each step. */
class Simulation {
  readonly steps: Step[] = [];
  readonly #chain: SimulatedChain;
  readonly #voters: readonly Voter[];
  /** Receipt of the execution. */
  executed: ContractTransactionReceipt | undefined;

  constructor(chain: SimulatedChain, voters: readonly Voter[]) {
    this.#chain = chain;
    this.#voters = voters;
  }

  async #note(step: Step["step"], receipt: ContractTransactionReceipt | null): Promise<void> {
    if (!receipt) throw new Error(`the step ${step} was not mined`);
    const block = await receipt.getBlock();
    this.steps.push({ step, time: iso(block.timestamp), gasUsed: receipt.gasUsed });
    if (step === "execute") this.executed = receipt;
  }

  async propose(actions: readonly Action[], description: string): Promise<bigint> {
    const [largest] = this.#voters;
    if (!largest) throw new Error("nobody may propose");
    // Votes count from the second after they were delegated.
    await this.#chain.passTo((await chainTime(this.#chain.lattice)) + 1);
    const { governor } = await this.#chain.as(largest.address);
    const [targets, values, datas] = runArguments({ actions } as Proposal);
    await this.#note(
      "propose",
      await (await governor.propose(targets, values, datas, description)).wait(),
    );
    return proposalIdOf(actions, description);
  }

  async #vote(proposal: Proposal): Promise<void> {
    let counted = 0n;
    for (const { address } of this.#voters) {
      const { governor } = await this.#chain.as(address);
      const weight = await governor.getVotes(address, proposal.voteStart);
      if (weight === 0n || (await governor.hasVoted(proposal.id, address))) continue;
      counted += weight;
      await this.#note("vote", await (await governor.castVote(proposal.id, VoteKind.for)).wait());
    }
    const { votes, quorum } = await readProposal(this.#chain.lattice, proposal.id);
    if (votes.for > votes.against && votes.for + votes.abstain >= quorum) return;
    throw new Error(
      `the vote would fail: the voters add ${amountText(counted)}, so ${amountText(votes.for)} for, ${amountText(votes.against)} against, of a quorum of ${amountText(quorum)}; votes of this proposal were counted at ${iso(proposal.voteStart)}`,
    );
  }

  async #run(proposal: Proposal, step: "queue" | "execute"): Promise<void> {
    const [voter] = this.#voters;
    const { governor } = await this.#chain.as(voter?.address ?? proposal.proposer);
    const call = governor.getFunction(`${step}(address[],uint256[],bytes[],bytes32)`);
    const [targets, values, datas] = runArguments(proposal);
    // The timelock pays from its own funds: what a real executor adds is not simulated.
    await this.#note(
      step,
      await (await call(targets, values, datas, hashText(proposal.description))).wait(),
    );
  }

  /** One step forward. @returns False when the proposal has been executed. */
  async advance(id: bigint): Promise<boolean> {
    const proposal = await readProposal(this.#chain.lattice, id);
    switch (proposal.state) {
      case ProposalState.Pending:
        await this.#chain.passTo(proposal.voteStart + 1);
        return true;
      case ProposalState.Active:
        await this.#vote(proposal);
        await this.#chain.passTo(proposal.voteEnd + 1);
        return true;
      case ProposalState.Succeeded:
        await this.#run(proposal, "queue");
        return true;
      case ProposalState.Queued:
        await this.#chain.passTo(proposal.executableAt ?? 0);
        await this.#run(proposal, "execute");
        return false;
      default:
        throw new Error(standstill(proposal));
    }
  }
}

/** The proposal to simulate: one of the network, or a new one. */
async function chooseActions(
  args: SimulateArguments,
  lattice: Lattice,
  path: (value: string) => string,
): Promise<Pick<Proposal, "actions" | "description"> & Partial<Pick<Proposal, "id" | "state">>> {
  if (args.id !== "") {
    if (args.target || args.parameter || args.actions) {
      throw wrongUse("give either --id or what to propose, not both");
    }
    return await findProposal(lattice, args.id);
  }
  const description = args.description || "Simulation";
  return { actions: await readActions(lattice, args, path), description };
}

async function simulate(
  args: SimulateArguments,
  hre: HardhatRuntimeEnvironment,
  chain: SimulatedChain,
): Promise<void> {
  const { lattice, book } = chain;
  const chosen = await chooseActions(args, lattice, projectPath(hre));
  const voters = await votersFor(chain, args.voter, chosen.state);
  const simulation = new Simulation(chain, voters);
  const id = chosen.id ?? (await simulation.propose(chosen.actions, chosen.description));
  while (await simulation.advance(id));
  const receipt = simulation.executed;
  if (!receipt) throw new Error("the proposal was not executed");
  const { state } = await readProposal(lattice, id);
  const calls = chosen.actions.map((action) => decodeAction(book, action));
  const events = eventsOf(book, receipt.logs);
  const changes = await changesOf(lattice, events, receipt.blockNumber);
  const { steps } = simulation;
  const record = { source: chain.source, proposalId: id, state: proposalStateName(state), calls };
  print(args.json, { ...record, voters, steps, changes, events }, [
    ["copy of", chain.source],
    ["proposal", `${id}: ${chosen.description}`],
    ...callRows(calls),
    ...voters.map(({ address, votes, delegatedInCopy }): [string, string] => [
      "voter",
      `${address}, ${amountText(votes)}${delegatedInCopy ? ", which it has not delegated on the network" : ""}`,
    ]),
    ...steps.map(({ step, time, gasUsed }): [string, string] => [step, `${time} (gas ${gasUsed})`]),
    ...(changes.length === 0
      ? [["change", "none of parameters, balances, roles, implementations"] as [string, string]]
      : changes.map((change): [string, string] => ["change", changeText(change)])),
    ...events.filter(isOutcome).map((event): [string, string] => ["event", eventText(event)]),
    ["state", `${proposalStateName(state)} on the copy; the network is as it was`],
  ]);
}

/**
 * Who votes: those named, or delegates, or the deployer of a new deployment, where nobody has delegated.
 * @param state Where the proposal stands; undefined for a new one. After the vote nobody is needed.
 */
async function votersFor(
  chain: SimulatedChain,
  named: string,
  state: ProposalState | undefined,
): Promise<Voter[]> {
  const { Pending, Active } = ProposalState;
  if (state !== undefined && state !== Pending && state !== Active) return [];
  const [deployer] = chain.fresh ? await chain.connection.ethers.getSigners() : [];
  return await findVoters(chain, named || (deployer?.address ?? ""), state === undefined);
}

/** Runs `npx hardhat gov:simulate`. */
export default guarded(
  "gov:simulate",
  async (args: SimulateArguments, hre: HardhatRuntimeEnvironment) => {
    const chain = await openSimulatedChain(hre, args.addresses);
    try {
      await simulate(args, hre, chain);
    } finally {
      await chain.close();
    }
  },
);
