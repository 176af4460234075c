import { parameterIndex } from "@lattice/sdk";
import { expect } from "chai";
import { network } from "hardhat";
import { deployAccessManager, deployProxy } from "../../helpers/contracts.ts";
import { parameterValues } from "../../helpers/parameters.ts";

const { ethers, networkHelpers } = await network.create();

const URI = "ipfs://bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
const MAX_ROYALTY_PPM = 200_000n;
const UNKNOWN = ethers.id("no such version");
const VERSION_TYPE =
  "tuple(bytes32 artifactDigest, bytes32 programRoot, bytes32 weightsRoot, bytes32 quantisationDigest, " +
  "address royaltyRecipient, uint32 royaltyPpm, bytes4 verifierSelector, uint8 tiers)";

async function deployRegistry() {
  const [governance, publisher, recipient, stranger] = await ethers.getSigners();
  if (!governance || !publisher || !recipient || !stranger) throw new Error("too few accounts");
  const manager = await deployAccessManager(ethers, governance);
  const parameters = await ethers.deployContract("ProtocolParameters", [
    manager,
    parameterValues({ MaxRoyaltyPpm: MAX_ROYALTY_PPM }),
  ]);
  const initialize = [await manager.getAddress()];
  const router = await deployProxy(
    ethers,
    await ethers.deployContract("VerifierRouter"),
    initialize,
  );
  const implementation = await ethers.deployContract("ModelRegistry", [parameters, router]);
  const models = await deployProxy(ethers, implementation, initialize);
  const verifier = await ethers.deployContract("TableVerifier");
  await router.register(verifier, 300_000);
  const version = {
    artifactDigest: ethers.id("artifact"),
    programRoot: ethers.id("program"),
    weightsRoot: ethers.id("weights"),
    quantisationDigest: ethers.id("quantisation"),
    royaltyRecipient: recipient.address,
    royaltyPpm: 30_000n,
    verifierSelector: await router.selectorOf(verifier),
    tiers: 1n,
  };
  return {
    governance,
    publisher,
    recipient,
    stranger,
    manager,
    parameters,
    router,
    implementation,
    models,
    version,
  };
}

async function deployPublished() {
  const base = await deployRegistry();
  const { models, publisher, version } = base;
  await models.connect(publisher).publish(version, URI);
  return { ...base, versionId: await models.versionIdOf(publisher, version) };
}

