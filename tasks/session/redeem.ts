import { type Voucher, voucherRejectionName } from "@lattice/sdk";
import { isHexString } from "ethers";
import { z } from "zod";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { readText } from "../support/files.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface RedeemArguments {
  vouchers: string;
  addresses: string;
  from: string;
  json: boolean;
}

const word = z.string().refine((text) => isHexString(text, 32), "must be 32 bytes");
const count = z.string().regex(/^\d+$/, "must be a whole number").transform(BigInt);

const fileSchema = z.object({
  voucher: z.object({ session: word, amount: count, jobs: count, jobsRoot: word }),
  signature: z.string().refine((text) => isHexString(text, true), "must be bytes"),
});

/** What session:voucher wrote. @throws NodeError USAGE. */
async function readVoucher(file: string): Promise<{ voucher: Voucher; signature: string }> {
  const text = await readText("the voucher", file);
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw wrongUse(
      `${file} is not a voucher: ${cause instanceof Error ? cause.message : "unreadable"}`,
    );
  }
}

async function redeem(args: RedeemArguments, { connection, path }: TaskContext): Promise<void> {
  const { vouchers } = connection.lattice;
  const files = required("vouchers", args.vouchers).split(",");
  const items = await Promise.all(files.map((file) => readVoucher(path(file.trim()))));
  const receipt = await (
    await vouchers.redeem(
      items.map(({ voucher }) => voucher),
      items.map(({ signature }) => signature),
    )
  ).wait();
  if (!receipt) throw new Error("the transaction was not mined");
  const logs = receipt.logs.map((log) => vouchers.interface.parseLog(log));
  const redeemed = logs
    .filter((log) => log?.name === "VoucherRedeemed")
    .map((log) => ({ session: String(log?.args.session), amount: log?.args.amount as bigint }));
  const rejected = logs
    .filter((log) => log?.name === "VoucherRejected")
    .map((log) => ({
      session: String(log?.args.session),
      reason: voucherRejectionName(log?.args.reason as bigint),
    }));
  const { hash: transaction, gasUsed } = receipt;
  print(args.json, { redeemed, rejected, transaction, gasUsed }, [
    ...redeemed.map(({ session, amount }): [string, string] => [
      "redeemed",
      `${session}: ${amount} in all (smallest unit)`,
    ]),
    ...rejected.map(({ session, reason }): [string, string] => [
      "left out",
      `${session}: ${reason}`,
    ]),
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat session:redeem`. */
export default contextTask("session:redeem", redeem);
