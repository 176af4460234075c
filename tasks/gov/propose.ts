import { type ActionArguments, readActions, readDescription } from "../support/actions.ts";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { print } from "../support/output.ts";
import { proposalRecord, propose, proposedRows } from "../support/proposals.ts";

interface ProposeArguments extends ActionArguments {
  description: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function proposeActions(args: ProposeArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const actions = await readActions(lattice, args, context.path);
  const description = await readDescription(args.description, context.path);
  const proposed = await propose(context, actions, description);
  const { proposal, ...rest } = proposed;
  const record = { ...proposalRecord(lattice, proposal), ...rest };
  print(args.json, record, proposedRows(lattice, proposed));
}

/** Runs `npx hardhat gov:propose`. */
export default contextTask("gov:propose", proposeActions);
