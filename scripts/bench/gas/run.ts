import { rewindClock } from "./clock.ts";
import { type Figures, mergeFigures } from "./figures.ts";
import { measureBatches } from "./lanes/batch.ts";
import { measureBeacon } from "./lanes/beacon.ts";
import { measureChallenges } from "./lanes/challenges.ts";
import { measureCustody } from "./lanes/custody.ts";
import { measureDraws } from "./lanes/draw.ts";
import { measureEquivocation } from "./lanes/equivocation.ts";
import { measureInquiries } from "./lanes/inquiries.ts";
import { measureOnchain } from "./lanes/onchain.ts";
import { measureSlashes } from "./lanes/slashes.ts";
import { measureVerification } from "./lanes/verification.ts";
import { measureVouchers } from "./lanes/vouchers.ts";
import { deployPlace, type Place } from "./place.ts";
import { Proofs } from "./proofs.ts";

type Lane = (place: Place, proofs: Proofs) => Promise<Figures>;

const LANES: readonly (readonly [name: string, measure: Lane])[] = [
  ["draws", measureDraws],
  ["custody", measureCustody],
  ["equivocation", measureEquivocation],
  ["challenges", measureChallenges],
  ["inquiries", measureInquiries],
  ["slashes", measureSlashes],
  ["vouchers", measureVouchers],
  ["proofs", measureVerification],
  ["jobs posted on-chain", measureOnchain],
  ["batches of signed orders", measureBatches],
  ["beacon", measureBeacon],
];

/** Measures every lane on one chain. Each begins with the same state, so none depends on those before it. */
export async function runBenchmark(onProgress: (line: string) => void): Promise<Figures> {
  onProgress("deploying the protocol");
  const place = await deployPlace();
  const proofs = new Proofs(place.circuit);
  try {
    const figures: Figures[] = [];
    for (const [name, measure] of LANES) {
      const started = performance.now();
      const snapshot = await place.chain.networkHelpers.takeSnapshot();
      await rewindClock(place.chain);
      figures.push(await measure(place, proofs));
      await snapshot.restore();
      onProgress(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    return mergeFigures(figures);
  } finally {
    await proofs.close();
  }
}
