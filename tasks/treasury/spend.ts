import { encodeAction } from "@lattice/sdk";
import { readDescription } from "../support/actions.ts";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, parseAddress, parseAmount } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { mined, proposalRecord, propose, proposedRows } from "../support/proposals.ts";

const PPM = 1_000_000n;

interface SpendArguments {
  amount: string;
  to: string;
  token: string;
  description: string;
  collect: boolean;
  addresses: string;
  from: string;
  json: boolean;
}

/** What the treasury holds of a token; smallest unit. */
async function fundsOf({ connection }: TaskContext, given: string) {
  const { token: lat, treasury, escrow, parameters, addresses } = connection.lattice;
  const address = given === "" ? addresses.contracts.LatticeToken : parseAddress("token", given);
  if ((await connection.provider.getCode(address)) === "0x") {
    throw wrongUse(`--token ${address} is not a contract on this chain`);
  }
  const token = lat.attach(address) as typeof lat;
  const [available, { earnings }, shares, decimals, symbol] = await Promise.all([
    treasury.available(address),
    escrow.accountOf(addresses.contracts.FeeTreasury, address),
    parameters.feeShares(),
    token.decimals(),
    token.symbol(),
  ]);
  const burned = address === addresses.contracts.LatticeToken ? shares.burnSharePpm : 0n;
  const part = (ppm: bigint) => (earnings * ppm) / PPM;
  return {
    ...{ token: address, symbol, decimals: Number(decimals), available, uncollected: earnings },
    /** What the treasury keeps of it: the rest burns and goes to the beacon's leaders. */
    collectable: earnings - part(burned) - part(shares.beaconSharePpm),
  };
}

type Funds = Awaited<ReturnType<typeof fundsOf>>;

function fundRows(funds: Funds): [string, string][] {
  const { token, symbol, decimals, available, uncollected, collectable } = funds;
  const text = (value: bigint) => amountText(value, symbol, decimals);
  const kept = uncollected > 0n ? `, of which ${text(collectable)} would be kept` : "";
  return [
    ["token", `${symbol} ${token}`],
    ["available", text(available)],
    ["uncollected", `${text(uncollected)} in the escrow${kept}`],
  ];
}

async function collect({ connection }: TaskContext, { token, uncollected }: Funds) {
  if (uncollected === 0n) return undefined;
  return mined(await (await connection.lattice.treasury.collect(token)).wait());
}

function requireFunds(funds: Funds, amount: bigint): void {
  const { available, collectable, symbol, decimals } = funds;
  if (amount <= available) return;
  const text = (value: bigint) => amountText(value, symbol, decimals);
  const advice =
    amount <= available + collectable
      ? `collecting would add ${text(collectable)}: add --collect`
      : `collecting would add ${text(collectable)}, which is not enough either; lower --amount`;
  throw wrongUse(
    `the treasury has ${text(available)} available, less than ${text(amount)}; ${advice}`,
  );
}

async function spend(args: SpendArguments, context: TaskContext): Promise<void> {
  const { lattice } = context.connection;
  const found = await fundsOf(context, args.token);
  const collected = args.collect ? await collect(context, found) : undefined;
  const funds = collected ? await fundsOf(context, args.token) : found;
  const collectedRows: [string, string][] = collected
    ? [["collected", `${collected.transaction} (gas ${collected.gasUsed})`]]
    : [];
  if (args.amount === "" && args.to === "") {
    print(args.json, { funds, collected: collected ?? null }, [
      ...fundRows(funds),
      ...collectedRows,
    ]);
    return;
  }
  const amount = parseAmount("amount", required("amount", args.amount), funds.decimals);
  const to = parseAddress("to", required("to", args.to));
  requireFunds(funds, amount);
  const description = await readDescription(args.description, context.path);
  const request = { target: "FeeTreasury", function: "spend", args: [funds.token, to, amount] };
  const proposed = await propose(context, [encodeAction(lattice.addresses, request)], description);
  const { proposal, ...rest } = proposed;
  const record = { funds, collected: collected ?? null, amount, to };
  print(args.json, { ...record, ...proposalRecord(lattice, proposal), ...rest }, [
    ...fundRows(funds),
    ...collectedRows,
    ["spends", `${amountText(amount, funds.symbol, funds.decimals)} to ${to}`],
    ...proposedRows(lattice, proposed),
  ]);
}

/** Runs `npx hardhat treasury:spend`. */
export default contextTask("treasury:spend", spend);
