import { writeFile } from "node:fs/promises";
import { toJson } from "@lattice/node";
import { readSession, signVoucher } from "@lattice/sdk";
import { isHexString, ZeroHash } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { amountText, parseAmount, parseCount } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { domainOf, parseSession } from "../support/sessions.ts";
import { tokenUnit } from "../support/tokens.ts";

interface VoucherArguments {
  id: string;
  amount: string;
  jobs: string;
  jobsRoot: string;
  out: string;
  addresses: string;
  from: string;
  json: boolean;
}

async function sign(args: VoucherArguments, context: TaskContext): Promise<void> {
  const { connection, signer, account, path } = context;
  const { lattice } = connection;
  const id = parseSession(args.id);
  const session = await readSession(lattice, id);
  if (session.requester !== account) {
    throw wrongUse(`session ${id} is signed for by ${session.requester}; pass it with --from`);
  }
  const { symbol, decimals } = await tokenUnit(lattice, session.paymentToken);
  const amount = parseAmount("amount", required("amount", args.amount), decimals);
  if (amount <= session.redeemed || amount > session.deposit) {
    const range = `above ${amountText(session.redeemed, symbol, decimals)} and at most ${amountText(session.deposit, symbol, decimals)}`;
    throw wrongUse(`--amount ${args.amount} cannot be redeemed; it must be ${range}`);
  }
  const root = args.jobsRoot || ZeroHash;
  if (!isHexString(root, 32)) throw wrongUse(`--jobs-root ${root} is not a 32-byte root`);
  const jobs = BigInt(parseCount("jobs", args.jobs));
  const voucher = { session: id, amount, jobs, jobsRoot: root };
  const signature = await signVoucher(signer, domainOf(lattice), voucher);
  if (args.out !== "") await writeFile(path(args.out), `${toJson({ voucher, signature })}\n`);
  print(args.json, { voucher, signature }, [
    ["session", id],
    ["owed in all", amountText(amount, symbol, decimals)],
    ["jobs", `${jobs} under ${root}`],
    ["signature", signature],
    ["written to", args.out || "nowhere; see --out"],
  ]);
}

/** Runs `npx hardhat session:voucher`. */
export default contextTask("session:voucher", sign);
