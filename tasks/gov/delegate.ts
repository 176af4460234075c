import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, parseAddress } from "../support/format.ts";
import { print } from "../support/output.ts";
import { mined } from "../support/proposals.ts";

interface DelegateArguments {
  to: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function delegate({ to, json }: DelegateArguments, context: TaskContext): Promise<void> {
  const { account, connection } = context;
  const { token } = connection.lattice;
  const delegatee = to === "" ? account : parseAddress("to", to);
  const [previous, amount] = await Promise.all([
    token.delegates(account),
    token.balanceOf(account),
  ]);
  const receipt = mined(await (await token.delegate(delegatee)).wait());
  const votes = await token.getVotes(delegatee);
  print(json, { account, delegatee, previous, amount, votesOfDelegatee: votes, ...receipt }, [
    ["delegated", `${amountText(amount)} of ${account}`],
    ["to", delegatee === account ? `${delegatee} (itself)` : delegatee],
    ["its votes", `${amountText(votes)}; they count for proposals whose vote starts from now on`],
    ["transaction", `${receipt.transaction} (gas ${receipt.gasUsed})`],
  ]);
}

/** Runs `npx hardhat gov:delegate`. */
export default contextTask("gov:delegate", delegate);
