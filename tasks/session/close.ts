import { readSession, SessionState, sessionStateName } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso } from "../support/format.ts";
import { print } from "../support/output.ts";
import { parseSession } from "../support/sessions.ts";
import { tokenUnit } from "../support/tokens.ts";

interface CloseArguments {
  id: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function close(args: CloseArguments, context: TaskContext): Promise<void> {
  const { connection, account } = context;
  const { lattice, provider } = connection;
  const { vouchers } = lattice;
  const id = parseSession(args.id);
  const before = await readSession(lattice, id);
  const { symbol, decimals } = await tokenUnit(lattice, before.paymentToken);
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  const closing = Number(before.state) === SessionState.Closing && account !== before.provider;
  if (closing && now < before.closesAt) {
    throw new Error(
      `the provider may redeem before ${iso(before.closesAt)}; close the session then`,
    );
  }
  const sent = closing ? await vouchers.finish(id) : await vouchers.close(id);
  const receipt = await sent.wait();
  if (!receipt) throw new Error("the transaction was not mined");
  const after = await readSession(lattice, id);
  const rest = after.deposit - after.redeemed;
  const state = sessionStateName(after.state);
  const ended = Number(after.state) === SessionState.Closed;
  const { hash: transaction, gasUsed } = receipt;
  print(args.json, { session: id, state, closesAt: after.closesAt, rest, transaction, gasUsed }, [
    ["session", `${id}: ${state}`],
    ["redeemed", amountText(after.redeemed, symbol, decimals)],
    [ended ? "returned" : "rest", amountText(rest, symbol, decimals)],
    ["returns", ended ? "done" : `from ${iso(after.closesAt)}, with session:close again`],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat session:close`. */
export default contextTask("session:close", close);
