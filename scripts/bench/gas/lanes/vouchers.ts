import { JobsTree, signVoucher } from "@lattice/sdk";
import { id, type Wallet, ZeroAddress } from "ethers";
import type { Figures } from "../figures.ts";
import { gasOf, perJob } from "../measure.ts";
import { CHALLENGE_SECONDS, COLLATERAL, domainOf, fundedRequesters, type Place } from "../place.ts";

const SESSIONS = 64;
const JOBS = 100;
const SESSION_SECONDS = 86_400;
/** Odd amounts of 18 decimals. */
const DEPOSIT = 98_765_432_109_876_543_210n;
const JOB_PRICE = 1_234_567_890_123_457n;

interface OpenSession {
  readonly requester: Wallet;
  readonly session: string;
}

/** Sessions of 64 requesters with one provider, the last voucher of each redeemed in one transaction. */
export async function measureVouchers(place: Place): Promise<Figures> {
  const snapshot = await place.chain.networkHelpers.takeSnapshot();
  const { opened, open } = await openSessions(place);
  const first = await redeem(place, opened, 1);
  const second = await redeem(place, opened, 2);
  await snapshot.restore();
  return {
    voucherPerJob100x64: perJob(second, SESSIONS * JOBS),
    voucherPerJob100x64FirstUse: perJob(first, SESSIONS * JOBS),
    "voucher.perVoucher": perJob(second, SESSIONS),
    "voucher.open": open,
  };
}

async function openSessions(place: Place) {
  const { vouchers, actors, modelVersion, token, chain } = place;
  const requesters = await fundedRequesters(place, SESSIONS);
  const opened: OpenSession[] = [];
  let open = 0;
  for (const requester of requesters) {
    const terms = {
      requester: requester.address,
      sponsor: ZeroAddress,
      provider: actors.ada.address,
      modelVersion,
      paymentToken: await token.getAddress(),
      deposit: DEPOSIT,
      collateral: COLLATERAL,
      challengeSeconds: CHALLENGE_SECONDS,
      maxUnsigned: JOB_PRICE * BigInt(JOBS),
      expiresAt: (await chain.networkHelpers.time.latest()) + SESSION_SECONDS,
    };
    const session = await vouchers.connect(requester).open.staticCall(terms);
    open = await gasOf(vouchers.connect(requester).open(terms));
    opened.push({ requester, session });
  }
  return { opened, open };
}

/** Redeems the vouchers of round `round`: each stands for 100 more jobs than that of the round before. */
async function redeem(
  place: Place,
  opened: readonly OpenSession[],
  round: number,
): Promise<number> {
  const { vouchers, actors } = place;
  const domain = await domainOf(place, "VoucherSettlement", vouchers);
  const jobs = round * JOBS;
  const signed = await Promise.all(
    opened.map(async ({ requester, session }) => {
      const entries = Array.from({ length: jobs }, (_, job) => id(`${session} ${job}`));
      const voucher = {
        session,
        amount: JOB_PRICE * BigInt(jobs),
        jobs: BigInt(jobs),
        jobsRoot: new JobsTree(entries).root,
      };
      return { voucher, signature: await signVoucher(requester, domain, voucher) };
    }),
  );
  const args = [
    signed.map(({ voucher }) => voucher),
    signed.map(({ signature }) => signature),
  ] as const;
  const provider = vouchers.connect(actors.ada);
  const accepted = await provider.redeem.staticCall(...args);
  if (accepted !== (1n << BigInt(opened.length)) - 1n) {
    throw new Error(`Of ${opened.length} vouchers, those paid were ${accepted.toString(2)}.`);
  }
  return gasOf(provider.redeem(...args));
}
