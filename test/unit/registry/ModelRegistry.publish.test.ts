import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { deployModels, deployPublished, MAX_ROYALTY_PPM, MODEL_URI } from "../../helpers/models.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const VERSION_TYPE =
  "tuple(bytes32 artifactDigest, bytes32 programRoot, bytes32 weightsRoot, bytes32 quantisationDigest, " +
  "address royaltyRecipient, uint32 royaltyPpm, bytes4 verifierSelector, uint8 tiers, uint16 attestedClass)";

const deployed = () => deployModels(chain);
const published = () => deployPublished(chain);

describe("ModelRegistry", () => {
  describe("publish", () => {
    it("stores the version under an id of chain, registry, publisher and content", async () => {
      const { models, publisher, version } = await networkHelpers.loadFixture(deployed);
      const versionId = ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["uint256", "address", "address", VERSION_TYPE],
          [31337, models.target, publisher.address, version],
        ),
      );
      expect(await models.versionIdOf(publisher, version)).to.equal(versionId);
      expect(await models.publisherOf(versionId)).to.equal(ethers.ZeroAddress);
      expect(await models.connect(publisher).publish.staticCall(version, MODEL_URI)).to.equal(
        versionId,
      );

      await expect(models.connect(publisher).publish(version, MODEL_URI))
        .to.emit(models, "ModelPublished")
        .withArgs(versionId, publisher.address, Object.values(version), MODEL_URI);

      expect(await models.publisherOf(versionId)).to.equal(publisher.address);
      expect(await models.versionOf(versionId)).to.deep.equal(Object.values(version));
      expect(await models.termsOf(versionId)).to.deep.equal([
        version.royaltyRecipient,
        version.royaltyPpm,
        version.verifierSelector,
        version.tiers,
        false,
        0n,
      ]);
    });

    it("lets another publisher publish the same content as its own version", async () => {
      const { models, stranger, version, versionId } = await networkHelpers.loadFixture(published);
      await models.connect(stranger).publish(version, MODEL_URI);
      const copyId = await models.versionIdOf(stranger, version);
      expect(copyId).to.not.equal(versionId);
      expect(await models.publisherOf(copyId)).to.equal(stranger.address);
    });

    it("accepts the highest royalty, no royalty without a recipient, and URIs of 1 and 256 bytes", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployed);
      await models.publish({ ...version, royaltyPpm: MAX_ROYALTY_PPM }, "i");
      await models.publish(
        { ...version, royaltyPpm: 0, royaltyRecipient: ethers.ZeroAddress },
        "i".repeat(256),
      );
    });

    it("reverts for a version that exists, even when it is retired", async () => {
      const { models, publisher, version, versionId } = await networkHelpers.loadFixture(published);
      const again = () =>
        expect(models.connect(publisher).publish(version, MODEL_URI))
          .to.be.revertedWithCustomError(models, "ModelRegistryAlreadyPublished")
          .withArgs(versionId);
      await again();
      await models.connect(publisher).retire(versionId);
      await again();
    });

    it("reverts without a tier and for tiers that do not exist", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployed);
      for (const tiers of [0, 8, 9, 128, 255]) {
        await expect(models.publish({ ...version, tiers }, MODEL_URI))
          .to.be.revertedWithCustomError(models, "ModelRegistryInvalidTiers")
          .withArgs(tiers);
      }
    });

    it("reverts for a royalty above the governed most, as it stands then", async () => {
      const { models, parameters, version } = await networkHelpers.loadFixture(deployed);
      await expect(models.publish({ ...version, royaltyPpm: MAX_ROYALTY_PPM + 1n }, MODEL_URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryRoyaltyTooHigh")
        .withArgs(MAX_ROYALTY_PPM + 1n, MAX_ROYALTY_PPM);
      await parameters.set(parameterIndex("MaxRoyaltyPpm"), 20_000);
      await expect(models.publish(version, MODEL_URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryRoyaltyTooHigh")
        .withArgs(30_000, 20_000);
    });

    it("reverts for a royalty without a recipient", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployed);
      await expect(
        models.publish({ ...version, royaltyRecipient: ethers.ZeroAddress }, MODEL_URI),
      ).to.be.revertedWithCustomError(models, "ModelRegistryZeroRoyaltyRecipient");
    });

    it("reverts when any commitment is missing", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployed);
      for (const missing of ["artifactDigest", "programRoot", "weightsRoot"] as const) {
        const bad = { ...version, [missing]: ethers.ZeroHash };
        await expect(models.publish(bad, MODEL_URI))
          .to.be.revertedWithCustomError(models, "ModelRegistryMissingCommitment")
          .withArgs(bad.artifactDigest, bad.programRoot, bad.weightsRoot);
      }
    });

    it("reverts when the verifier is unknown or stopped", async () => {
      const { models, router, version } = await networkHelpers.loadFixture(deployed);
      await expect(models.publish({ ...version, verifierSelector: "0x00000000" }, MODEL_URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryVerifierUnavailable")
        .withArgs("0x00000000");
      await router.stop(version.verifierSelector);
      await expect(models.publish(version, MODEL_URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryVerifierUnavailable")
        .withArgs(version.verifierSelector);
    });

    it("reverts for an empty and for a long URI", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployed);
      for (const length of [0, 257]) {
        await expect(models.publish(version, "i".repeat(length)))
          .to.be.revertedWithCustomError(models, "ModelRegistryInvalidUri")
          .withArgs(length, 256);
      }
    });
  });
});
