import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { network } from "hardhat";
import { deployAccessManager, deployProxy } from "../../helpers/contracts.ts";

const { ethers, networkHelpers } = await network.create();

const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const MIN_GAS_CAP = 300_000n;
const MAX_GAS_CAP = 1_000_000n;
const CALL_OVERHEAD = 3_000n;
const Status = { None: 0n, Registered: 1n, Reviewed: 2n, Stopped: 3n };
const Manner = {
  AnswersTrue: 0,
  AnswersFalse: 1,
  AnswersTwo: 2,
  AnswersShort: 3,
  AnswersLong: 4,
  Reverts: 5,
  BurnsAllGas: 6,
  AnswersTrueLate: 7,
} as const;

type Proof = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
type Inputs = [bigint, bigint, bigint];
const PROOF: Proof = [11n, 12n, 13n, 14n, 15n, 16n, 17n, 18n];
const INPUTS: Inputs = [1n, 2n, 3n];

async function deployRouter() {
  const [governance, publisher, stranger] = await ethers.getSigners();
  if (!governance || !publisher || !stranger) throw new Error("the chain offers too few accounts");
  const manager = await deployAccessManager(ethers, governance);
  const implementation = await ethers.deployContract("VerifierRouter");
  const router = await deployProxy(ethers, implementation, [await manager.getAddress()]);
  const verifier = await ethers.deployContract("TableVerifier");
  return { governance, publisher, stranger, manager, implementation, router, verifier };
}

async function deployRegistered() {
  const base = await deployRouter();
  await base.router.connect(base.publisher).register(base.verifier, MIN_GAS_CAP);
  const selector = await base.router.selectorOf(base.verifier);
  return { ...base, selector };
}

async function registerUnruly(manner: number, gasCap = MIN_GAS_CAP) {
  const { router } = await networkHelpers.loadFixture(deployRouter);
  const verifier = await ethers.deployContract("UnrulyVerifier", [manner]);
  await router.register(verifier, gasCap);
  return { router, selector: await router.selectorOf(verifier) };
}

