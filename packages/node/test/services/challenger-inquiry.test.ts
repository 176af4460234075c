import { expect } from "chai";
import { Ground, Turn } from "../../src/core/dispute.ts";
import { ChallengerWorld, result } from "../helpers/challenger.ts";
import { SELF, word } from "../helpers/jobs.ts";
import { argumentsOf } from "../helpers/market.ts";
import { ROUNDS } from "../helpers/traces.ts";

/** A wrong result whose trace is withheld. */
async function withheld() {
  const world = new ChallengerWorld();
  await world.track(result());
  return world;
}

describe("ChallengerService in an inquiry", () => {
  it("asks until it has the evidence, challenges without a commitment, and gets its bond back", async () => {
    const world = await withheld();
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "inquire"]);
    expect(argumentsOf(world.submitter.submitted[0] as never)).to.deep.equal(["50"]);
    for (let round = 0; round < ROUNDS; round++) {
      world.disputes.reply(word(100 + round), word(200 + round));
      await world.settle();
    }
    const asked = world.submitter.submitted.filter(({ label }) => label === "ask");
    expect(asked.map((call) => argumentsOf(call).slice(1))).to.deep.equal([
      [1, [word(100), word(200)]],
      [2, [word(101), word(201)]],
    ]);
    expect(world.submitter.labels.slice(4)).to.deep.equal(["challenge", "closeInquiry"]);
    expect(world.disputes.standing.ground).to.equal(Ground.WrongTrace);
    const challenge = world.submitter.submitted.find(({ label }) => label === "challenge");
    expect(argumentsOf(challenge as never)[2]).to.equal(word(0));
    world.disputes.now = world.disputes.standing.executableAt;
    await world.settle();
    expect(world.outcomes).to.deep.equal(["convicted"]);
    expect(world.metrics.snapshot()).to.include({
      ...{ inquiriesOpened: 1, questionsAsked: 2, bondsCollected: 1, convicted: 1 },
    });
  });

  it("claims the silence of a provider that lets its time pass, not a second before", async () => {
    const world = await withheld();
    await world.settle();
    world.disputes.now = world.disputes.asked.deadline - 1;
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "inquire"]);
    world.disputes.now++;
    await world.settle();
    expect(world.submitter.labels.slice(2)).to.deep.equal(["claimSilence", "closeInquiry"]);
    expect(world.disputes.standing).to.include({ reporter: SELF, ground: Ground.Silence });
    world.disputes.now = world.disputes.standing.executableAt;
    await world.settle();
    expect(world.outcomes).to.deep.equal(["convicted"]);
    expect(world.metrics.snapshot()).to.include({ silencesClaimed: 1, convicted: 1 });
  });

  it("approves no bond that the game may take already", async () => {
    const world = await withheld();
    world.disputes.allowed = 50n;
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["inquire"]);
  });

  it("says so when it holds too little LAT for the bond, and opens the inquiry once it has it", async () => {
    const world = await withheld();
    world.disputes.funds = 49n;
    await world.settle();
    const failed = world.events.find(({ event }) => event === "failed");
    expect(failed).to.include({
      code: "BOND_UNFUNDED",
      message: `the account ${SELF} holds 49 LAT wei, a bond takes 50; send it LAT`,
    });
    expect(world.submitter.labels).to.deep.equal([]);
    world.disputes.funds = 50n;
    world.wallMs += 60_000;
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "inquire"]);
  });

  it("commits to what it found before a chunk was uncovered", async () => {
    const world = await withheld();
    world.model.nextMove = () => ({ accuse: { kind: "trace", evidence: "0xee", what: "a leaf" } });
    await world.settle();
    world.disputes.reply(word(100));
    await world.settle();
    const { labels } = world.submitter;
    expect(labels).to.deep.equal([
      ...["approve", "inquire", "commit", "challenge", "closeInquiry"],
    ]);
  });

  it("shows what its inquiry uncovered beside a verdict that counts later", async () => {
    const world = await withheld();
    await world.settle();
    for (let round = 0; round < ROUNDS; round++) {
      world.disputes.reply(word(100));
      await world.tick();
    }
    expect(world.disputes.asked.uncoveredAt).to.be.greaterThan(0);
    world.disputes.convict(result().provider, Ground.WrongTrace);
    await world.settle();
    expect(world.submitter.labels.slice(4)).to.deep.equal(["challenge", "closeInquiry"]);
    expect(world.disputes.standing.reporter).to.equal(SELF);
  });

  it("goes on after the window: its inquiry keeps the result unsettled", async () => {
    const world = await withheld();
    await world.settle();
    world.disputes.now = 5_000;
    world.disputes.reply(word(100));
    await world.settle();
    expect(world.submitter.labels.slice(2)).to.deep.equal(["ask"]);
  });

  it("has lost when it let its own time pass", async () => {
    const world = await withheld();
    await world.settle();
    world.disputes.reply(word(100));
    world.disputes.now = world.disputes.asked.deadline;
    await world.settle();
    expect(world.submitter.labels).to.deep.equal(["approve", "inquire"]);
    expect(world.outcomes).to.deep.equal(["inquiryLost"]);
  });

  it("opens no second inquiry after one was closed", async () => {
    const world = await withheld();
    await world.tick();
    world.disputes.talk = { exchanges: [], bondTo: result().provider };
    await world.settle();
    expect(world.submitter.labels).to.deep.equal([]);
    expect(world.metrics.snapshot().inquiryLost).to.equal(1);
  });

  it("takes its bond back when somebody else convicts", async () => {
    const world = await withheld();
    await world.settle();
    world.disputes.convict(result().provider, Ground.WrongStep, 1);
    await world.settle();
    expect(world.submitter.labels.slice(2)).to.deep.equal(["closeInquiry"]);
    expect(world.outcomes).to.deep.equal(["outrun"]);
  });

  it("has no quarrel with a provider whose trace appears to be right after all", async () => {
    const world = await withheld();
    await world.settle();
    world.model.nextMove = () => undefined;
    world.disputes.reply(word(100));
    await world.settle();
    expect(world.disputes.asked.turn).to.equal(Turn.Inquirer);
    expect(world.outcomes).to.deep.equal(["inquiryLost"]);
  });
});
