import { type DisputeClaim, jobClaim, type Order, Tier } from "@lattice/sdk";
import { CHALLENGE_SECONDS, OUTPUT_DIGEST, orderOf, type Place } from "../place.ts";

/** LAT (wei), odd as real balances are. */
const CHALLENGER_FUNDS = 1_234_567_890_123_456_789_012n;

/** What an order and its result say. */
export interface DisputedResult {
  readonly modelVersion: string;
  readonly inputRoot: string;
  readonly traceRoot: string;
}

export type DisputedJob = DisputeClaim & { readonly order: Order };

/** Terms of an order of tier Optimistic on this input. */
export function bondedTerms({ modelVersion, inputRoot }: DisputedResult): Partial<Order> {
  return {
    tier: Tier.Optimistic,
    modelVersion,
    inputCommitment: inputRoot,
    proveSeconds: 0,
    challengeSeconds: CHALLENGE_SECONDS,
  };
}

/** A job that was posted to Ada and delivered with this trace root; it can be challenged from now on. */
export async function deliveredJob(
  place: Place,
  index: number,
  result: DisputedResult,
): Promise<DisputedJob> {
  const { market, actors } = place;
  const order = await orderOf(place, actors.requester, index, bondedTerms(result));
  await market.connect(actors.requester).post(order);
  await market.connect(actors.ada).accept(order);
  await market.connect(actors.ada).commit(order, result.traceRoot, OUTPUT_DIGEST);
  return { ...jobClaim(order), order };
}

/** Gives the challenger LAT that the game may take as its bonds. */
export async function fundChallenger({ disputes, token, actors }: Place): Promise<void> {
  const { reporter, deployer } = actors;
  await token.connect(deployer).transfer(reporter, CHALLENGER_FUNDS);
  await token.connect(reporter).approve(disputes, CHALLENGER_FUNDS);
}