describe("VerifierRouter", () => {
  describe("initialize", () => {
    it("runs once, and never on the implementation", async () => {
      const { router, implementation, manager } = await networkHelpers.loadFixture(deployRouter);
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
      const { router, verifier, stranger } = await networkHelpers.loadFixture(deployRouter);
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
      const { router } = await networkHelpers.loadFixture(deployRouter);
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
      const { router, stranger } = await networkHelpers.loadFixture(deployRouter);
      await expect(router.register(stranger, MIN_GAS_CAP))
        .to.be.revertedWithCustomError(router, "VerifierRouterNotContract")
        .withArgs(stranger.address);
    });

    it("never gives a selector twice, not even after a stop", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(deployRegistered);
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
      const { router, selector } = await networkHelpers.loadFixture(deployRegistered);
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
      const { router, selector } = await networkHelpers.loadFixture(deployRegistered);
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
      const { router } = await networkHelpers.loadFixture(deployRouter);
      const unknown = "0x12345678";
      for (const call of [router.markReviewed(unknown), router.stop(unknown)]) {
        await expect(call)
          .to.be.revertedWithCustomError(router, "VerifierRouterUnknownSelector")
          .withArgs(unknown);
      }
    });

    it("GOV-1: answers to governance only", async () => {
      const { router, selector, stranger } = await networkHelpers.loadFixture(deployRegistered);
      const asStranger = router.connect(stranger);
      for (const call of [asStranger.markReviewed(selector), asStranger.stop(selector)]) {
        await expect(call)
          .to.be.revertedWithCustomError(router, "AccessManagedUnauthorized")
          .withArgs(stranger.address);
      }
    });
  });

  describe("verify", () => {
    it("says what the verifier says, for exactly this proof and these inputs", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(deployRegistered);
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(false);
      await verifier.accept(PROOF, INPUTS);
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(true);
      expect(await router.verify(selector, PROOF, [1n, 2n, 4n])).to.equal(false);
      expect(await router.verify(selector, [...PROOF].reverse() as Proof, INPUTS)).to.equal(false);
    });

    it("reverts for an unknown selector", async () => {
      const { router } = await networkHelpers.loadFixture(deployRouter);
      await expect(router.verify("0x12345678", PROOF, INPUTS))
        .to.be.revertedWithCustomError(router, "VerifierRouterUnknownSelector")
        .withArgs("0x12345678");
    });

    it("refuses a verifier whose code was replaced behind its selector", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(deployRegistered);
      const registered = ethers.keccak256(await ethers.provider.getCode(verifier));
      const other = await ethers.deployContract("UnrulyVerifier", [Manner.AnswersTrue]);
      const code = await ethers.provider.getCode(other);
      await networkHelpers.setCode(await verifier.getAddress(), code);
      expect(await router.isUsable(selector)).to.equal(false);
      await expect(router.verify(selector, PROOF, INPUTS))
        .to.be.revertedWithCustomError(router, "VerifierRouterCodeChanged")
        .withArgs(selector, registered, ethers.keccak256(code));
    });

    it("PRF-2: refuses every public input that is not below the scalar field order", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(deployRegistered);
      for (const index of [0, 1, 2]) {
        const largest = INPUTS.with(index, SCALAR_FIELD - 1n) as Inputs;
        await verifier.accept(PROOF, largest);
        expect(await router.verify(selector, PROOF, largest)).to.equal(true);
        for (const value of [
          SCALAR_FIELD,
          (INPUTS[index] as bigint) + SCALAR_FIELD,
          2n ** 256n - 1n,
        ]) {
          const bad = INPUTS.with(index, value) as Inputs;
          await verifier.accept(PROOF, bad);
          await expect(router.verify(selector, PROOF, bad))
            .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalInput")
            .withArgs(index, value);
        }
      }
    });

    it("PRF-2: refuses every proof word that is not below the base field order", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(deployRegistered);
      for (let index = 0; index < PROOF.length; index++) {
        const largest = PROOF.with(index, BASE_FIELD - 1n) as Proof;
        await verifier.accept(largest, INPUTS);
        expect(await router.verify(selector, largest, INPUTS)).to.equal(true);
        for (const value of [BASE_FIELD, (PROOF[index] as bigint) + BASE_FIELD, 2n ** 256n - 1n]) {
          const bad = PROOF.with(index, value) as Proof;
          await verifier.accept(bad, INPUTS);
          await expect(router.verify(selector, bad, INPUTS))
            .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalProof")
            .withArgs(index, value);
        }
      }
    });

    it("takes a word of one as yes", async () => {
      const { router, selector } = await registerUnruly(Manner.AnswersTrue);
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(true);
    });

    for (const manner of [
      "AnswersFalse",
      "AnswersTwo",
      "AnswersShort",
      "AnswersLong",
      "Reverts",
      "BurnsAllGas",
    ] as const) {
      it(`takes a verifier that ${manner} as no`, async () => {
        const { router, selector } = await registerUnruly(Manner[manner]);
        expect(await router.verify(selector, PROOF, INPUTS)).to.equal(false);
      });
    }

    it("reverts when the call leaves the verifier less than its cap", async () => {
      const { router, selector } = await registerUnruly(Manner.AnswersTrue, 500_000n);
      await expect(router.verify(selector, PROOF, INPUTS, { gasLimit: 500_000 }))
        .to.be.revertedWithCustomError(router, "VerifierRouterInsufficientGas")
        .withArgs(anyUint, (500_000n * 64n) / 63n + CALL_OVERHEAD);
    });

    it("never turns a valid proof into a no, whatever gas the caller sends", async () => {
      const { router, selector } = await registerUnruly(Manner.AnswersTrueLate);
      let valid = 0;
      let refused = 0;
      for (let gasLimit = 40_000; gasLimit <= 400_000; gasLimit += 1_500) {
        const answer = await router
          .verify(selector, PROOF, INPUTS, { gasLimit })
          .catch(() => undefined);
        expect(answer, `with ${gasLimit} gas`).to.not.equal(false);
        if (answer) valid++;
        else refused++;
      }
      expect(valid).to.be.greaterThan(20);
      expect(refused).to.be.greaterThan(20);
    });
  });

  describe("upgrades", () => {
    it("are governance's alone and keep the state", async () => {
      const { router, selector, stranger } = await networkHelpers.loadFixture(deployRegistered);
      const next = await ethers.deployContract("VerifierRouter");
      await expect(router.connect(stranger).upgradeToAndCall(next, "0x"))
        .to.be.revertedWithCustomError(router, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
      await expect(router.upgradeToAndCall(next, "0x")).to.emit(router, "Upgraded").withArgs(next);
      expect((await router.entryOf(selector)).status).to.equal(Status.Registered);
    });
  });
});
