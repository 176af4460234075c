import { ProposalState, readProposals } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { print } from "../support/output.ts";
import { findProposal, proposalRecord, proposalRows, standstill } from "../support/proposals.ts";

interface StatusArguments {
  id: string;
  addresses: string;
  json: boolean;
}

async function status({ id, json }: StatusArguments, { connection }: TaskContext): Promise<void> {
  const { lattice } = connection;
  const proposals = id === "" ? await readProposals(lattice) : [await findProposal(lattice, id)];
  if (proposals.length === 0 && !json) console.log("There is no proposal; gov:propose makes one.");
  for (const [index, proposal] of proposals.entries()) {
    if (index > 0 && !json) console.log();
    const next = proposal.state === ProposalState.Executed ? [] : [["next", standstill(proposal)]];
    print(json, proposalRecord(lattice, proposal), [
      ...proposalRows(lattice, proposal),
      ...(next as [string, string][]),
    ]);
  }
}

/** Runs `npx hardhat gov:status`. */
export default contextTask("gov:status", status);
