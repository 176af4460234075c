import { expect } from "chai";
import { Ground, Turn } from "../../src/core/dispute.ts";
import { JobState } from "../../src/core/job.ts";
import { Tier } from "../../src/core/order.ts";
import type { ChainEvent } from "../../src/core/ports/market.ts";
import type { OpenQuestion } from "../../src/core/ports/state.ts";
import { createResponderMetrics } from "../../src/services/responder/metrics.ts";
import { ResponderService } from "../../src/services/responder/service.ts";
import { FakeDisputes, MARKET } from "../helpers/disputes.ts";
import { OTHER, SELF, word } from "../helpers/jobs.ts";
import { argumentsOf } from "../helpers/market.ts";
import { FakeTracedModel, rootOf } from "../helpers/traces.ts";
import { matching, setup, signal } from "../helpers/workers.ts";

const ROOT = rootOf(6, 8);
const place = { market: MARKET, subject: word(1), blockNumber: 3, transaction: "0xaa" };
const opened: ChainEvent = { kind: "inquiryOpened", inquirer: OTHER, provider: SELF, ...place };
const demanded: ChainEvent = { kind: "chunksDemanded", asker: OTHER, isInput: false, ...place };

/** A provider with one bonded result, whose trace is stored; `restart` keeps what it wrote down. */
async function answering() {
  const world = setup();
  const disputes = new FakeDisputes();
  const model = new FakeTracedModel();
  world.model.traced = model;
  const order = matching({ tier: Tier.Optimistic, inputCommitment: word(507) });
  const state = JobState.Challengeable;
  world.market.put(1n, order, { state, provider: SELF, outputCommitment: ROOT });
  await world.traces.put({ root: ROOT });
  world.submitter.onSubmit = async (call) => disputes.apply(call);
  let saved: readonly OpenQuestion[] = [];
  const start = async () => {
    const metrics = createResponderMetrics();
    const responder = new ResponderService(
      { self: SELF, tickMs: 60_000 },
      {
        ...world.common,
        disputes,
        questions: {
          load: async () => saved,
          save: async (questions) => {
            saved = questions;
          },
        },
        now: () => disputes.now,
        metrics,
      },
    );
    await responder.load();
    return { responder, metrics };
  };
  return { ...world, disputes, model, start, ...(await start()) };
}

