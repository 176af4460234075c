import { expect } from "chai";
import { network } from "hardhat";
import { PROOF } from "../../helpers/orders.ts";
import {
  deployMockSet,
  deployRouter,
  INPUTS,
  MAX_GAS_CAP,
  Manner,
  MIN_GAS_CAP,
  type MockSet,
} from "../../helpers/routers.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

const MAX_BATCH_GAS = 2_500_000n;
const MAX_BATCH = 32n;

const deployed = async () => {
  const base = await deployRouter(chain);
  return { ...base, set: await deployMockSet(chain, Manner.AnswersTrue) };
};
const registered = async () => {
  const base = await deployed();
  await base.router.connect(base.publisher).registerSet(base.set);
  return { ...base, selector: await base.router.selectorOfSet(base.set) };
};

const NO_BATCH = { batchVerifier: ethers.ZeroAddress, batchBaseGas: 0n, batchGasPerProof: 0n };
const NO_MULTI = { multiVerifier: ethers.ZeroAddress, multiGasCap: 0n, jobsPerProof: 0n };

function entryPointOf(inputs: number): string {
  const signature = `verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[${inputs}])`;
  return ethers.dataSlice(ethers.id(signature), 0, 4);
}

describe("VerifierRouter", () => {
  describe("registerSet", () => {
    it("stores every member under a selector of all members, their code and their caps", async () => {
      const { router, set, stranger } = await networkHelpers.loadFixture(deployed);
      const codeHash = async (address: string) =>
        ethers.keccak256(await ethers.provider.getCode(address));
      const types = ["address", "uint32", "address", "uint32", "uint32", "address", "uint32"];
      const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
        [...types, "uint8", "bytes32[3]"],
        [
          ...Object.values(set),
          await Promise.all([set.verifier, set.batchVerifier, set.multiVerifier].map(codeHash)),
        ],
      );
      const selector = ethers.dataSlice(ethers.keccak256(encoded), 0, 4);
      expect(await router.selectorOfSet(set)).to.equal(selector);

      await expect(router.connect(stranger).registerSet(set))
        .to.emit(router, "VerifierRegistered")
        .withArgs(selector, set.verifier, await codeHash(set.verifier), set.gasCap)
        .and.to.emit(router, "VerifierSetRegistered")
        .withArgs(selector, Object.values(set));

      expect(await router.entryOf(selector)).to.deep.equal([set.verifier, set.gasCap, 1n]);
      expect(await router.batchEntryOf(selector)).to.deep.equal([
        set.batchVerifier,
        set.batchBaseGas,
        set.batchGasPerProof,
      ]);
      expect(await router.multiEntryOf(selector)).to.deep.equal([
        set.multiVerifier,
        set.multiGasCap,
        set.jobsPerProof,
        entryPointOf(9),
      ]);
      expect(await router.isUsable(selector)).to.equal(true);
    });

    it("gives sets that differ in any member other selectors", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      const other = await deployMockSet(chain, Manner.AnswersFalse);
      const changes: Partial<MockSet>[] = [
        { verifier: other.verifier },
        { gasCap: set.gasCap + 1n },
        { batchVerifier: other.batchVerifier },
        { batchBaseGas: set.batchBaseGas - 1n },
        { batchGasPerProof: set.batchGasPerProof - 1n },
        { multiVerifier: other.multiVerifier },
        { multiGasCap: set.multiGasCap + 1n },
        { jobsPerProof: set.jobsPerProof + 1n },
        NO_BATCH,
        NO_MULTI,
      ];
      const selectors = await Promise.all(
        [{}, ...changes].map((change) => router.selectorOfSet({ ...set, ...change })),
      );
      expect(new Set([...selectors, await router.selectorOf(set.verifier)]).size).to.equal(12);
      // All of them are registered side by side, and none touches another.
      for (const change of [{}, ...changes]) await router.registerSet({ ...set, ...change });
      await router.register(set.verifier, MIN_GAS_CAP);
      expect((await router.batchEntryOf(selectors[0] as string)).verifier).to.equal(
        set.batchVerifier,
      );
    });

    it("leaves the single form without batches and without proofs of many jobs", async () => {
      const { router, set } = await networkHelpers.loadFixture(registered);
      await router.register(set.verifier, MIN_GAS_CAP);
      const single = await router.selectorOf(set.verifier);
      expect((await router.batchEntryOf(single)).verifier).to.equal(ethers.ZeroAddress);
      expect((await router.multiEntryOf(single)).verifier).to.equal(ethers.ZeroAddress);
      expect(await router.verify(single, PROOF, INPUTS)).to.equal(true);
    });

    it("takes sets of two, and derives the entry point from the number of jobs", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      for (const jobsPerProof of [2n, 32n]) {
        const pair = { ...set, ...NO_BATCH, jobsPerProof };
        await router.registerSet(pair);
        const { entryPoint } = await router.multiEntryOf(await router.selectorOfSet(pair));
        expect(entryPoint).to.equal(entryPointOf(1 + 2 * Number(jobsPerProof)));
      }
      const batchOnly = { ...set, ...NO_MULTI };
      await router.registerSet(batchOnly);
      expect(await router.multiEntryOf(await router.selectorOfSet(batchOnly))).to.deep.equal([
        ethers.ZeroAddress,
        0n,
        0n,
        "0x00000000",
      ]);
    });

    it("never gives a selector twice, not even after a stop", async () => {
      const { router, set, selector } = await networkHelpers.loadFixture(registered);
      const again = () =>
        expect(router.registerSet(set))
          .to.be.revertedWithCustomError(router, "VerifierRouterSelectorTaken")
          .withArgs(selector, set.verifier);
      await again();
      await router.stop(selector);
      await again();
    });

    it("reverts for a set of one", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      await expect(router.registerSet({ ...set, ...NO_BATCH, ...NO_MULTI }))
        .to.be.revertedWithCustomError(router, "VerifierRouterSingleVerifier")
        .withArgs(set.verifier);
    });

    it("reverts for a member without code", async () => {
      const { router, set, stranger } = await networkHelpers.loadFixture(deployed);
      for (const member of ["verifier", "batchVerifier", "multiVerifier"]) {
        await expect(router.registerSet({ ...set, [member]: stranger.address }))
          .to.be.revertedWithCustomError(router, "VerifierRouterNotContract")
          .withArgs(stranger.address);
      }
    });

    it("reverts for gas caps out of bounds, and takes the bounds", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      for (const cap of ["gasCap", "multiGasCap"]) {
        for (const value of [MIN_GAS_CAP - 1n, MAX_GAS_CAP + 1n]) {
          await expect(router.registerSet({ ...set, [cap]: value }))
            .to.be.revertedWithCustomError(router, "VerifierRouterInvalidGasCap")
            .withArgs(value, MIN_GAS_CAP, MAX_GAS_CAP);
        }
        for (const value of [MIN_GAS_CAP, MAX_GAS_CAP]) {
          await expect(router.registerSet({ ...set, [cap]: value })).to.emit(
            router,
            "VerifierSetRegistered",
          );
        }
      }
    });

    it("LIV-3: reverts when a full batch may take more gas than a caller can be asked to leave", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      const batchGasPerProof = 60_000n;
      const most = MAX_BATCH_GAS - MAX_BATCH * batchGasPerProof;
      await expect(router.registerSet({ ...set, batchGasPerProof, batchBaseGas: most })).to.emit(
        router,
        "VerifierSetRegistered",
      );
      for (const [batchBaseGas, perProof] of [
        [most + 1n, batchGasPerProof],
        [2n ** 32n - 1n, 2n ** 32n - 1n],
        [0n, batchGasPerProof],
        [most, 0n],
      ] as const) {
        await expect(router.registerSet({ ...set, batchBaseGas, batchGasPerProof: perProof }))
          .to.be.revertedWithCustomError(router, "VerifierRouterInvalidBatchGas")
          .withArgs(batchBaseGas, perProof);
      }
    });

    it("LIV-3: reverts for numbers of jobs out of bounds", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      for (const jobsPerProof of [0n, 1n, 33n, 255n]) {
        await expect(router.registerSet({ ...set, jobsPerProof }))
          .to.be.revertedWithCustomError(router, "VerifierRouterInvalidJobsPerProof")
          .withArgs(jobsPerProof, 2n, 32n);
      }
    });

    it("reverts for numbers that belong to a member that is left out", async () => {
      const { router, set } = await networkHelpers.loadFixture(deployed);
      for (const change of [{ batchBaseGas: 1n }, { batchGasPerProof: 1n }]) {
        const bad = { ...set, ...NO_BATCH, ...change };
        await expect(router.registerSet(bad))
          .to.be.revertedWithCustomError(router, "VerifierRouterInvalidBatchGas")
          .withArgs(bad.batchBaseGas, bad.batchGasPerProof);
      }
      await expect(router.registerSet({ ...set, ...NO_MULTI, jobsPerProof: 4n }))
        .to.be.revertedWithCustomError(router, "VerifierRouterInvalidJobsPerProof")
        .withArgs(4n, 0n, 0n);
      await expect(router.registerSet({ ...set, ...NO_MULTI, multiGasCap: 1n }))
        .to.be.revertedWithCustomError(router, "VerifierRouterInvalidGasCap")
        .withArgs(1n, 0n, 0n);
    });
  });

  describe("markReviewed and stop", () => {
    it("stops a set as a whole", async () => {
      const { router, selector } = await networkHelpers.loadFixture(registered);
      await router.markReviewed(selector);
      expect(await router.verifyBatch(selector, [PROOF], [INPUTS])).to.equal(true);
      await expect(router.stop(selector)).to.emit(router, "VerifierStopped").withArgs(selector);
      for (const call of [
        router.verify(selector, PROOF, INPUTS),
        router.verifyBatch(selector, [PROOF], [INPUTS]),
        router.verifyMany(selector, PROOF, new Array(9).fill(1n)),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(router, "VerifierRouterStopped")
          .withArgs(selector);
      }
    });
  });
});
