import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { print } from "../support/output.ts";
import { mined } from "../support/proposals.ts";

interface DrainArguments {
  resume: boolean;
  addresses: string;
  from: string;
  json: boolean;
}

async function drain({ resume, json }: DrainArguments, context: TaskContext): Promise<void> {
  const { account, connection } = context;
  const { registry } = connection.lattice;
  const { registered, draining } = await registry.providerOf(account);
  if (!registered) {
    throw new Error(`${account} is not registered; provider:register does that`);
  }
  const wanted = !resume;
  const done = draining === wanted;
  const receipt = done ? undefined : mined(await (await registry.setDraining(wanted)).wait());
  const { transaction = null, gasUsed = null } = receipt ?? {};
  print(json, { provider: account, draining: wanted, transaction, gasUsed }, [
    ["provider", account],
    ["now", wanted ? "draining: gets no new work; open jobs go on" : "takes new work"],
    ["transaction", transaction ? `${transaction} (gas ${gasUsed})` : "none: it did before"],
  ]);
}

/** Runs `npx hardhat provider:drain`. */
export default contextTask("provider:drain", drain);
