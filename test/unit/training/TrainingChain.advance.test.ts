import { JobState, Tier } from "@lattice/sdk";
import { runHash, stepInput } from "@lattice/zkml";
import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { network } from "hardhat";
import { bondedOrder, directOrder, post, publishModel } from "../../helpers/orders.ts";
import {
  deliverOrder,
  deployRun,
  settleOrder,
  stateOf,
  stepOrder,
} from "../../helpers/training.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const fixture = () => deployRun(chain);

/** A run that has taken one step, with the order of that step. */
async function steppedFixture() {
  const place = await deployRun(chain);
  const order = await stepOrder(place);
  const jobId = await settleOrder(place, order, stateOf("one"));
  await place.training.advance(place.runId, order);
  return { ...place, order, jobId };
}

describe("TrainingChain", () => {
  describe("advance", () => {
    it("TRN-1: takes a settled job that starts from the committed state", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const { system, training, runId, terms } = place;
      const order = await stepOrder(place);
      const jobId = await settleOrder(place, order, stateOf("one"));
      const { reporter, ada } = system.actors;
      await expect(training.connect(reporter).advance(runId, order))
        .to.emit(training, "StepTaken")
        .withArgs(runId, jobId, ada, 0, stateOf("one"));
      const run = await training.runOf(runId);
      expect([run.state, run.step]).to.deep.equal([stateOf("one"), 1n]);
      const hash = await runHash({
        datasetRoot: BigInt(terms.datasetRoot),
        hyperparameterHash: BigInt(terms.hyperparameterHash),
        batches: Number(terms.batches),
      });
      const next = await stepInput(BigInt(stateOf("one")), hash, 1);
      expect(await training.nextInput(runId)).to.equal(toBeHex(next, 32));
    });

    it("TRN-1: follows steps one after another, also through a state that it was in before", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const states = [stateOf("one"), stateOf("two"), stateOf("one"), stateOf("three")];
      for (const [step, state] of states.entries()) {
        const order = await stepOrder(place);
        await settleOrder(place, order, state);
        await place.training.advance(place.runId, order);
        expect((await place.training.runOf(place.runId)).step).to.equal(step + 1);
        expect((await place.training.runOf(place.runId)).state).to.equal(state);
      }
    });

    it("TRN-2: reverts for a job that it has taken", async () => {
      const place = await networkHelpers.loadFixture(steppedFixture);
      const { training, runId, order } = place;
      await expect(training.advance(runId, order))
        .to.be.revertedWithCustomError(training, "TrainingChainNotNextStep")
        .withArgs(runId, 1, await training.nextInput(runId), order.inputCommitment);
    });

    it("TRN-2: takes one of two jobs for the same step", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const { training, runId } = place;
      const [first, second] = [await stepOrder(place), await stepOrder(place)];
      await settleOrder(place, first, stateOf("one"));
      await settleOrder(place, second, stateOf("two"));
      await training.advance(runId, second);
      await expect(training.advance(runId, first))
        .to.be.revertedWithCustomError(training, "TrainingChainNotNextStep")
        .withArgs(runId, 1, await training.nextInput(runId), first.inputCommitment);
      expect((await training.runOf(runId)).state).to.equal(stateOf("two"));
    });

    it("TRN-1: reverts for a step that starts from another state, or belongs to another run", async () => {
      const place = await networkHelpers.loadFixture(steppedFixture);
      const { training, creator, terms, runId } = place;
      const other = { ...terms, datasetRoot: stateOf("other data") };
      await training.connect(creator).createRun(other);
      const otherId = await training.runIdOf(creator, other);
      const order = await stepOrder({ ...place, runId: otherId });
      await settleOrder(place, order, stateOf("elsewhere"));
      await expect(training.advance(runId, order))
        .to.be.revertedWithCustomError(training, "TrainingChainNotNextStep")
        .withArgs(runId, 1, await training.nextInput(runId), order.inputCommitment);
      await training.advance(otherId, order);
      expect((await training.runOf(otherId)).step).to.equal(1);
    });

    it("TRN-1: reverts for an order of another model version", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const { system, training, runId } = place;
      const verifier = await system.verifier.getAddress();
      const other = await publishModel(system, verifier, { programRoot: id("another circuit") });
      const order = await directOrder(system, system.actors.ada, {
        inputCommitment: await training.nextInput(runId),
        modelVersion: other,
      });
      await settleOrder(place, order, stateOf("one"));
      await expect(training.advance(runId, order))
        .to.be.revertedWithCustomError(training, "TrainingChainWrongModel")
        .withArgs(runId, system.modelVersion, other);
    });

    it("TRN-1: reverts for a result that is bonded, not proven", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const { system, training, runId } = place;
      const { ada } = system.actors;
      const inputCommitment = await training.nextInput(runId);
      const order = await bondedOrder(system, ada, { inputCommitment });
      const jobId = await post(system, order);
      await system.market.connect(ada).accept(order);
      await system.market.connect(ada).commit(order, stateOf("claimed"), id("output"));
      await networkHelpers.time.increase(order.challengeSeconds);
      await system.market.settle(order);
      expect((await system.market.jobOf(jobId)).state).to.equal(JobState.Settled);
      await expect(training.advance(runId, order))
        .to.be.revertedWithCustomError(training, "TrainingChainWrongTier")
        .withArgs(jobId, Tier.Optimistic);
    });

    it("TRN-1: reverts for a job that is not settled, whatever it is in", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const { system, training, runId } = place;
      const { market, actors } = system;
      const order = await stepOrder(place);
      const refused = async (state: JobState) =>
        expect(training.advance(runId, order))
          .to.be.revertedWithCustomError(training, "TrainingChainJobNotSettled")
          .withArgs(await market.hashOrder(order).then(BigInt), state);
      await refused(JobState.None);
      await post(system, order);
      await refused(JobState.Posted);
      await market.connect(actors.ada).accept(order);
      await refused(JobState.Assigned);
      await market.connect(actors.ada).commit(order, stateOf("claimed"), id("output"));
      await refused(JobState.Committed);
      await networkHelpers.time.increase(order.proveSeconds);
      await market.timeOut(order);
      await refused(JobState.Refunded);
    });

    it("TRN-1: reverts for a delivered job, whose output is not on the chain", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      const order = await stepOrder(place);
      const jobId = await deliverOrder(place, order, stateOf("one"));
      expect((await place.system.market.jobOf(jobId)).state).to.equal(JobState.Settled);
      await expect(place.training.advance(place.runId, order))
        .to.be.revertedWithCustomError(place.training, "TrainingChainOutputNotRecorded")
        .withArgs(jobId);
    });

    it("reverts for a run that does not exist", async () => {
      const place = await networkHelpers.loadFixture(fixture);
      await expect(place.training.advance(id("no run"), await stepOrder(place)))
        .to.be.revertedWithCustomError(place.training, "TrainingChainUnknownRun")
        .withArgs(id("no run"));
    });
  });
});