describe("ModelRegistry", () => {
  describe("initialize", () => {
    it("runs once, and never on the implementation", async () => {
      const { models, implementation, manager } = await networkHelpers.loadFixture(deployRegistry);
      for (const contract of [models, implementation]) {
        await expect(contract.initialize(manager)).to.be.revertedWithCustomError(
          contract,
          "InvalidInitialization",
        );
      }
    });

    it("keeps its peers in code", async () => {
      const { models, parameters, router } = await networkHelpers.loadFixture(deployRegistry);
      expect(await models.PARAMETERS()).to.equal(parameters.target);
      expect(await models.ROUTER()).to.equal(router.target);
    });
  });

  describe("publish", () => {
    it("stores the version under an id of chain, registry, publisher and content", async () => {
      const { models, publisher, version } = await networkHelpers.loadFixture(deployRegistry);
      const versionId = ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["uint256", "address", "address", VERSION_TYPE],
          [31337, models.target, publisher.address, version],
        ),
      );
      expect(await models.versionIdOf(publisher, version)).to.equal(versionId);
      expect(await models.publisherOf(versionId)).to.equal(ethers.ZeroAddress);
      expect(await models.connect(publisher).publish.staticCall(version, URI)).to.equal(versionId);

      await expect(models.connect(publisher).publish(version, URI))
        .to.emit(models, "ModelPublished")
        .withArgs(versionId, publisher.address, Object.values(version), URI);

      expect(await models.publisherOf(versionId)).to.equal(publisher.address);
      expect(await models.versionOf(versionId)).to.deep.equal(Object.values(version));
      expect(await models.termsOf(versionId)).to.deep.equal([
        version.royaltyRecipient,
        version.royaltyPpm,
        version.verifierSelector,
        version.tiers,
        false,
      ]);
    });

    it("lets another publisher publish the same content as its own version", async () => {
      const { models, stranger, version, versionId } =
        await networkHelpers.loadFixture(deployPublished);
      await models.connect(stranger).publish(version, URI);
      const copyId = await models.versionIdOf(stranger, version);
      expect(copyId).to.not.equal(versionId);
      expect(await models.publisherOf(copyId)).to.equal(stranger.address);
    });

    it("accepts the highest royalty, no royalty without a recipient, and URIs of 1 and 256 bytes", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployRegistry);
      await models.publish({ ...version, royaltyPpm: MAX_ROYALTY_PPM }, "i");
      await models.publish(
        { ...version, royaltyPpm: 0, royaltyRecipient: ethers.ZeroAddress },
        "i".repeat(256),
      );
    });

    it("reverts for a version that exists, even when it is retired", async () => {
      const { models, publisher, version, versionId } =
        await networkHelpers.loadFixture(deployPublished);
      const again = () =>
        expect(models.connect(publisher).publish(version, URI))
          .to.be.revertedWithCustomError(models, "ModelRegistryAlreadyPublished")
          .withArgs(versionId);
      await again();
      await models.connect(publisher).retire(versionId);
      await again();
    });

    it("reverts without a tier and for tiers that do not exist", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployRegistry);
      for (const tiers of [0, 2, 3, 128, 255]) {
        await expect(models.publish({ ...version, tiers }, URI))
          .to.be.revertedWithCustomError(models, "ModelRegistryInvalidTiers")
          .withArgs(tiers);
      }
    });

    it("reverts for a royalty above the governed most, as it stands then", async () => {
      const { models, parameters, version } = await networkHelpers.loadFixture(deployRegistry);
      await expect(models.publish({ ...version, royaltyPpm: MAX_ROYALTY_PPM + 1n }, URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryRoyaltyTooHigh")
        .withArgs(MAX_ROYALTY_PPM + 1n, MAX_ROYALTY_PPM);
      await parameters.set(parameterIndex("MaxRoyaltyPpm"), 20_000);
      await expect(models.publish(version, URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryRoyaltyTooHigh")
        .withArgs(30_000, 20_000);
    });

    it("reverts for a royalty without a recipient", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployRegistry);
      await expect(
        models.publish({ ...version, royaltyRecipient: ethers.ZeroAddress }, URI),
      ).to.be.revertedWithCustomError(models, "ModelRegistryZeroRoyaltyRecipient");
    });

    it("reverts when any commitment is missing", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployRegistry);
      for (const missing of ["artifactDigest", "programRoot", "weightsRoot"] as const) {
        const bad = { ...version, [missing]: ethers.ZeroHash };
        await expect(models.publish(bad, URI))
          .to.be.revertedWithCustomError(models, "ModelRegistryMissingCommitment")
          .withArgs(bad.artifactDigest, bad.programRoot, bad.weightsRoot);
      }
    });

    it("reverts when the verifier is unknown or stopped", async () => {
      const { models, router, version } = await networkHelpers.loadFixture(deployRegistry);
      await expect(models.publish({ ...version, verifierSelector: "0x00000000" }, URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryVerifierUnavailable")
        .withArgs("0x00000000");
      await router.stop(version.verifierSelector);
      await expect(models.publish(version, URI))
        .to.be.revertedWithCustomError(models, "ModelRegistryVerifierUnavailable")
        .withArgs(version.verifierSelector);
    });

    it("reverts for an empty and for a long URI", async () => {
      const { models, version } = await networkHelpers.loadFixture(deployRegistry);
      for (const length of [0, 257]) {
        await expect(models.publish(version, "i".repeat(length)))
          .to.be.revertedWithCustomError(models, "ModelRegistryInvalidUri")
          .withArgs(length, 256);
      }
    });
  });

  describe("retire", () => {
    it("marks the version retired and changes nothing else", async () => {
      const { models, publisher, version, versionId } =
        await networkHelpers.loadFixture(deployPublished);
      await expect(models.connect(publisher).retire(versionId))
        .to.emit(models, "ModelRetired")
        .withArgs(versionId);
      expect((await models.termsOf(versionId)).retired).to.equal(true);
      expect(await models.versionOf(versionId)).to.deep.equal(Object.values(version));
      expect(await models.publisherOf(versionId)).to.equal(publisher.address);
    });

    it("reverts for all but the publisher, governance included", async () => {
      const { models, governance, versionId } = await networkHelpers.loadFixture(deployPublished);
      await expect(models.connect(governance).retire(versionId))
        .to.be.revertedWithCustomError(models, "ModelRegistryNotPublisher")
        .withArgs(versionId, governance.address);
    });

    it("reverts when retired already", async () => {
      const { models, publisher, versionId } = await networkHelpers.loadFixture(deployPublished);
      await models.connect(publisher).retire(versionId);
      await expect(models.connect(publisher).retire(versionId))
        .to.be.revertedWithCustomError(models, "ModelRegistryAlreadyRetired")
        .withArgs(versionId);
    });
  });

  describe("views", () => {
    it("revert for an unknown version", async () => {
      const { models } = await networkHelpers.loadFixture(deployRegistry);
      for (const call of [
        models.versionOf(UNKNOWN),
        models.termsOf(UNKNOWN),
        models.retire(UNKNOWN),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(models, "ModelRegistryUnknownVersion")
          .withArgs(UNKNOWN);
      }
    });
  });

  describe("upgrades", () => {
    it("are governance's alone and keep the state", async () => {
      const { models, parameters, router, publisher, stranger, versionId } =
        await networkHelpers.loadFixture(deployPublished);
      const next = await ethers.deployContract("ModelRegistry", [parameters, router]);
      await expect(models.connect(stranger).upgradeToAndCall(next, "0x"))
        .to.be.revertedWithCustomError(models, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
      await expect(models.upgradeToAndCall(next, "0x")).to.emit(models, "Upgraded").withArgs(next);
      expect(await models.publisherOf(versionId)).to.equal(publisher.address);
    });
  });
});
