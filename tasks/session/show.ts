import { cumulativeLegs, readSession, sessionStateName } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, iso } from "../support/format.ts";
import { print } from "../support/output.ts";
import { parseSession } from "../support/sessions.ts";
import { tokenUnit } from "../support/tokens.ts";

interface ShowArguments {
  id: string;
  addresses: string;
  json: boolean;
}

async function show(args: ShowArguments, { connection }: TaskContext): Promise<void> {
  const { lattice } = connection;
  const id = parseSession(args.id);
  const session = await readSession(lattice, id);
  const { symbol, decimals } = await tokenUnit(lattice, session.paymentToken);
  const text = (amount: bigint) => amountText(amount, symbol, decimals);
  const legs = cumulativeLegs(session.redeemed, session);
  const state = sessionStateName(session.state);
  const sponsored = BigInt(session.sponsor) !== 0n;
  print(args.json, { session: id, stateName: state, ...session, legs }, [
    ["session", `${id}: ${state}`],
    ["requester", session.requester],
    ["paid by", sponsored ? session.sponsor : "the requester"],
    ["provider", session.provider],
    ["model", session.modelVersion],
    ["deposit", text(session.deposit)],
    ["redeemed", text(session.redeemed)],
    [
      "of it",
      `provider ${text(legs.provider)}, royalty ${text(legs.publisher)}, fee ${text(legs.fee)}`,
    ],
    ["without voucher", `at most ${text(session.maxUnsigned)}`],
    [
      "collateral",
      `${amountText(session.collateral)}, ${session.backed ? "locked" : "not locked"}`,
    ],
    ["challenges", `${session.challengeSeconds} s after a redemption`],
    ["last redeemed", session.redeemedAt === 0n ? "never" : iso(session.redeemedAt)],
    ["expires", iso(session.expiresAt)],
    ["closes", session.closesAt === 0n ? "not closing" : iso(session.closesAt)],
  ]);
}

/** Runs `npx hardhat session:show`. */
export default contextTask("session:show", show);
