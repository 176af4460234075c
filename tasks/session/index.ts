import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { addresses, from, json, text } from "../support/options.ts";

const id = text("id", "Id of the session, 32 bytes");

const open = task(
  "session:open",
  "Opens a session with a provider: deposits, and locks the deposit",
)
  .addOption(text("model", "Model version, 32-byte id"))
  .addOption(text("provider", "The provider that serves"))
  .addOption(text("deposit", "What to lock at first, in whole tokens (10)"))
  .addOption(text("token", "Payment token; default: LAT"))
  .addOption(text("collateral", "LAT that the provider locks; default: the governed floor"))
  .addOption(text("challengeSeconds", "How long redeemed jobs can be challenged", "600"))
  .addOption(text("maxUnsigned", "Most that is served without a voucher, in whole tokens", "1"))
  .addOption(text("expiresIn", "Seconds until anyone may begin to close it", "86400"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./open.ts"))
  .build();

const voucher = task("session:voucher", "Signs a voucher over all that the session owes so far")
  .addOption(id)
  .addOption(text("amount", "Owed in all, in whole tokens"))
  .addOption(text("jobs", "Jobs answered in all", "0"))
  .addOption(text("jobsRoot", "Merkle root over these jobs; default: that of none"))
  .addOption(text("out", "File to write the voucher to, for session:redeem"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./voucher.ts"))
  .build();

const redeem = task("session:redeem", "Redeems vouchers as their provider, up to 128 at once")
  .addOption(text("vouchers", "Files of session:voucher, separated by commas"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./redeem.ts"))
  .build();

const close = task(
  "session:close",
  "Closes a session; once its time for redemptions is over, returns the rest",
)
  .addOption(id)
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./close.ts"))
  .build();

const show = task("session:show", "Shows where a session stands: terms, money, deadlines")
  .addOption(id)
  .addOption(addresses)
  .addFlag(json)
  .setAction(() => import("./show.ts"))
  .build();

/** Tasks about voucher sessions. */
export const sessionTasks: TaskDefinition[] = [open, voucher, redeem, close, show];
