import { chainTime, ProposalState } from "@lattice/sdk";
import { id as hashText } from "ethers";
import { eventsOf, eventText, isOutcome } from "../support/changes.ts";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { print } from "../support/output.ts";
import {
  findProposal,
  mined,
  proposalRecord,
  proposalRows,
  runArguments,
  standstill,
} from "../support/proposals.ts";

interface ExecuteArguments {
  id: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function execute(args: ExecuteArguments, { connection }: TaskContext): Promise<void> {
  const { lattice, provider } = connection;
  const { governor, timelock } = lattice;
  const proposal = await findProposal(lattice, args.id);
  const { id, state, executableAt = 0 } = proposal;
  const early = (await chainTime(lattice)) < executableAt;
  if (state !== ProposalState.Queued || early) throw new Error(standstill(proposal));
  // The timelock pays; what it lacks comes from the account.
  const [targets, values, datas] = runArguments(proposal);
  const needed = values.reduce((sum, value) => sum + value, 0n);
  const held = await provider.getBalance(timelock);
  const value = needed > held ? needed - held : 0n;
  const call = governor.getFunction("execute(address[],uint256[],bytes[],bytes32)");
  const sent = await call(targets, values, datas, hashText(proposal.description), { value });
  const receipt = await sent.wait();
  const { transaction, gasUsed } = mined(receipt);
  const events = eventsOf(lattice.addresses, receipt?.logs ?? []);
  const executed = await findProposal(lattice, `${id}`);
  print(args.json, { ...proposalRecord(lattice, executed), events, transaction, gasUsed }, [
    ...proposalRows(lattice, executed),
    ...events.filter(isOutcome).map((event): [string, string] => ["event", eventText(event)]),
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat gov:execute`. */
export default contextTask("gov:execute", execute);
