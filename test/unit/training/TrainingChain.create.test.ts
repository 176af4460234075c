import { SCALAR_FIELD } from "@lattice/sdk";
import { hyperparameterHash, runHash, stepInput } from "@lattice/zkml";
import { expect } from "chai";
import { id, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import { publishModel } from "../../helpers/orders.ts";
import { deployPoseidon, deployRun, trainingInstance } from "../../helpers/training.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const fixture = () => deployRun(chain);

describe("TrainingChain", () => {
  describe("constructor", () => {
    it("reverts for a hash that is not the circuits'", async () => {
      const { system, training } = await networkHelpers.loadFixture(fixture);
      const other = await chain.ethers.deployContract("SummingPoseidon");
      const wrong = chain.ethers.deployContract("TrainingChain", [
        system.market,
        system.models,
        other,
      ]);
      await expect(wrong)
        .to.be.revertedWithCustomError(training, "TrainingChainWrongPoseidon")
        .withArgs(other, toBeHex(6n, 32));
    });
  });

  describe("createRun", () => {
    it("creates a run in its initial state, at step 0", async () => {
      const { system, training, creator, terms } = await networkHelpers.loadFixture(fixture);
      const other = { ...terms, batches: 9n };
      const runId = await training.runIdOf(creator, other);
      const hash = toBeHex(
        await runHash({
          datasetRoot: BigInt(terms.datasetRoot),
          hyperparameterHash: BigInt(terms.hyperparameterHash),
          batches: 9,
        }),
        32,
      );
      await expect(training.connect(creator).createRun(other))
        .to.emit(training, "RunCreated")
        .withArgs(
          runId,
          creator,
          terms.modelVersion,
          [terms.modelVersion, terms.initialState, terms.datasetRoot, terms.hyperparameterHash, 9n],
          hash,
        );
      const run = await training.runOf(runId);
      expect([...run]).to.deep.equal([system.modelVersion, hash, terms.initialState, 0n]);
    });

    it("expects the input that circuits compute", async () => {
      const { training, creator, terms } = await networkHelpers.loadFixture(fixture);
      const hyperparameters = await hyperparameterHash(
        (await trainingInstance("training-8-4-3")).shape,
      );
      const real = {
        ...terms,
        hyperparameterHash: toBeHex(hyperparameters, 32),
        batches: 2n ** 32n - 1n,
      };
      await training.connect(creator).createRun(real);
      const hash = await runHash({
        datasetRoot: BigInt(terms.datasetRoot),
        hyperparameterHash: hyperparameters,
        batches: 2 ** 32 - 1,
      });
      const expected = await stepInput(BigInt(terms.initialState), hash, 0);
      const runId = await training.runIdOf(creator, real);
      expect(await training.nextInput(runId)).to.equal(toBeHex(expected, 32));
    });

    it("lets another creator run the same terms under another id", async () => {
      const { system, training, terms, runId } = await networkHelpers.loadFixture(fixture);
      const { ada } = system.actors;
      expect(await training.runIdOf(ada, terms)).to.not.equal(runId);
      await expect(training.connect(ada).createRun(terms)).to.emit(training, "RunCreated");
    });

    it("reverts for terms that the caller has used", async () => {
      const { training, creator, terms, runId } = await networkHelpers.loadFixture(fixture);
      await expect(training.connect(creator).createRun(terms))
        .to.be.revertedWithCustomError(training, "TrainingChainRunExists")
        .withArgs(runId);
    });

    it("reverts for a model version that is unknown or cannot be proven", async () => {
      const { system, training, creator, terms } = await networkHelpers.loadFixture(fixture);
      const unknown = { ...terms, modelVersion: id("nothing") };
      await expect(training.connect(creator).createRun(unknown))
        .to.be.revertedWithCustomError(system.models, "ModelRegistryUnknownVersion")
        .withArgs(unknown.modelVersion);
      const verifier = await system.verifier.getAddress();
      const bonded = await publishModel(system, verifier, { tiers: 6n });
      await expect(training.connect(creator).createRun({ ...terms, modelVersion: bonded }))
        .to.be.revertedWithCustomError(training, "TrainingChainNotProvable")
        .withArgs(bonded, 6);
    });

    it("reverts without batches", async () => {
      const { training, creator, terms } = await networkHelpers.loadFixture(fixture);
      await expect(
        training.connect(creator).createRun({ ...terms, batches: 0 }),
      ).to.be.revertedWithCustomError(training, "TrainingChainNoBatches");
    });

    for (const field of ["initialState", "datasetRoot", "hyperparameterHash"] as const) {
      it(`PRF-2: reverts for a ${field} that is zero or not canonical`, async () => {
        const { training, creator, terms } = await networkHelpers.loadFixture(fixture);
        for (const value of [ZeroHash, toBeHex(SCALAR_FIELD, 32)]) {
          await expect(training.connect(creator).createRun({ ...terms, [field]: value }))
            .to.be.revertedWithCustomError(training, "TrainingChainInvalidCommitment")
            .withArgs(value);
        }
      });
    }
  });

  describe("views", () => {
    it("revert for a run that does not exist", async () => {
      const { training } = await networkHelpers.loadFixture(fixture);
      for (const view of [training.runOf(id("no run")), training.nextInput(id("no run"))]) {
        await expect(view)
          .to.be.revertedWithCustomError(training, "TrainingChainUnknownRun")
          .withArgs(id("no run"));
      }
    });

    it("names its peers", async () => {
      const { system, training } = await networkHelpers.loadFixture(fixture);
      expect(await training.MARKET()).to.equal(await system.market.getAddress());
      expect(await training.MODELS()).to.equal(await system.models.getAddress());
      const { ethers } = chain;
      const deployed = await ethers.provider.getCode(await training.POSEIDON());
      expect(deployed).to.equal(await ethers.provider.getCode(await deployPoseidon(chain)));
    });
  });
});
