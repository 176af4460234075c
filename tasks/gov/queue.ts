import { ProposalState } from "@lattice/sdk";
import { id as hashText } from "ethers";
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

interface QueueArguments {
  id: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function queue(args: QueueArguments, { connection }: TaskContext): Promise<void> {
  const { lattice } = connection;
  const proposal = await findProposal(lattice, args.id);
  if (proposal.state !== ProposalState.Succeeded) throw new Error(standstill(proposal));
  const call = lattice.governor.getFunction("queue(address[],uint256[],bytes[],bytes32)");
  const [targets, values, datas] = runArguments(proposal);
  const sent = await call(targets, values, datas, hashText(proposal.description));
  const receipt = mined(await sent.wait());
  const queued = await findProposal(lattice, `${proposal.id}`);
  print(args.json, { ...proposalRecord(lattice, queued), ...receipt }, [
    ...proposalRows(lattice, queued),
    ["transaction", `${receipt.transaction} (gas ${receipt.gasUsed})`],
  ]);
}

/** Runs `npx hardhat gov:queue`. */
export default contextTask("gov:queue", queue);
