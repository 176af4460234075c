import { expect } from "chai";
import { ChainClock } from "../../src/core/chain-clock.ts";
import type { NodeEvent } from "../../src/core/events.ts";
import type { BeaconPort, BeaconSigner, G1Point } from "../../src/core/ports/beacon.ts";
import type { DrandPort } from "../../src/core/ports/drand.ts";
import { createBeaconMetrics } from "../../src/services/beacon/metrics.ts";
import { BeaconService } from "../../src/services/beacon/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";
import { FakeSubmitter, fakeCall, LANDED } from "../helpers/market.ts";
import { reverted } from "../helpers/transactions.ts";

const point = { xHigh: "1", xLow: "2", yHigh: "3", yLow: "4" };
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
  signReveal: (message) => ({ ...point, xLow: message }),
  signPossession: () => point,
};

/** A beacon whose next epoch opens at second `opensAt` with windows of 10 s. */
class FakeBeacon implements BeaconPort {
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

function setup(reportWithholding = true, drand?: DrandPort) {
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

const began = (epoch: bigint, rank: bigint, drawable = true) => ({
  kind: "epochStarted" as const,
  epoch,
  rank,
  drawable,
  leader: OTHER,
  seed: word(1),
  blockNumber: 1,
  transaction: "0xaa",
});

describe("BeaconService", () => {
  it("does nothing before the window opens", async () => {
    const { at, sent } = setup();
    await at(99);
    expect(sent()).to.deep.equal([]);
  });

  it("reveals with its own signature when it leads", async () => {
    const { at, sent, metrics } = setup();
    await at(100);
    expect(sent()).to.deep.equal([`reveal [${JSON.stringify({ ...point, xLow: "0xmessage" })}]`]);
    expect(metrics.snapshot().reveals).to.equal(1);
  });

  it("leaves the reveal to the leader whose window is open", async () => {
    const { beacon, at, sent } = setup();
    beacon.leaders = [OTHER];
    await at(100);
    expect(sent()).to.deep.equal([]);
  });

  it("steps in as leader of a later rank, and reports who stayed silent", async () => {
    const { beacon, service, at, sent, events } = setup();
    beacon.leaders = [OTHER, SELF];
    await at(110);
    expect(sent()).to.have.lengthOf(1);
    service.epochStarted(began(5n, 1n));
    beacon.epoch = 5n;
    beacon.opensAt = 112;
    await at(111);
    expect(sent().slice(1)).to.deep.equal(['report ["5","0"]']);
    expect(events).to.deep.equal([
      {
        event: "withholdingReported",
        epoch: 5n,
        rank: 0n,
        leader: OTHER,
        transaction: "0xaa",
        gasUsed: 21_000n,
      },
    ]);
  });

  it("reports each silent leader once while the epoch has not begun, and never itself", async () => {
    const { beacon, at, sent } = setup();
    beacon.leaders = [OTHER, SELF, OTHER, OTHER];
    await at(130);
    await at(131);
    expect(sent()).to.deep.equal(['report ["5","0"]', 'report ["5","2"]']);
  });

  it("reports nobody when told so", async () => {
    const { beacon, at, sent } = setup(false);
    beacon.leaders = [OTHER];
    await at(130);
    expect(sent()).to.deep.equal([]);
  });

  it("starts the next epoch while nobody has weight", async () => {
    const { beacon, at, sent, events } = setup();
    beacon.leaders = [undefined];
    await at(100);
    expect(sent()).to.deep.equal(["bootstrap []"]);
    expect(events).to.deep.equal([
      { event: "bootstrapped", epoch: 5n, transaction: "0xaa", gasUsed: 21_000n },
    ]);
  });

  it("brings the drand round while the windows are closed, and asks for it at the network's pace", async () => {
    const asked: bigint[] = [];
    let published = false;
    const drand: DrandPort = {
      signatureOf: async (round) => {
        asked.push(round);
        return published ? point : undefined;
      },
    };
    const { beacon, at, sent, events, metrics } = setup(true, drand);
    beacon.currentRank = () => Promise.reject(reverted("EpochBeaconWindowsClosed"));
    [beacon.fallbackOpensAt, beacon.fallbackEndsAt] = [110, 200];
    await at(109);
    expect(asked).to.deep.equal([]);
    await at(110);
    await at(111);
    expect(asked).to.deep.equal([1_000n]);
    published = true;
    await at(113);
    expect(sent()).to.deep.equal([`fallback ${JSON.stringify(["1000", point])}`]);
    expect(events).to.deep.equal([
      { event: "fellBack", epoch: 5n, round: 1_000n, transaction: "0xaa", gasUsed: 21_000n },
    ]);
    expect(metrics.snapshot().fallbacks).to.equal(1);
    // Afterwards it is the turn of leaders again.
    await at(200);
    expect(sent()).to.have.lengthOf(1);
  });

  it("brings nothing without a drand relay, and bootstraps only once the fallback is over", async () => {
    const { beacon, at, sent } = setup();
    beacon.leaders = [undefined];
    [beacon.fallbackOpensAt, beacon.fallbackEndsAt] = [110, 200];
    for (const second of [100, 110, 199]) await at(second);
    expect(sent()).to.deep.equal([]);
    await at(200);
    expect(sent()).to.deep.equal(["bootstrap []"]);
  });

  it("takes an epoch that began meanwhile for done", async () => {
    const { beacon, submitter, at, metrics } = setup();
    submitter.onSubmit = async (_call, { isDone }) => {
      expect(await isDone?.()).to.equal(false);
      beacon.epoch = 5n;
      expect(await isDone?.()).to.equal(true);
      return { outcome: "alreadyDone" };
    };
    await at(100);
    expect(metrics.snapshot()).to.include({ reveals: 0, late: 0 });
  });

  it("goes on when the beacon refuses a call that came too late, and fails on anything else", async () => {
    const { submitter, at, metrics } = setup();
    submitter.onSubmit = () => Promise.reject(reverted("EpochBeaconTooEarly"));
    await at(100);
    expect(metrics.snapshot().late).to.equal(1);
    submitter.onSubmit = async () => LANDED;
    await at(101);
    expect(metrics.snapshot().reveals).to.equal(1);
  });

  it("waits when the chain's clock is behind its own, and passes other refusals on", async () => {
    const { beacon, at, sent } = setup();
    beacon.currentRank = () => Promise.reject(reverted("EpochBeaconTooEarly"));
    await at(100);
    expect(sent()).to.deep.equal([]);
    beacon.currentRank = () => Promise.reject(reverted("Other"));
    await nodeFailureOf("CALL_REVERTED", at(101));
  });

  it("knows which jobs can be drawn, and asks for each epoch once", async () => {
    const { beacon, service } = setup();
    service.epochStarted(began(5n, 0n, true));
    service.epochStarted(began(6n, 0n, false));
    expect(await service.isSeedReady(7n)).to.equal(false);
    expect(await service.isSeedReady(6n)).to.equal(false);
    expect(await service.isSeedReady(5n)).to.equal(true);
    expect(beacon.asked).to.equal(0);
    const late = setup();
    late.beacon.epoch = 7n;
    late.beacon.drawable.add(7n);
    expect(await late.service.isSeedReady(7n)).to.equal(true);
    expect(await late.service.isSeedReady(7n)).to.equal(true);
    expect(late.beacon.asked).to.equal(1);
  });
});
