import { expect } from "chai";
import type { DrandPort } from "../../src/core/ports/drand.ts";
import { epochBegan, POINT, setupBeacon } from "../helpers/beacon.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { OTHER, SELF } from "../helpers/jobs.ts";
import { LANDED } from "../helpers/market.ts";
import { reverted } from "../helpers/transactions.ts";

describe("BeaconService", () => {
  it("does nothing before the window opens", async () => {
    const { at, sent } = setupBeacon();
    await at(99);
    expect(sent()).to.deep.equal([]);
  });

  it("reveals with its own signature when it leads", async () => {
    const { at, sent, metrics } = setupBeacon();
    await at(100);
    expect(sent()).to.deep.equal([`reveal [${JSON.stringify({ ...POINT, xLow: "0xmessage" })}]`]);
    expect(metrics.snapshot().reveals).to.equal(1);
  });

  it("leaves the reveal to the leader whose window is open", async () => {
    const { beacon, at, sent } = setupBeacon();
    beacon.leaders = [OTHER];
    await at(100);
    expect(sent()).to.deep.equal([]);
  });

  it("steps in as leader of a later rank, and reports who stayed silent", async () => {
    const { beacon, service, at, sent, events } = setupBeacon();
    beacon.leaders = [OTHER, SELF];
    await at(110);
    expect(sent()).to.have.lengthOf(1);
    service.epochStarted(epochBegan(5n, 1n));
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
    const { beacon, at, sent } = setupBeacon();
    beacon.leaders = [OTHER, SELF, OTHER, OTHER];
    await at(130);
    await at(131);
    expect(sent()).to.deep.equal(['report ["5","0"]', 'report ["5","2"]']);
  });

  it("reports nobody when told so", async () => {
    const { beacon, at, sent } = setupBeacon(false);
    beacon.leaders = [OTHER];
    await at(130);
    expect(sent()).to.deep.equal([]);
  });

  it("starts the next epoch while nobody has weight", async () => {
    const { beacon, at, sent, events } = setupBeacon();
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
        return published ? POINT : undefined;
      },
    };
    const { beacon, at, sent, events, metrics } = setupBeacon(true, drand);
    beacon.currentRank = () => Promise.reject(reverted("EpochBeaconWindowsClosed"));
    [beacon.fallbackOpensAt, beacon.fallbackEndsAt] = [110, 200];
    await at(109);
    expect(asked).to.deep.equal([]);
    await at(110);
    await at(111);
    expect(asked).to.deep.equal([1_000n]);
    published = true;
    await at(113);
    expect(sent()).to.deep.equal([`fallback ${JSON.stringify(["1000", POINT])}`]);
    expect(events).to.deep.equal([
      { event: "fellBack", epoch: 5n, round: 1_000n, transaction: "0xaa", gasUsed: 21_000n },
    ]);
    expect(metrics.snapshot().fallbacks).to.equal(1);
    // Afterwards it is the turn of leaders again.
    await at(200);
    expect(sent()).to.have.lengthOf(1);
  });

  it("brings nothing without a drand relay, and bootstraps only once the fallback is over", async () => {
    const { beacon, at, sent } = setupBeacon();
    beacon.leaders = [undefined];
    [beacon.fallbackOpensAt, beacon.fallbackEndsAt] = [110, 200];
    for (const second of [100, 110, 199]) await at(second);
    expect(sent()).to.deep.equal([]);
    await at(200);
    expect(sent()).to.deep.equal(["bootstrap []"]);
  });

  it("takes an epoch that began meanwhile for done", async () => {
    const { beacon, submitter, at, metrics } = setupBeacon();
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
    const { submitter, at, metrics } = setupBeacon();
    submitter.onSubmit = () => Promise.reject(reverted("EpochBeaconTooEarly"));
    await at(100);
    expect(metrics.snapshot().late).to.equal(1);
    submitter.onSubmit = async () => LANDED;
    await at(101);
    expect(metrics.snapshot().reveals).to.equal(1);
  });

  it("waits when the chain's clock is behind its own, and passes other refusals on", async () => {
    const { beacon, at, sent } = setupBeacon();
    beacon.currentRank = () => Promise.reject(reverted("EpochBeaconTooEarly"));
    await at(100);
    expect(sent()).to.deep.equal([]);
    beacon.currentRank = () => Promise.reject(reverted("Other"));
    await nodeFailureOf("CALL_REVERTED", at(101));
  });

  it("knows which jobs can be drawn, and asks for each epoch once", async () => {
    const { beacon, service } = setupBeacon();
    service.epochStarted(epochBegan(5n, 0n, true));
    service.epochStarted(epochBegan(6n, 0n, false));
    expect(await service.isSeedReady(7n)).to.equal(false);
    expect(await service.isSeedReady(6n)).to.equal(false);
    expect(await service.isSeedReady(5n)).to.equal(true);
    expect(beacon.asked).to.equal(0);
    const late = setupBeacon();
    late.beacon.epoch = 7n;
    late.beacon.drawable.add(7n);
    expect(await late.service.isSeedReady(7n)).to.equal(true);
    expect(await late.service.isSeedReady(7n)).to.equal(true);
    expect(late.beacon.asked).to.equal(1);
  });
});
