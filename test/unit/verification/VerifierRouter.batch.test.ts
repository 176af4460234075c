import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { network } from "hardhat";
import { PROOF } from "../../helpers/orders.ts";
import {
  BASE_FIELD,
  CALL_OVERHEAD,
  deployMockRouter,
  deployRegistered,
  INPUTS,
  type Inputs,
  Manner,
  type Proof,
  SCALAR_FIELD,
} from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const MAX_BATCH = 32;

const single = () => deployRegistered(chain);
const agreeable = () => deployMockRouter(chain, Manner.AnswersTrue);
const late = () => deployMockRouter(chain, Manner.AnswersTrueLate);

function proofs(count: number): Proof[] {
  return new Array<Proof>(count).fill(PROOF);
}

function inputs(count: number): Inputs[] {
  return new Array<Inputs>(count).fill(INPUTS);
}

describe("VerifierRouter", () => {
  describe("verifyBatch", () => {
    it("LIV-3: takes batches of 1 to 32 and reverts beyond", async () => {
      const { router, selector } = await networkHelpers.loadFixture(agreeable);
      for (const count of [1, 2, MAX_BATCH]) {
        expect(await router.verifyBatch(selector, proofs(count), inputs(count))).to.equal(true);
      }
      await expect(router.verifyBatch(selector, [], [])).to.be.revertedWithCustomError(
        router,
        "VerifierRouterEmptyBatch",
      );
      for (const count of [MAX_BATCH + 1, 100]) {
        await expect(router.verifyBatch(selector, proofs(count), inputs(count)))
          .to.be.revertedWithCustomError(router, "VerifierRouterBatchTooLarge")
          .withArgs(count, MAX_BATCH);
      }
    });

    it("reverts when proofs and statements are not as many", async () => {
      const { router, selector } = await networkHelpers.loadFixture(agreeable);
      for (const [proofCount, inputCount] of [
        [1, 2],
        [2, 1],
        [0, 1],
        [1, 0],
        [33, 32],
      ] as const) {
        await expect(router.verifyBatch(selector, proofs(proofCount), inputs(inputCount)))
          .to.be.revertedWithCustomError(router, "VerifierRouterLengthMismatch")
          .withArgs(proofCount, inputCount);
      }
    });

    it("reverts for an unknown selector and for one without a batch verifier", async () => {
      const { router, selector } = await networkHelpers.loadFixture(single);
      await expect(router.verifyBatch("0x12345678", proofs(1), inputs(1)))
        .to.be.revertedWithCustomError(router, "VerifierRouterUnknownSelector")
        .withArgs("0x12345678");
      await expect(router.verifyBatch(selector, proofs(1), inputs(1)))
        .to.be.revertedWithCustomError(router, "VerifierRouterNoBatchVerifier")
        .withArgs(selector);
    });

    it("refuses a batch verifier whose code was replaced, and goes on with single proofs", async () => {
      const { router, set, selector } = await networkHelpers.loadFixture(agreeable);
      const codeHash = ethers.keccak256(await ethers.provider.getCode(set.batchVerifier));
      const other = await ethers.deployContract("UnrulyVerifier", [Manner.AnswersFalse]);
      const code = await ethers.provider.getCode(other);
      await networkHelpers.setCode(set.batchVerifier, code);
      await expect(router.verifyBatch(selector, proofs(2), inputs(2)))
        .to.be.revertedWithCustomError(router, "VerifierRouterCodeChanged")
        .withArgs(selector, codeHash, ethers.keccak256(code));
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(true);
    });

    it("PRF-2: refuses every public input that is not below the scalar field order", async () => {
      const { router, selector } = await networkHelpers.loadFixture(agreeable);
      for (let row = 0; row < 3; row++) {
        for (let index = 0; index < 3; index++) {
          const change = (value: bigint) =>
            inputs(3).with(row, INPUTS.with(index, value) as Inputs);
          expect(await router.verifyBatch(selector, proofs(3), change(SCALAR_FIELD - 1n))).to.equal(
            true,
          );
          for (const value of [SCALAR_FIELD, 2n ** 256n - 1n]) {
            await expect(router.verifyBatch(selector, proofs(3), change(value)))
              .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalInput")
              .withArgs(3 * row + index, value);
          }
        }
      }
    });

    it("PRF-2: refuses every proof word that is not below the base field order", async () => {
      const { router, selector } = await networkHelpers.loadFixture(agreeable);
      for (let row = 0; row < 3; row++) {
        for (let index = 0; index < 8; index++) {
          const change = (value: bigint) => proofs(3).with(row, PROOF.with(index, value) as Proof);
          expect(await router.verifyBatch(selector, change(BASE_FIELD - 1n), inputs(3))).to.equal(
            true,
          );
          for (const value of [BASE_FIELD, 2n ** 256n - 1n]) {
            await expect(router.verifyBatch(selector, change(value), inputs(3)))
              .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalProof")
              .withArgs(8 * row + index, value);
          }
        }
      }
    });

    for (const manner of [
      "AnswersFalse",
      "AnswersTwo",
      "AnswersShort",
      "AnswersLong",
      "Reverts",
      "BurnsAllGas",
    ] as const) {
      it(`takes a batch verifier that ${manner} as no`, async () => {
        const { router, selector } = await deployMockRouter(chain, Manner[manner]);
        expect(await router.verifyBatch(selector, proofs(2), inputs(2))).to.equal(false);
      });
    }

    it("burns no more than the batch's cap when its verifier burns all it gets", async () => {
      const { router, set, selector, stranger } = await deployMockRouter(chain, Manner.BurnsAllGas);
      const data = router.interface.encodeFunctionData("verifyBatch", [
        selector,
        proofs(2),
        inputs(2),
      ]);
      const to = await router.getAddress();
      const sent = await stranger.sendTransaction({ to, data, gasLimit: 5_000_000 });
      const cap = set.batchBaseGas + 2n * set.batchGasPerProof;
      expect((await sent.wait())?.gasUsed).to.be.within(cap, cap + 60_000n);
    });

    it("reverts when the call leaves the verifier less than its cap for that many proofs", async () => {
      const { router, set, selector } = await networkHelpers.loadFixture(agreeable);
      const cap = set.batchBaseGas + 3n * set.batchGasPerProof;
      await expect(router.verifyBatch(selector, proofs(3), inputs(3), { gasLimit: cap }))
        .to.be.revertedWithCustomError(router, "VerifierRouterInsufficientGas")
        .withArgs(anyUint, (cap * 64n) / 63n + CALL_OVERHEAD);
    });

    it("never turns a valid batch into a no, whatever gas the caller sends", async () => {
      const { router, selector } = await networkHelpers.loadFixture(late);
      let valid = 0;
      let refused = 0;
      for (let gasLimit = 60_000; gasLimit <= 600_000; gasLimit += 3_000) {
        const answer = await router
          .verifyBatch(selector, proofs(2), inputs(2), { gasLimit })
          .catch(() => undefined);
        expect(answer, `with ${gasLimit} gas`).to.not.equal(false);
        if (answer) valid++;
        else refused++;
      }
      expect(valid).to.be.greaterThan(20);
      expect(refused).to.be.greaterThan(20);
    });
  });
});
