import { expect } from "chai";
import { network } from "hardhat";
import { PROOF } from "../../helpers/orders.ts";
import { deployArchitectureVerifier, provenModels } from "../../helpers/private-models.ts";
import {
  deployRouter,
  INPUTS,
  type Inputs,
  MAX_GAS_CAP,
  Manner,
  MIN_GAS_CAP,
  type Proof,
  SCALAR_FIELD,
} from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const COMMITMENT = ethers.toBeHex(77n, 32);

/** Arguments of `verifyProof` from a proof's words. */
function points(proof: Proof) {
  const [a0, a1, b0, b1, b2, b3, c0, c1] = proof;
  const [a, b, c] = [
    [a0, a1],
    [
      [b0, b1],
      [b2, b3],
    ],
    [c0, c1],
  ] as const;
  return [a, b, c] as unknown as [
    [bigint, bigint],
    [[bigint, bigint], [bigint, bigint]],
    [bigint, bigint],
  ];
}

/** Calldata of the function that snarkjs exports for so many public inputs. */
function callOf(proof: readonly bigint[], inputs: readonly bigint[]): string {
  const signature = `verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[${inputs.length}])`;
  const words = [...proof, ...inputs].map((word) => ethers.toBeHex(word, 32));
  return ethers.concat([ethers.id(signature).slice(0, 10), ...words]);
}

async function adapterOf(verifier: string, commitment = COMMITMENT, jobs = 1) {
  return ethers.deployContract("CommittedWeightsVerifier", [verifier, commitment, jobs]);
}

async function overUnruly(manner: number) {
  const unruly = await ethers.deployContract("UnrulyVerifier", [manner]);
  const base = await deployRouter(chain);
  const adapter = await adapterOf(await unruly.getAddress());
  await base.router.register(adapter, MIN_GAS_CAP);
  return { ...base, unruly, adapter, selector: await base.router.selectorOf(adapter) };
}

async function overCalldata(jobs: number) {
  const inner = await ethers.deployContract("CalldataVerifier");
  return { inner, adapter: await adapterOf(await inner.getAddress(), COMMITMENT, jobs) };
}

async function realProofs() {
  const base = await deployRouter(chain);
  const inner = await deployArchitectureVerifier(chain);
  const { models } = await provenModels();
  const selectors: string[] = [];
  for (const { commitment } of models) {
    const adapter = await adapterOf(inner, commitment);
    await base.router.register(adapter, MIN_GAS_CAP);
    selectors.push(await base.router.selectorOf(adapter));
  }
  return { ...base, inner, selectors };
}

