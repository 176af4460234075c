import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { network } from "hardhat";
import { deployDigitsSet, provenFour } from "../../helpers/digit-proofs.ts";
import { PROOF } from "../../helpers/orders.ts";
import {
  BASE_FIELD,
  CALL_OVERHEAD,
  deployMockRouter,
  deployRegistered,
  Manner,
  type Proof,
  SCALAR_FIELD,
} from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const single = () => deployRegistered(chain);
const agreeable = () => deployMockRouter(chain, Manner.AnswersTrue);
const late = () => deployMockRouter(chain, Manner.AnswersTrueLate);
const digitsSet = () => deployDigitsSet(chain);

/** Public inputs of four jobs: a context, four input commitments, four output commitments. */
const MANY = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n];

describe("VerifierRouter", () => {
  describe("verifyMany", () => {
    it("PRF-1: accepts a real proof of four digits and no other statement", async () => {
      const { router, selector } = await networkHelpers.loadFixture(digitsSet);
      const { proof, inputs } = await provenFour();
      expect(await router.verifyMany(selector, proof, inputs)).to.equal(true);
      for (const [index, value] of inputs.entries()) {
        const other = inputs.with(index, value + 1n);
        expect(await router.verifyMany(selector, proof, other), `input ${index}`).to.equal(false);
      }
    });

    it("PRF-1: refuses the inputs or the outputs of any two jobs exchanged", async () => {
      const { router, selector } = await networkHelpers.loadFixture(digitsSet);
      const { proof, inputs } = await provenFour();
      for (const start of [1, 5]) {
        for (let a = start; a < start + 4; a++) {
          for (let b = start; b < a; b++) {
            const exchanged = inputs.with(a, inputs[b] as bigint).with(b, inputs[a] as bigint);
            expect(await router.verifyMany(selector, proof, exchanged), `${a}, ${b}`).to.equal(
              false,
            );
          }
        }
      }
    });

    it("reverts for another number of public inputs", async () => {
      const { router, selector } = await networkHelpers.loadFixture(agreeable);
      for (const count of [0, 3, 8, 10, 65]) {
        await expect(router.verifyMany(selector, PROOF, new Array(count).fill(1n)))
          .to.be.revertedWithCustomError(router, "VerifierRouterWrongInputCount")
          .withArgs(count, 9);
      }
    });

    it("reverts for an unknown selector and for one without such a verifier", async () => {
      const { router, selector } = await networkHelpers.loadFixture(single);
      await expect(router.verifyMany("0x12345678", PROOF, MANY))
        .to.be.revertedWithCustomError(router, "VerifierRouterUnknownSelector")
        .withArgs("0x12345678");
      await expect(router.verifyMany(selector, PROOF, MANY))
        .to.be.revertedWithCustomError(router, "VerifierRouterNoMultiVerifier")
        .withArgs(selector);
    });

    it("refuses a verifier whose code was replaced behind its selector", async () => {
      const { router, set, selector } = await networkHelpers.loadFixture(agreeable);
      const codeHash = ethers.keccak256(await ethers.provider.getCode(set.multiVerifier));
      const other = await ethers.deployContract("UnrulyVerifier", [Manner.AnswersFalse]);
      const code = await ethers.provider.getCode(other);
      await networkHelpers.setCode(set.multiVerifier, code);
      await expect(router.verifyMany(selector, PROOF, MANY))
        .to.be.revertedWithCustomError(router, "VerifierRouterCodeChanged")
        .withArgs(selector, codeHash, ethers.keccak256(code));
    });

    it("PRF-2: refuses every word that is not below the order of its field", async () => {
      const { router, selector } = await networkHelpers.loadFixture(agreeable);
      for (let index = 0; index < MANY.length; index++) {
        const change = (value: bigint) => MANY.with(index, value);
        expect(await router.verifyMany(selector, PROOF, change(SCALAR_FIELD - 1n))).to.equal(true);
        for (const value of [SCALAR_FIELD, 2n ** 256n - 1n]) {
          await expect(router.verifyMany(selector, PROOF, change(value)))
            .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalInput")
            .withArgs(index, value);
        }
      }
      for (let index = 0; index < PROOF.length; index++) {
        const change = (value: bigint) => PROOF.with(index, value) as Proof;
        expect(await router.verifyMany(selector, change(BASE_FIELD - 1n), MANY)).to.equal(true);
        for (const value of [BASE_FIELD, 2n ** 256n - 1n]) {
          await expect(router.verifyMany(selector, change(value), MANY))
            .to.be.revertedWithCustomError(router, "VerifierRouterNonCanonicalProof")
            .withArgs(index, value);
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
      it(`takes a verifier that ${manner} as no`, async () => {
        const { router, selector } = await deployMockRouter(chain, Manner[manner]);
        expect(await router.verifyMany(selector, PROOF, MANY)).to.equal(false);
      });
    }

    it("reverts when the call leaves the verifier less than its cap", async () => {
      const { router, set, selector } = await networkHelpers.loadFixture(agreeable);
      const gasLimit = set.multiGasCap;
      await expect(router.verifyMany(selector, PROOF, MANY, { gasLimit }))
        .to.be.revertedWithCustomError(router, "VerifierRouterInsufficientGas")
        .withArgs(anyUint, (set.multiGasCap * 64n) / 63n + CALL_OVERHEAD);
    });

    it("never turns a valid proof into a no, whatever gas the caller sends", async () => {
      const { router, selector } = await networkHelpers.loadFixture(late);
      let valid = 0;
      let refused = 0;
      for (let gasLimit = 60_000; gasLimit <= 600_000; gasLimit += 3_000) {
        const answer = await router
          .verifyMany(selector, PROOF, MANY, { gasLimit })
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
