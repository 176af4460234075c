import { expect } from "chai";
import { Ground } from "../../src/core/dispute.ts";
import type { NodeEvent } from "../../src/core/events.ts";
import { JobState } from "../../src/core/job.ts";
import type { ChainEvent } from "../../src/core/ports/market.ts";
import { ReporterService } from "../../src/services/reporter/service.ts";
import { MARKET } from "../helpers/disputes.ts";
import { OTHER, order, SELF, word } from "../helpers/jobs.ts";

const place = { blockNumber: 1, transaction: "0xaa" };
const legs = { provider: 5n, publisher: 4n, fee: 3n, refund: 1n };
const gas = { transaction: "0xaa", gasUsed: 21_000n };

async function reported(...events: ChainEvent[]): Promise<NodeEvent[]> {
  const told: NodeEvent[] = [];
  const reporter = new ReporterService(
    { self: SELF, market: MARKET },
    {
      gasUsed: async (transaction) => (transaction === "0xaa" ? 21_000n : 0n),
      takeTimes: (jobId) => (jobId === 1n ? { witnessSeconds: 1, proveSeconds: 2 } : undefined),
      emit: (event) => {
        told.push(event);
      },
    },
  );
  for (const event of events) await reporter.report(event);
  return told;
}

describe("ReporterService", () => {
  it("tells what happened to its own jobs", async () => {
    const draw = { price: 9n, epoch: 3n, pick: 0n, commitBy: 60 };
    const output = { outputCommitment: word(1), outputDigest: word(2) };
    const own = { jobId: 1n, provider: SELF, ...place };
    expect(
      await reported(
        { kind: "assigned", ...own, ...draw },
        { kind: "committed", ...own, ...output },
        { kind: "proved", ...own },
        { kind: "settled", ...own, legs },
      ),
    ).to.deep.equal([
      { event: "assigned", jobId: 1n, ...draw, transaction: "0xaa" },
      { event: "committed", jobId: 1n, ...output, ...gas },
      { event: "proved", jobId: 1n, witnessSeconds: 1, proveSeconds: 2, ...gas },
      { event: "settled", jobId: 1n, legs, ...gas },
    ]);
  });

  it("leaves out times of a proof that was not made here", async () => {
    expect(await reported({ kind: "proved", jobId: 2n, provider: SELF, ...place })).to.deep.equal([
      { event: "proved", jobId: 2n, ...gas },
    ]);
  });

  it("tells of a slash of its own, and of one that it reported", async () => {
    const late = { kind: "timedOut", jobId: 1n, state: JobState.Assigned, slashed: 7n } as const;
    expect(
      await reported(
        { ...late, provider: SELF, reporter: OTHER, ...place },
        { ...late, provider: OTHER, reporter: SELF, ...place },
      ),
    ).to.deep.equal([
      { event: "slashed", jobId: 1n, state: "Assigned", amount: 7n, transaction: "0xaa" },
      { event: "reaped", jobId: 1n, provider: OTHER, slashed: 7n, ...gas },
    ]);
  });

  it("tells of epochs that it began", async () => {
    const epoch = { kind: "epochStarted", epoch: 4n, rank: 1n, seed: word(3), ...place } as const;
    expect(
      await reported(
        { ...epoch, leader: SELF, drawable: true },
        { ...epoch, leader: OTHER, drawable: true },
      ),
    ).to.deep.equal([{ event: "revealed", epoch: 4n, rank: 1n, seed: word(3), ...gas }]);
  });

  it("keeps quiet about others", async () => {
    const others = { jobId: 1n, provider: OTHER, ...place };
    expect(
      await reported(
        { kind: "posted", jobId: 1n, order: order(), ...place },
        { kind: "assigned", ...others, price: 1n, epoch: 1n, pick: 0n, commitBy: 1 },
        { kind: "committed", ...others, outputCommitment: word(1), outputDigest: word(2) },
        { kind: "proved", ...others },
        { kind: "settled", ...others, legs },
        { kind: "timedOut", ...others, reporter: OTHER, state: JobState.Assigned, slashed: 1n },
        { kind: "reassigned", jobId: 1n, drawEpoch: 2n, ...place },
        { kind: "refunded", jobId: 1n, amount: 1n, ...place },
      ),
    ).to.deep.equal([]);
  });

  it("tells that a result of its own was convicted, of its own lane alone", async () => {
    const convicted = {
      kind: "convicted",
      subject: word(7),
      reporter: OTHER,
      ground: Ground.Silence,
      executableAt: 60,
      ...place,
    } as const;
    expect(
      await reported(
        { ...convicted, market: MARKET, provider: SELF },
        { ...convicted, market: MARKET, provider: OTHER },
        { ...convicted, market: OTHER, provider: SELF },
      ),
    ).to.deep.equal([
      { event: "convicted", jobId: 7n, reporter: OTHER, ground: "Silence", transaction: "0xaa" },
    ]);
  });
});
