import { encodeStepEvidence, JobState, jobClaim, readJob } from "@lattice/sdk";
import { commitConstants, lowerProgram, stepEvidence } from "@lattice/zkml";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { eventually } from "../../helpers/processes.ts";
import { availabilityScenarios } from "./availability-scenarios.ts";
import { answerFor, cheat } from "./dishonest.ts";
import { cheatInBatch } from "./dishonest-batch.ts";
import {
  CHALLENGE_SECONDS,
  COLLATERAL,
  type DisputedJob,
  type DisputedModel,
  type DisputeMarket,
  openDisputeMarket,
  PRICE,
  PRIORITY_SECONDS,
  postBonded,
  RESPONSE_SECONDS,
} from "./dispute-market.ts";
import { changesSince, type Holdings, holdings } from "./holdings.ts";
import { WatchProcess } from "./watch-process.ts";

const COMPENSATION = COLLATERAL / 2n;
const BOUNTY = COLLATERAL / 10n;

/** Lets the verdict's time pass and waits for the slash; then every party has what it should. */
async function expectExecuted(
  world: DisputeMarket,
  { subject, jobId }: DisputedJob,
  before: Holdings,
) {
  await world.market.pass(PRIORITY_SECONDS);
  expect((await world.watch.saw("done", subject)).outcome).to.equal("convicted");
  const { state } = await readJob(world.requester, jobId);
  expect(state).to.equal(JobState.Refunded);
  expect(await changesSince(world, before)).to.deep.equal({
    requester: COMPENSATION,
    challenger: BOUNTY,
    dishonestStake: -COLLATERAL,
    supply: -(COLLATERAL - COMPENSATION - BOUNTY),
  });
}

/** Who was found guilty of what, and by whom. */
async function verdictOf({ requester }: DisputeMarket, { subject }: DisputedJob) {
  const { disputes, addresses } = requester;
  const { reporter, ground } = await disputes.verdictOf(addresses.contracts.JobMarket, subject);
  return { reporter, ground: Number(ground) };
}

const WRONG_STEP = 1;
const SILENCE = 4;

