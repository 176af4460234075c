import { chainTime, parameterIndex } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso, parseAmount } from "../support/format.ts";
import { print } from "../support/output.ts";
import { mined } from "../support/proposals.ts";

interface UnstakeArguments {
  amount: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function provisionOf({ connection, account }: TaskContext) {
  const { vault, addresses } = connection.lattice;
  const { ProviderRegistry } = addresses.contracts;
  const { tokens, exposure, thawing, thawingUntil } = await vault.provisionOf(
    account,
    ProviderRegistry,
  );
  return { tokens, exposure, thawing, thawingUntil };
}

type Provision = Awaited<ReturnType<typeof provisionOf>>;

function report(
  context: TaskContext,
  json: boolean,
  step: { readonly step: "withdrawn" | "thawing" | "waiting"; readonly amount: bigint },
  stake: Provision,
  transaction: ReturnType<typeof mined> | undefined,
  rows: [string, string][],
): void {
  const until = stake.thawingUntil > 0n ? iso(stake.thawingUntil) : null;
  const record = { provider: context.account, ...step, until, stake };
  print(json, { ...record, ...(transaction ?? { transaction: null, gasUsed: null }) }, [
    ["provider", context.account],
    ...rows,
    ["stake", `${amountText(stake.tokens)}, of which ${amountText(stake.exposure)} back jobs`],
    ...(transaction
      ? [["transaction", `${transaction.transaction} (gas ${transaction.gasUsed})`]]
      : ([] as string[][])
    ).map(([label = "", value = ""]): [string, string] => [label, value]),
  ]);
}

async function withdraw(context: TaskContext, json: boolean): Promise<void> {
  const { token, vault, addresses } = context.connection.lattice;
  const { ProviderRegistry } = addresses.contracts;
  const amount = await vault.withdraw.staticCall(ProviderRegistry, { blockTag: "pending" });
  const receipt = mined(await (await vault.withdraw(ProviderRegistry)).wait());
  const balance = await token.balanceOf(context.account);
  report(context, json, { step: "withdrawn", amount }, await provisionOf(context), receipt, [
    ["withdrawn", `${amountText(amount)}; the account holds ${amountText(balance)}`],
  ]);
}

async function thaw(context: TaskContext, args: UnstakeArguments): Promise<void> {
  const { account, connection } = context;
  const { vault, parameters, addresses } = connection.lattice;
  const { ProviderRegistry } = addresses.contracts;
  const free = await vault.freeStake(account, ProviderRegistry);
  const amount = args.amount === "" ? free : parseAmount("amount", args.amount);
  if (free === 0n || amount > free) {
    const { exposure } = await provisionOf(context);
    throw new Error(
      `${account} has ${amountText(free)} of stake that backs no job, less than what is asked; ${amountText(exposure)} back open jobs and become free when those end`,
    );
  }
  const receipt = mined(await (await vault.thaw(ProviderRegistry, amount)).wait());
  const stake = await provisionOf(context);
  const least = await parameters.get(parameterIndex("MinProvision"));
  const left = stake.tokens - stake.thawing;
  const warning: [string, string][] =
    left < least
      ? [["leaves", `${amountText(left)}, below the least of ${amountText(least)}: no draws`]]
      : [];
  report(context, args.json, { step: "thawing", amount }, stake, receipt, [
    ["thaws", `${amountText(amount)} until ${iso(stake.thawingUntil)}; run this again then`],
    ...warning,
  ]);
}

async function unstake(args: UnstakeArguments, context: TaskContext): Promise<void> {
  const stake = await provisionOf(context);
  if (stake.thawing === 0n) return await thaw(context, args);
  const now = await chainTime(context.connection.lattice);
  if (now >= Number(stake.thawingUntil)) return await withdraw(context, args.json);
  report(context, args.json, { step: "waiting", amount: stake.thawing }, stake, undefined, [
    [
      "thaws",
      `${amountText(stake.thawing)} until ${iso(stake.thawingUntil)}; run this again then, to withdraw`,
    ],
  ]);
}

/** Runs `npx hardhat provider:unstake`. */
export default contextTask("provider:unstake", unstake);