describe("CommittedWeightsVerifier", () => {
  describe("constructor", () => {
    it("keeps what it was given", async () => {
      const { inner, adapter } = await overCalldata(4);
      expect(await adapter.architectureVerifier()).to.equal(await inner.getAddress());
      const code = await ethers.provider.getCode(inner);
      expect(await adapter.architectureCodeHash()).to.equal(ethers.keccak256(code));
      expect(await adapter.weightsCommitment()).to.equal(COMMITMENT);
      expect(await adapter.jobsPerProof()).to.equal(4n);
      expect(await adapter.entryPoint()).to.equal(callOf([], new Array(9).fill(0n)).slice(0, 10));
    });

    it("reverts when the architecture's verifier has no code", async () => {
      const { adapter } = await overCalldata(1);
      const empty = "0x00000000000000000000000000000000000000AA";
      await expect(adapterOf(empty))
        .to.be.revertedWithCustomError(adapter, "CommittedWeightsVerifierNotContract")
        .withArgs(empty);
    });

    for (const value of [0n, SCALAR_FIELD, 2n ** 256n - 1n]) {
      it(`reverts for the commitment ${value}`, async () => {
        const { inner, adapter } = await overCalldata(1);
        const commitment = ethers.toBeHex(value, 32);
        await expect(adapterOf(await inner.getAddress(), commitment))
          .to.be.revertedWithCustomError(adapter, "CommittedWeightsVerifierInvalidCommitment")
          .withArgs(commitment);
      });
    }

    for (const jobs of [0, 33]) {
      it(`reverts for ${jobs} jobs a proof`, async () => {
        const { inner, adapter } = await overCalldata(1);
        await expect(adapterOf(await inner.getAddress(), COMMITMENT, jobs))
          .to.be.revertedWithCustomError(adapter, "CommittedWeightsVerifierInvalidJobs")
          .withArgs(jobs, 32);
      });
    }
  });

  describe("verifyProof", () => {
    it("asks for the same proof and inputs with the commitment after them", async () => {
      const { inner, adapter } = await overCalldata(1);
      expect(await adapter.verifyProof(...points(PROOF), INPUTS)).to.equal(false);
      await inner.accept(callOf(PROOF, [...INPUTS, BigInt(COMMITMENT)]));
      expect(await adapter.verifyProof(...points(PROOF), INPUTS)).to.equal(true);
      expect(await adapter.verifyProof(...points(PROOF), [1n, 2n, 4n])).to.equal(false);
    });

    it("asks for proofs of many jobs through the router", async () => {
      const { inner, adapter } = await overCalldata(4);
      const { router } = await deployRouter(chain);
      const set = {
        verifier: await (await overCalldata(1)).adapter.getAddress(),
        gasCap: MIN_GAS_CAP,
        batchVerifier: ethers.ZeroAddress,
        batchBaseGas: 0,
        batchGasPerProof: 0,
        multiVerifier: await adapter.getAddress(),
        multiGasCap: MAX_GAS_CAP,
        jobsPerProof: 4,
      };
      await router.registerSet(set);
      const selector = await router.selectorOfSet(set);
      const many = Array.from({ length: 9 }, (_, i) => BigInt(i + 1));
      expect(await router.verifyMany(selector, PROOF, many)).to.equal(false);
      await inner.accept(callOf(PROOF, [...many, BigInt(COMMITMENT)]));
      expect(await router.verifyMany(selector, PROOF, many)).to.equal(true);
    });

    for (const [what, jobs, data] of [
      ["of another number of jobs", 1, callOf(PROOF, new Array(9).fill(1n))],
      ["of one job where proofs cover four", 4, callOf(PROOF, INPUTS)],
      ["with more behind it", 1, ethers.concat([callOf(PROOF, INPUTS), "0x00"])],
      ["cut off", 4, ethers.dataSlice(callOf(PROOF, new Array(9).fill(1n)), 0, -1)],
      ["of nothing", 1, "0x"],
    ] as const) {
      it(`reverts for a call ${what}`, async () => {
        const { adapter } = await overCalldata(jobs);
        const to = await adapter.getAddress();
        const call = ethers.provider.call({ to, data });
        const selector = data.length >= 10 ? data.slice(0, 10) : "0x00000000";
        await expect(call)
          .to.be.revertedWithCustomError(adapter, "CommittedWeightsVerifierWrongCall")
          .withArgs(selector, ethers.dataLength(data), 4 + 32 * (8 + 1 + 2 * jobs));
      });
    }

    it("passes on a revert of the architecture's verifier, which the router takes for a no", async () => {
      const { router, selector, adapter } = await overUnruly(Manner.Reverts);
      await expect(adapter.verifyProof(...points(PROOF), INPUTS)).to.be.revert(ethers);
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(false);
    });

    for (const manner of [
      "AnswersFalse",
      "AnswersTwo",
      "AnswersShort",
      "AnswersLong",
      "BurnsAllGas",
    ] as const) {
      it(`stays a no to the router when that ${manner}`, async () => {
        const { router, selector } = await overUnruly(Manner[manner]);
        expect(await router.verify(selector, PROOF, INPUTS)).to.equal(false);
      });
    }

    for (const manner of ["AnswersTrue", "AnswersTrueLate"] as const) {
      it(`stays a yes to the router when that ${manner}, at the least gas cap`, async () => {
        const { router, selector } = await overUnruly(Manner[manner]);
        expect(await router.verify(selector, PROOF, INPUTS)).to.equal(true);
      });
    }

    it("reverts when the architecture's verifier was replaced", async () => {
      const { router, selector, adapter, unruly } = await overUnruly(Manner.AnswersFalse);
      const other = await ethers.deployContract("UnrulyVerifier", [Manner.AnswersTrue]);
      const [expected, code] = [
        await adapter.architectureCodeHash(),
        await ethers.provider.getCode(other),
      ];
      await networkHelpers.setCode(await unruly.getAddress(), code);
      await expect(adapter.verifyProof(...points(PROOF), INPUTS))
        .to.be.revertedWithCustomError(adapter, "CommittedWeightsVerifierCodeChanged")
        .withArgs(expected, ethers.keccak256(code));
      expect(await router.verify(selector, PROOF, INPUTS)).to.equal(false);
    });
  });

  describe("real proofs of two models under one key", () => {
    it("PRF-1: accepts each model's proof and no other statement", async () => {
      const { router, selectors } = await networkHelpers.loadFixture(realProofs);
      const { models } = await provenModels();
      for (const [i, { proof, inputs }] of models.entries()) {
        const selector = selectors[i] as string;
        expect(await router.verify(selector, proof, inputs)).to.equal(true);
        for (const [place, value] of inputs.entries()) {
          const other = inputs.with(place, value + 1n) as Inputs;
          expect(await router.verify(selector, proof, other), `input ${place}`).to.equal(false);
        }
      }
    });

    it("PRF-1: refuses a proof under another model's commitment", async () => {
      const { router, selectors } = await networkHelpers.loadFixture(realProofs);
      const { models } = await provenModels();
      for (const [i, { proof, inputs }] of models.entries()) {
        expect(await router.verify(selectors[1 - i] as string, proof, inputs)).to.equal(false);
      }
    });
  });
});
