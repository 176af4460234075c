import { countsFrom } from "@lattice/node";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, parseAmount } from "../support/format.ts";
import { required } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { mined } from "../support/proposals.ts";

interface StakeArguments {
  amount: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function stake(args: StakeArguments, { connection, account }: TaskContext): Promise<void> {
  const { token, vault, addresses } = connection.lattice;
  const { ProviderRegistry, StakeVault } = addresses.contracts;
  const amount = parseAmount("amount", required("amount", args.amount));
  const balance = await token.balanceOf(account);
  if (balance < amount) {
    throw new Error(
      `${account} holds ${amountText(balance)}, less than ${amountText(amount)}; send it LAT, or stake less`,
    );
  }
  if ((await token.allowance(account, StakeVault)) < amount) {
    await (await token.approve(StakeVault, amount)).wait();
  }
  const receipt = mined(await (await vault.provision(ProviderRegistry, amount)).wait());
  const { tokens, exposure, thawing } = await vault.provisionOf(account, ProviderRegistry);
  const fromEpoch = await countsFrom(connection);
  const record = { provider: account, amount, stake: { tokens, exposure, thawing }, fromEpoch };
  print(args.json, { ...record, ...receipt }, [
    ["provider", account],
    ["added", amountText(amount)],
    ["stake", `${amountText(tokens)}, of which ${amountText(thawing)} thaw`],
    ["counts", `in draws from epoch ${fromEpoch}`],
    ["transaction", `${receipt.transaction} (gas ${receipt.gasUsed})`],
  ]);
}

/** Runs `npx hardhat provider:stake`. */
export default contextTask("provider:stake", stake);
