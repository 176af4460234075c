import {
  type BatchRecord,
  batchClaim,
  batchJobOf,
  type DisputeClaim,
  encodeStepEvidence,
  sessionClaim,
  sessionJobOf,
  sessionTree,
  signVoucher,
} from "@lattice/sdk";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { settleWeights } from "../../../../test/helpers/epochs.ts";
import { withClockStopped } from "../clock.ts";
import { bondedTerms, deliveredJob } from "../disputes/jobs.ts";
import { denseModel } from "../disputes/models.ts";
import { type DisputedRun, disputedRun } from "../disputes/runs.ts";
import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import { CHALLENGE_SECONDS, COLLATERAL, domainOf, type Place, type Requester } from "../place.ts";
import { serveMany } from "../serving.ts";
import { claim } from "./batch.ts";

const BATCH = 32;
const SESSION_JOBS = 100;
const SESSION_SECONDS = 86_400;
/** Odd amounts of 18 decimals. */
const DEPOSIT = 98_765_432_109_876_543_210n;
const JOB_PRICE = 1_234_567_890_123_457n;
/** Of the job in question. */
const INDEX = 21;

type Lane = { getAddress(): Promise<string> };

/** The same step convicted in each lane, and the slash carried out. */
export async function measureSlashes(place: Place): Promise<Figures> {
  const run = await withClockStopped(place.chain, () => disputedRun(place, "dense", denseModel()));
  // From the epoch after next on the offer counts in the lanes.
  await settleWeights(place);
  const { market, settlement, vouchers } = place;
  const job = await punished(place, market, run, () => jobOf(place, run));
  const batch = await punished(place, settlement, run, () => batchJob(place, run));
  const session = await punished(place, vouchers, run, () => sessionJob(place, run));
  return {
    executeSlash: job.execute,
    "executeSlash.batch": batch.execute,
    "executeSlash.session": session.execute,
    "challengeOneStep.batch": batch.challenge,
    "challengeOneStep.session": session.challenge,
  };
}

async function punished(
  { disputes, actors, chain }: Place,
  lane: Lane,
  { evidence }: DisputedRun,
  deliver: () => Promise<DisputeClaim>,
) {
  const snapshot = await chain.networkHelpers.takeSnapshot();
  const named = await deliver();
  const challenge = await gasOf(
    disputes
      .connect(actors.reporter)
      .challengeStep(await lane.getAddress(), named.claim, encodeStepEvidence(evidence), ZeroHash),
  );
  await chain.networkHelpers.time.increase(await disputes.PRIORITY_SECONDS());
  const execute = await gasOf(
    disputes.connect(actors.stranger).execute(await lane.getAddress(), named.claim),
  );
  await snapshot.restore();
  return { challenge, execute };
}

function jobOf(place: Place, run: DisputedRun): Promise<DisputeClaim> {
  return deliveredJob(place, 0, { ...run, traceRoot: run.lie.root });
}

/** One of 32 orders of one requester. */
async function batchJob(place: Place, run: DisputedRun): Promise<DisputeClaim> {
  const { requester } = place.actors;
  const requesters = Array<Requester>(BATCH).fill(requester);
  const { modelVersion, inputRoot, outputRoot, lie } = run;
  const terms = bondedTerms({ modelVersion, inputRoot, traceRoot: lie.root });
  const orders = await serveMany(place, requesters, 0, terms);
  const served = orders.map((order, i) => ({
    ...order,
    outputCommitment: outputRoot,
    outputDigest: i === INDEX ? lie.root : id(`trace ${i}`),
  }));
  const { record } = await claim(place, served);
  return batchClaim(batchJobOf(record as BatchRecord, served, INDEX));
}

/** One of the 100 jobs under the voucher that was redeemed last. */
async function sessionJob(place: Place, run: DisputedRun): Promise<DisputeClaim> {
  const { vouchers, actors, token, chain } = place;
  const { requester, ada } = actors;
  const terms = {
    requester: requester.address,
    sponsor: ZeroAddress,
    provider: ada.address,
    modelVersion: run.modelVersion,
    paymentToken: await token.getAddress(),
    deposit: DEPOSIT,
    collateral: COLLATERAL,
    challengeSeconds: CHALLENGE_SECONDS,
    maxUnsigned: JOB_PRICE * BigInt(SESSION_JOBS),
    expiresAt: (await chain.networkHelpers.time.latest()) + SESSION_SECONDS,
  };
  const session = await vouchers.connect(requester).open.staticCall(terms);
  await vouchers.connect(requester).open(terms);
  const outputs = Array.from({ length: SESSION_JOBS }, (_, i) =>
    i === INDEX ? run.lie.root : id(`trace ${i}`),
  );
  const voucher = {
    session,
    amount: JOB_PRICE * BigInt(SESSION_JOBS),
    jobs: BigInt(SESSION_JOBS),
    jobsRoot: sessionTree(session, outputs).root,
  };
  const domain = await domainOf(place, "VoucherSettlement", vouchers);
  await vouchers.connect(ada).redeem([voucher], [await signVoucher(requester, domain, voucher)]);
  return sessionClaim(sessionJobOf(voucher, outputs, INDEX));
}