describe("ResponderService", () => {
  it("answers from the stored trace, each question once", async () => {
    const { responder, disputes, submitter, metrics, model, events } = await answering();
    disputes.inquiring();
    await responder.onEvent(opened);
    await responder.tick(signal);
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal(["answer"]);
    const [key, asker, reply] = argumentsOf(submitter.submitted[0] as never) as [
      { subject: string },
      string,
      unknown,
    ];
    expect([key.subject, asker, reply]).to.deep.equal([
      word(1),
      OTHER,
      { nodes: [ROOT, word(0)], data: "0x" },
    ]);
    disputes.apply(disputes.calls.ask(place, 3, []));
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal(["answer", "answer"]);
    expect(argumentsOf(submitter.submitted[1] as never)[2]).to.deep.equal({
      nodes: [ROOT, word(1)],
      data: "0x",
    });
    expect(model.runs, "the stored trace is enough").to.equal(0);
    expect(metrics.snapshot()).to.include({ inquiries: 1, answers: 2, failures: 0 });
    expect(events.map(({ event }) => event)).to.deep.equal(["questioned", "answered", "answered"]);
  });

  it("goes on after a restart, and answers nothing twice", async () => {
    const { responder, disputes, submitter, start } = await answering();
    disputes.inquiring();
    await responder.onEvent(opened);
    const second = await start();
    expect(second.responder.open).to.equal(1);
    await second.responder.tick(signal);
    const third = await start();
    await third.responder.tick(signal);
    await third.responder.onEvent(opened);
    expect(third.responder.open).to.equal(1);
    expect(submitter.labels).to.deep.equal(["answer"]);
  });

  it("recomputes a trace that is gone, and stores it again", async () => {
    const { responder, disputes, submitter, traces, model } = await answering();
    traces.held.clear();
    disputes.inquiring();
    await responder.onEvent(opened);
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal(["answer"]);
    expect(model.runs).to.equal(1);
    expect(await traces.has(ROOT)).to.equal(true);
  });

  it("says that it cannot defend a result whose trace it can neither find nor make", async () => {
    const { responder, disputes, submitter, traces, market, events, metrics } = await answering();
    traces.held.clear();
    market.change(1n, { outputCommitment: rootOf(6, 9) });
    disputes.inquiring();
    await responder.onEvent(opened);
    await responder.tick(signal);
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal([]);
    expect(metrics.snapshot().failures).to.equal(2);
    const failed = events.filter(({ event }) => event === "failed");
    expect(failed).to.have.lengthOf(1);
    expect(failed[0]).to.include({ code: "TRACE_NOT_FOUND", step: "answer inquiry", jobId: 1n });
  });

  it("collects the bond of an inquirer that asks no more, from its deadline on", async () => {
    const { responder, disputes, submitter, metrics } = await answering();
    disputes.inquiring();
    await responder.onEvent(opened);
    await responder.tick(signal);
    disputes.now = disputes.asked.deadline - 1;
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal(["answer"]);
    disputes.now++;
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal(["answer", "closeInquiry"]);
    await responder.tick(signal);
    expect(responder.open).to.equal(0);
    expect(metrics.snapshot()).to.include({ bondsCollected: 1, won: 1, lost: 0 });
  });

  it("does not answer when it is too late, and says so once", async () => {
    const { responder, disputes, submitter, metrics } = await answering();
    disputes.inquiring();
    await responder.onEvent(opened);
    disputes.now = disputes.asked.deadline;
    await responder.tick(signal);
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal([]);
    expect(metrics.snapshot()).to.include({ missed: 1, failures: 1 });
    disputes.convict(OTHER, Ground.Silence);
    await responder.tick(signal);
    expect(responder.open).to.equal(0);
    expect(metrics.snapshot()).to.include({ lost: 1, won: 0 });
  });

  it("publishes chunks of the output that are demanded, once", async () => {
    const { responder, disputes, submitter, metrics, events } = await answering();
    disputes.chunks = { deadline: 500, asker: OTHER, firstChunk: 2, chunkCount: 3 };
    await responder.onEvent(demanded);
    await responder.tick(signal);
    await responder.tick(signal);
    expect(submitter.labels).to.deep.equal(["publishOutput"]);
    const [, opening] = argumentsOf(submitter.submitted[0] as never) as [
      unknown,
      { traceTree: string; output: { chunkIndices: number[] } },
    ];
    expect(opening.traceTree).to.equal(ROOT);
    expect(opening.output.chunkIndices).to.deep.equal([2, 3, 4]);
    expect(responder.open).to.equal(0);
    expect(metrics.snapshot()).to.include({ demands: 1, published: 1 });
    expect(events.at(-1)).to.include({ event: "outputPublished", firstChunk: 2, chunkCount: 3 });
  });

  it("minds nothing that others are asked", async () => {
    const { responder, market } = await answering();
    await responder.onEvent({ ...opened, provider: OTHER } as ChainEvent);
    await responder.onEvent({ ...opened, market: OTHER } as ChainEvent);
    await responder.onEvent({ ...demanded, isInput: true } as ChainEvent);
    market.change(1n, { provider: OTHER });
    await responder.onEvent(demanded);
    expect(responder.open).to.equal(0);
  });

  it("answers two inquirers by themselves", async () => {
    const { responder, disputes, submitter } = await answering();
    disputes.inquiring();
    await responder.onEvent(opened);
    await responder.onEvent({ ...opened, inquirer: SELF } as ChainEvent);
    expect(responder.open).to.equal(2);
    disputes.inquiry = async (_key, inquirer) =>
      inquirer === SELF ? { ...disputes.asked, turn: Turn.Provider } : disputes.asked;
    await responder.tick(signal);
    const askers = submitter.submitted.map((call) => argumentsOf(call)[1]);
    expect(askers).to.deep.equal([OTHER, SELF]);
  });
});
