import { expect } from "chai";
import { network } from "hardhat";
import { PROOF } from "../../helpers/orders.ts";
import {
  deployRegistered,
  deployRouter,
  INPUTS,
  MAX_GAS_CAP,
  MIN_GAS_CAP,
} from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const Status = { None: 0n, Registered: 1n, Reviewed: 2n, Stopped: 3n };

const deployed = () => deployRouter(chain);
const registered = () => deployRegistered(chain);

describe("VerifierRouter", () => {
  describe("initialize", () => {
    it("runs once, and never on the implementation", async () => {
      const { router, implementation, manager } = await networkHelpers.loadFixture(deployed);
      await expect(router.initialize(manager)).to.be.revertedWithCustomError(
        router,
        "InvalidInitialization",
      );
      await expect(implementation.initialize(manager)).to.be.revertedWithCustomError(
        implementation,
        "InvalidInitialization",
      );
    });
  });

  describe("register", () => {
    it("stores the verifier under a selector of its address and code", async () => {
      const { router, verifier, stranger } = await networkHelpers.loadFixture(deployed);
      const codeHash = ethers.keccak256(await ethers.provider.getCode(verifier));
      const selector = ethers.dataSlice(
        ethers.keccak256(
          ethers.AbiCoder.defaultAbiCoder().encode(
            ["address", "bytes32"],
            [await verifier.getAddress(), codeHash],
          ),
        ),
        0,
        4,
      );
      expect(await router.selectorOf(verifier)).to.equal(selector);
      expect(await router.isUsable(selector)).to.equal(false);
      expect((await router.entryOf(selector)).status).to.equal(Status.None);

      await expect(router.connect(stranger).register(verifier, 400_000))
        .to.emit(router, "VerifierRegistered")
        .withArgs(selector, await verifier.getAddress(), codeHash, 400_000);

      expect(await router.entryOf(selector)).to.deep.equal([
        await verifier.getAddress(),
        400_000n,
        Status.Registered,
      ]);
      expect(await router.isUsable(selector)).to.equal(true);
    });

    it("accepts both bounds of the gas cap and nothing beyond", async () => {
      const { router } = await networkHelpers.loadFixture(deployed);
      for (const cap of [MIN_GAS_CAP, MAX_GAS_CAP]) {
        await router.register(await ethers.deployContract("TableVerifier"), cap);
      }
      const verifier = await ethers.deployContract("TableVerifier");
      for (const cap of [MIN_GAS_CAP - 1n, MAX_GAS_CAP + 1n]) {
        await expect(router.register(verifier, cap))
          .to.be.revertedWithCustomError(router, "VerifierRouterInvalidGasCap")
          .withArgs(cap, MIN_GAS_CAP, MAX_GAS_CAP);
      }
    });

    it("reverts for an address without code", async () => {
      const { router, stranger } = await networkHelpers.loadFixture(deployed);
      await expect(router.register(stranger, MIN_GAS_CAP))
        .to.be.revertedWithCustomError(router, "VerifierRouterNotContract")
        .withArgs(stranger.address);
    });

    it("never gives a selector twice, not even after a stop", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(registered);
      const again = () =>
        expect(router.register(verifier, MAX_GAS_CAP))
          .to.be.revertedWithCustomError(router, "VerifierRouterSelectorTaken")
          .withArgs(selector, verifier.target);
      await again();
      await router.stop(selector);
      await again();
    });
  });

  describe("markReviewed and stop", () => {
    it("marks a registered verifier reviewed, once", async () => {
      const { router, selector } = await networkHelpers.loadFixture(registered);
      await expect(router.markReviewed(selector))
        .to.emit(router, "VerifierReviewed")
        .withArgs(selector);
      expect((await router.entryOf(selector)).status).to.equal(Status.Reviewed);
      expect(await router.isUsable(selector)).to.equal(true);
      await expect(router.markReviewed(selector))
        .to.be.revertedWithCustomError(router, "VerifierRouterWrongStatus")
        .withArgs(selector, Status.Reviewed);
    });

    it("stops a registered and a reviewed verifier for good", async () => {
      const { router, selector } = await networkHelpers.loadFixture(registered);
      const reviewed = await ethers.deployContract("TableVerifier");
      await router.register(reviewed, MIN_GAS_CAP);
      const reviewedSelector = await router.selectorOf(reviewed);
      await router.markReviewed(reviewedSelector);

      for (const stopped of [selector, reviewedSelector]) {
        await expect(router.stop(stopped)).to.emit(router, "VerifierStopped").withArgs(stopped);
        expect((await router.entryOf(stopped)).status).to.equal(Status.Stopped);
        expect(await router.isUsable(stopped)).to.equal(false);
        for (const call of [router.stop(stopped), router.markReviewed(stopped)]) {
          await expect(call)
            .to.be.revertedWithCustomError(router, "VerifierRouterWrongStatus")
            .withArgs(stopped, Status.Stopped);
        }
        await expect(router.verify(stopped, PROOF, INPUTS))
          .to.be.revertedWithCustomError(router, "VerifierRouterStopped")
          .withArgs(stopped);
      }
    });

    it("reverts for an unknown selector", async () => {
      const { router } = await networkHelpers.loadFixture(deployed);
      const unknown = "0x12345678";
      for (const call of [router.markReviewed(unknown), router.stop(unknown)]) {
        await expect(call)
          .to.be.revertedWithCustomError(router, "VerifierRouterUnknownSelector")
          .withArgs(unknown);
      }
    });

    it("GOV-1: answers to governance only", async () => {
      const { router, selector, stranger } = await networkHelpers.loadFixture(registered);
      const asStranger = router.connect(stranger);
      for (const call of [asStranger.markReviewed(selector), asStranger.stop(selector)]) {
        await expect(call)
          .to.be.revertedWithCustomError(router, "AccessManagedUnauthorized")
          .withArgs(stranger.address);
      }
    });
  });

  describe("upgrades", () => {
    it("are governance's alone and keep the state", async () => {
      const { router, selector, stranger } = await networkHelpers.loadFixture(registered);
      const next = await ethers.deployContract("VerifierRouter");
      await expect(router.connect(stranger).upgradeToAndCall(next, "0x"))
        .to.be.revertedWithCustomError(router, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
      await expect(router.upgradeToAndCall(next, "0x")).to.emit(router, "Upgraded").withArgs(next);
      expect((await router.entryOf(selector)).status).to.equal(Status.Registered);
    });
  });
});
