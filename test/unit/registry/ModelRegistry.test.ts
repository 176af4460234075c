import { expect } from "chai";
import { network } from "hardhat";
import { deployModels, deployPublished, MODEL_URI } from "../../helpers/models.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const UNKNOWN = ethers.id("no such version");

const deployed = () => deployModels(chain);
const published = () => deployPublished(chain);

describe("ModelRegistry", () => {
  describe("deployment", () => {
    it("keeps its peers in code", async () => {
      const { models, parameters, router } = await networkHelpers.loadFixture(deployed);
      expect(await models.PARAMETERS()).to.equal(parameters.target);
      expect(await models.ROUTER()).to.equal(router.target);
    });
  });

  describe("retire", () => {
    it("marks the version retired and changes nothing else", async () => {
      const { models, publisher, version, versionId } = await networkHelpers.loadFixture(published);
      await expect(models.connect(publisher).retire(versionId))
        .to.emit(models, "ModelRetired")
        .withArgs(versionId);
      expect((await models.termsOf(versionId)).retired).to.equal(true);
      expect(await models.versionOf(versionId)).to.deep.equal(Object.values(version));
      expect(await models.publisherOf(versionId)).to.equal(publisher.address);
    });

    it("reverts for all but the publisher, governance included", async () => {
      const { models, governance, versionId } = await networkHelpers.loadFixture(published);
      await expect(models.connect(governance).retire(versionId))
        .to.be.revertedWithCustomError(models, "ModelRegistryNotPublisher")
        .withArgs(versionId, governance.address);
    });

    it("reverts when retired already", async () => {
      const { models, publisher, versionId } = await networkHelpers.loadFixture(published);
      await models.connect(publisher).retire(versionId);
      await expect(models.connect(publisher).retire(versionId))
        .to.be.revertedWithCustomError(models, "ModelRegistryAlreadyRetired")
        .withArgs(versionId);
    });
  });

  describe("commitmentsOf", () => {
    for (const [tiers, has] of [
      [1n, true],
      [2n, false],
      [7n, true],
      [6n, false],
    ] as const) {
      it(`of a version of tiers ${tiers.toString(2)} gives ${has ? "its" : "no"} verifier`, async () => {
        const { models, publisher, version } = await networkHelpers.loadFixture(deployed);
        const published = { ...version, tiers };
        await models.connect(publisher).publish(published, MODEL_URI);
        const versionId = await models.versionIdOf(publisher, published);
        expect((await models.termsOf(versionId)).verifierSelector).to.equal(
          version.verifierSelector,
        );
        expect([...(await models.commitmentsOf(versionId))]).to.deep.equal([
          version.programRoot,
          version.weightsRoot,
          has ? version.verifierSelector : "0x00000000",
        ]);
      });
    }
  });

  describe("views", () => {
    it("revert for an unknown version", async () => {
      const { models } = await networkHelpers.loadFixture(deployed);
      for (const call of [
        models.versionOf(UNKNOWN),
        models.termsOf(UNKNOWN),
        models.commitmentsOf(UNKNOWN),
        models.retire(UNKNOWN),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(models, "ModelRegistryUnknownVersion")
          .withArgs(UNKNOWN);
      }
    });
  });
});
