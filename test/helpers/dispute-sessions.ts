import { sessionClaim, sessionJobOf, sessionWork, type Voucher } from "@lattice/sdk";
import { id, parseEther, ZeroHash } from "ethers";
import { evidenceOf } from "./dispute-cases.ts";
import { deploySessions, openSession, redeem, signed, voucherFor } from "./sessions.ts";
import type { Chain } from "./system.ts";

export type SessionCase = Awaited<ReturnType<typeof sessionCase>>;

/** Trace roots of the session's jobs. */
export const OUTPUTS = ["a", "b", "c"].map((name) => id(`trace ${name}`));
export const REDEEMED = 300n;

/** An open session whose voucher over three jobs was redeemed. */
export async function sessionCase(chain: Chain) {
  const lane = await deploySessions(chain);
  const session = await openSession(lane);
  const voucher = voucherFor(session, REDEEMED, sessionWork(session, OUTPUTS));
  await redeem(lane, [await signed(lane, voucher)]);
  const { lat } = lane.world;
  const [challenger, rival] = [lane.stranger, lane.otherProvider];
  for (const person of [challenger, rival, lane.requester]) {
    await lat.connect(lane.governance).transfer(person, parseEther("500"));
    await lat.connect(person).approve(lane.disputes, parseEther("500"));
  }
  const { redeemedAt, challengeSeconds } = await lane.vouchers.sessionOf(session);
  return {
    ...lane,
    ...{ lane, lat, session, voucher, challenger, rival },
    challengeableUntil: Number(redeemedAt + challengeSeconds),
  };
}

/** Claim of the job at `index` under `voucher`. */
export function sessionClaimAt(voucher: Voucher, index: number, outputs = OUTPUTS) {
  return sessionClaim(sessionJobOf(voucher, outputs, index));
}

/** Convicts the job at `index`. */
export function convictSessionJob(
  { disputes, vouchers, voucher, challenger }: SessionCase,
  index: number,
  by = challenger,
) {
  const roots = [id("program"), id("weights"), ZeroHash, ZeroHash, OUTPUTS[index] ?? ""];
  const { claim } = sessionClaimAt(voucher, index);
  return disputes.connect(by).challengeStep(vouchers, claim, evidenceOf(roots), ZeroHash);
}
