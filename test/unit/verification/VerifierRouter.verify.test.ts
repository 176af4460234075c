import { anyUint } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { network } from "hardhat";
import { PROOF } from "../../helpers/orders.ts";
import {
  BASE_FIELD,
  CALL_OVERHEAD,
  deployRegistered,
  deployRouter,
  INPUTS,
  type Inputs,
  Manner,
  MIN_GAS_CAP,
  type Proof,
  SCALAR_FIELD,
} from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const deployed = () => deployRouter(chain);
const registered = () => deployRegistered(chain);

async function registerUnruly(manner: number, gasCap = MIN_GAS_CAP) {
  const { router } = await networkHelpers.loadFixture(deployed);
  const verifier = await ethers.deployContract("UnrulyVerifier", [manner]);
  await router.register(verifier, gasCap);
  return { router, selector: await router.selectorOf(verifier) };
}

describe("VerifierRouter", () => {
  describe("verify", () => {
    it("says what the verifier says, for exactly this proof and these inputs", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(registered);
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(false);
      await verifier.accept(PROOF, INPUTS);
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(true);
      expect(await router.verify(selector, PROOF, [1n, 2n, 4n])).to.equal(false);
      expect(await router.verify(selector, [...PROOF].reverse() as Proof, INPUTS)).to.equal(false);
    });

    it("reverts for an unknown selector", async () => {
      const { router } = await networkHelpers.loadFixture(deployed);
      await expect(router.verify("0x12345678", PROOF, INPUTS))
        .to.be.revertedWithCustomError(router, "VerifierRouterUnknownSelector")
        .withArgs("0x12345678");
    });

    it("refuses a verifier whose code was replaced behind its selector", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(registered);
      const codeHash = ethers.keccak256(await ethers.provider.getCode(verifier));
      const other = await ethers.deployContract("UnrulyVerifier", [Manner.AnswersTrue]);
      const code = await ethers.provider.getCode(other);
      await networkHelpers.setCode(await verifier.getAddress(), code);
      expect(await router.isUsable(selector)).to.equal(false);
      await expect(router.verify(selector, PROOF, INPUTS))
        .to.be.revertedWithCustomError(router, "VerifierRouterCodeChanged")
        .withArgs(selector, codeHash, ethers.keccak256(code));
    });

    it("PRF-2: refuses every public input that is not below the scalar field order", async () => {
      const { router, verifier, selector } = await networkHelpers.loadFixture(registered);
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
      const { router, verifier, selector } = await networkHelpers.loadFixture(registered);
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
});
