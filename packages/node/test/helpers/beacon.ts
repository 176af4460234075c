import { ChainClock } from "../../src/core/chain-clock.ts";
import type { NodeEvent } from "../../src/core/events.ts";
import type { BeaconPort, BeaconSigner, G1Point } from "../../src/core/ports/beacon.ts";
import type { DrandPort } from "../../src/core/ports/drand.ts";
import { createBeaconMetrics } from "../../src/services/beacon/metrics.ts";
import { BeaconService } from "../../src/services/beacon/service.ts";
import { OTHER, SELF, word } from "./jobs.ts";
import { memoryLogger } from "./logger.ts";
import { FakeSubmitter, fakeCall } from "./market.ts";
import { reverted } from "./transactions.ts";

/** What the signer and the drand relay of these tests sign with. */
export const POINT = { xHigh: "1", xLow: "2", yHigh: "3", yLow: "4" };
const signer: BeaconSigner = {
  keyHash: word(1),
  publicKey: {
    x0High: "",
    x0Low: "",
    x1High: "",
    x1Low: "",
    y0High: "",
    y0Low: "",
    y1High: "",
    y1Low: "",
  },
  signReveal: (message) => ({ ...POINT, xLow: message }),
  signPossession: () => POINT,
};

/** A beacon whose next epoch opens at second `opensAt` with windows of 10 s. */
export class FakeBeacon implements BeaconPort {
  epoch = 4n;
  leaders: readonly (string | undefined)[] = [SELF];
  now = 100;
  opensAt = 100;
  drawable = new Set<bigint>();
  fallbackOpensAt = 100;
  fallbackEndsAt = 100;
  asked = 0;

  currentEpoch = async () => this.epoch;
  isDrawable = async (epoch: bigint) => {
    this.asked++;
    return this.drawable.has(epoch);
  };
  nextRevealAt = async () => this.opensAt;
  currentRank = async () => {
    if (this.now < this.opensAt) throw reverted("EpochBeaconTooEarly");
    return BigInt(Math.floor((this.now - this.opensAt) / 10));
  };
  leaderOf = async (rank: bigint) => this.leaders[Number(rank) % this.leaders.length];
  fallback = async () => ({
    opensAt: this.fallbackOpensAt,
    endsAt: this.fallbackEndsAt,
    round: 1_000n,
  });
  revealMessage = async () => "0xmessage";
  calls = {
    reveal: (by: BeaconSigner, message: string) => fakeCall("reveal", [by.signReveal(message)]),
    revealFallback: (round: bigint, signature: G1Point) =>
      fakeCall("fallback", [round.toString(), signature]),
    bootstrap: () => fakeCall("bootstrap", []),
    reportWithholding: (...of: unknown[]) => fakeCall("report", of),
  };
}

/** The service of a provider alone with a beacon that does as the test says; `at` moves both clocks and ticks. */
export function setupBeacon(reportWithholding = true, drand?: DrandPort) {
  const beacon = new FakeBeacon();
  const submitter = new FakeSubmitter();
  const events: NodeEvent[] = [];
  const wall = { ms: 100_000 };
  const metrics = createBeaconMetrics();
  const service = new BeaconService(
    { self: SELF, tickMs: 60_000, reportWithholding },
    {
      beacon,
      drand,
      signer,
      submitter,
      clock: new ChainClock(() => wall.ms),
      emit: (event) => {
        events.push(event);
      },
      logger: memoryLogger().logger,
      metrics,
    },
  );
  const at = (seconds: number) => {
    wall.ms = seconds * 1000;
    beacon.now = seconds;
    return service.tick(new AbortController().signal);
  };
  const sent = () => submitter.submitted.map(({ label, data }) => `${label} ${data}`);
  return { beacon, submitter, service, events, metrics, at, sent };
}

/** The event of an epoch that another provider began at `rank`. */
export const epochBegan = (epoch: bigint, rank: bigint, drawable = true) => ({
  kind: "epochStarted" as const,
  epoch,
  rank,
  drawable,
  leader: OTHER,
  seed: word(1),
  blockNumber: 1,
  transaction: "0xaa",
});