/** Every way in which a dispute about a result of this model can end, between processes on a chain. */
export function disputeScenarios(model: DisputedModel): void {
  describe(`disputes about ${model.name}`, function () {
    this.timeout(600_000);

    let world: DisputeMarket;
    let seed = 0;

    const nextInput = () => model.input(world.model, ++seed);
    const postTo = (provider: string) =>
      postBonded(world, provider, nextInput(), world.market.artifacts);

    before(async () => {
      world = await openDisputeMarket(model);
    });

    after(async () => {
      await world?.close();
    });

    it("settles an honest result after its window, which the challenger verified", async () => {
      const before = await holdings(world);
      const job = await postTo(world.honest.address);
      await world.honest.saw("committed", job.jobId);
      expect((await world.watch.saw("done", job.subject)).outcome).to.equal("verified");
      expect((await holdings(world)).honestExposure).to.equal(COLLATERAL);
      await world.market.pass(CHALLENGE_SECONDS);
      const { legs } = await world.honest.saw("settled", job.jobId);
      const fee = BigInt((legs as { fee: string }).fee);
      expect(await changesSince(world, before)).to.deep.include({
        earnings: PRICE - fee,
        deposit: -PRICE,
      });
      expect(await changesSince(world, before)).to.not.have.any.keys(
        "honestStake",
        "honestExposure",
      );
      expect(world.watch.about(job.subject).map(({ event }) => event)).to.deep.equal([
        ...["seen", "done"],
      ]);
    });

    it("convicts a provider that flips a bit in one layer", async () => {
      const before = await holdings(world);
      const job = await postTo(world.dishonest.address);
      await cheat(world, job, true);
      await world.watch.saw("challenged", job.subject);
      const told = world.watch.about(job.subject).map(({ event }) => event);
      expect(told).to.deep.equal(["seen", "mismatch", "fault", "evidenceCommitted", "challenged"]);
      const { address } = world.challenger;
      expect(await verdictOf(world, job)).to.deep.equal({ reporter: address, ground: WRONG_STEP });
      await expectExecuted(world, job, before);
    });

    it("convicts one that withholds its trace, by its own answers, though the challenger was killed", async () => {
      const before = await holdings(world);
      const job = await postTo(world.dishonest.address);
      const trace = await cheat(world, job, false);
      await world.watch.saw("inquired", job.subject);
      for (let round = 0; (await verdictOf(world, job)).ground === 0; round++) {
        await answerFor(world, job, trace);
        if (round === 1) {
          await world.watch.end("SIGKILL");
          world.watch = new WatchProcess(world.market, world.challenger);
        }
        await eventually("the challenger's move", () => movedOn(world, job), 120);
      }
      const { address } = world.challenger;
      expect(await verdictOf(world, job)).to.deep.equal({ reporter: address, ground: WRONG_STEP });
      await expectExecuted(world, job, before);
    });

    it("convicts one that falls silent in the middle of an inquiry", async () => {
      const before = await holdings(world);
      const job = await postTo(world.dishonest.address);
      const trace = await cheat(world, job, false);
      await world.watch.saw("inquired", job.subject);
      await answerFor(world, job, trace);
      await world.watch.saw("asked", job.subject);
      await world.market.pass(RESPONSE_SECONDS);
      await world.watch.saw("silenceClaimed", job.subject);
      const { address } = world.challenger;
      expect(await verdictOf(world, job)).to.deep.equal({ reporter: address, ground: SILENCE });
      await expectExecuted(world, job, before);
    });

    it("convicts each wrong result of a batch by itself, though the first changes the batch", async () => {
      const before = await holdings(world);
      const inputs = [nextInput(), nextInput()];
      const subjects = await cheatInBatch(world, inputs);
      for (const subject of subjects) await world.watch.saw("challenged", subject);
      expect((await holdings(world)).deposit).to.equal(before.deposit - 2n * PRICE);
      await world.market.pass(PRIORITY_SECONDS);
      for (const subject of subjects) {
        expect((await world.watch.saw("done", subject)).outcome).to.equal("convicted");
      }
      expect(await changesSince(world, before)).to.deep.equal({
        requester: 2n * COMPENSATION,
        challenger: 2n * BOUNTY,
        dishonestStake: -2n * COLLATERAL,
        supply: -2n * (COLLATERAL - COMPENSATION - BOUNTY),
      });
    });

    availabilityScenarios(() => world, nextInput);

    it("takes the bond of a challenger that accuses an honest provider", async () => {
      const { market, honest, accuser, requester } = world;
      const before = await holdings(world);
      const job = await postTo(honest.address);
      await honest.saw("committed", job.jobId);
      const { disputes, token } = market.as(accuser);
      const { JobMarket } = requester.addresses.contracts;
      const { claim } = jobClaim(job.order);
      await expectEvidenceRefused(world, job);
      await (await token.approve(disputes, before.accuser)).wait();
      await (await disputes.inquire(JobMarket, claim)).wait();
      const { bond } = await disputes.inquiryOf(JobMarket, job.subject, accuser.address);
      const { round } = await honest.saw("answered", job.jobId);
      expect(round).to.equal(0);
      await market.pass(RESPONSE_SECONDS);
      await honest.saw("bondCollected", job.jobId);
      const changes = await changesSince(world, before);
      expect(changes).to.deep.include({
        accuser: -bond,
        honest: bond / 2n,
        supply: bond / 2n - bond,
      });
      expect(changes).to.not.have.any.keys("honestStake");
      await market.pass(CHALLENGE_SECONDS);
      await honest.saw("settled", job.jobId);
      expect((await readJob(requester, job.jobId)).state).to.equal(JobState.Settled);
    });
  });
}

/** The inquiry waits for the provider again, or is over. */
async function movedOn(world: DisputeMarket, job: DisputedJob): Promise<true | undefined> {
  const { disputes, addresses } = world.requester;
  const { JobMarket } = addresses.contracts;
  if ((await verdictOf(world, job)).reporter !== ZeroAddress) return true;
  const { turn } = await disputes.inquiryOf(JobMarket, job.subject, world.challenger.address);
  return Number(turn) === 1 ? true : undefined;
}

/** A step that the program does compute so convicts nobody. */
async function expectEvidenceRefused(world: DisputeMarket, job: DisputedJob): Promise<void> {
  const { model, traced, market, accuser, requester } = world;
  const program = lowerProgram(model.graph);
  const constants = commitConstants(program, model.graph);
  const input = await market.artifacts.get(job.order.inputDigest);
  const { trace } = await traced.run(input);
  const at = { node: program.nodes.length - 1, element: 0 };
  const evidence = encodeStepEvidence(stepEvidence({ program, constants }, trace.committed, at));
  const { JobMarket } = requester.addresses.contracts;
  const { disputes } = market.as(accuser);
  const salt = `0x${"00".repeat(32)}`;
  const { claim } = jobClaim(job.order);
  const refused = await disputes.challengeStep.staticCall(JobMarket, claim, evidence, salt).then(
    () => undefined,
    (error: { revert?: { name: string; args: readonly unknown[] } }) => error.revert,
  );
  expect(refused?.name).to.equal("DisputeGameNotWrong");
  expect([...(refused?.args ?? [])]).to.deep.equal([JobMarket, job.subject]);
}
