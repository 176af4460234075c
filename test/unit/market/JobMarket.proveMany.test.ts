import { JobState, jobIdOf, manyProofContext, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { concat, id, keccak256, toBeHex } from "ethers";
import { network } from "hardhat";
import {
  deployMarketplace,
  directOrder,
  OUTPUT_DIGEST,
  PROOF,
  postAssigned,
  publishModel,
} from "../../helpers/orders.ts";
import { deployMockSet, Manner } from "../../helpers/routers.ts";

const chain = await network.create();
const { networkHelpers } = chain;

/**
 * Says yes to a call exactly when the slot at the call's hash holds one: what a table of accepted statements is, for any
 * number of inputs. CALLDATACOPY all, KECCAK256 all, SLOAD, return the word.
 */
const TABLE_CODE = "0x365f5f37365f20545f5260205ff3";
const ENTRY_POINT = id("verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[5])").slice(0, 10);
const OUTPUTS = [71n, 72n];

/** Two committed jobs of different providers and commitments; the keys of their model prove two jobs at once. */
async function committedPair() {
  const system = await deployMarketplace(chain);
  const { market, router, actors } = system;
  const multiVerifier = toBeHex(0x7ab1e, 20);
  await networkHelpers.setCode(multiVerifier, TABLE_CODE);
  const mocks = await deployMockSet(chain, Manner.AnswersFalse);
  const set = { ...mocks, multiVerifier, jobsPerProof: 2n };
  await router.connect(actors.publisher).registerSet(set);
  const verifierSelector = await router.selectorOfSet(set);
  const modelVersion = await publishModel(system, set.verifier, { verifierSelector });
  const orders: Order[] = [];
  for (const [i, provider] of [actors.ada, actors.ben].entries()) {
    const inputCommitment = toBeHex(61 + i, 32);
    const order = await directOrder(system, provider, { modelVersion, inputCommitment });
    await postAssigned(system, order);
    const output = toBeHex(OUTPUTS[i] as bigint, 32);
    await market.connect(provider).commit(order, output, OUTPUT_DIGEST);
    orders.push(order);
  }
  const contexts = await Promise.all(
    orders.map((order) => market.proofContext(jobIdOf32(order), order.provider, modelVersion)),
  );
  return { system, market, orders, contexts, multiVerifier };
}

const jobIdOf32 = (order: Order) => toBeHex(jobIdOf(order), 32);

/** From now on `PROOF` holds for these public inputs. */
async function accept(verifier: string, publicInputs: readonly bigint[]) {
  const words = [...PROOF, ...publicInputs].map((word) => toBeHex(word, 32));
  await networkHelpers.setStorageAt(verifier, keccak256(concat([ENTRY_POINT, ...words])), 1n);
}

describe("JobMarket", () => {
  describe("proveMany", () => {
    it("PRF-1: takes a proof of exactly the jobs' contexts, inputs and outputs, in order", async () => {
      const { system, market, orders, contexts, multiVerifier } =
        await networkHelpers.loadFixture(committedPair);
      await accept(multiVerifier, [manyProofContext(contexts), 61n, 62n, ...OUTPUTS]);
      const proving = market.connect(system.actors.stranger).proveMany(orders, PROOF);
      for (const [i, order] of orders.entries()) {
        await expect(proving)
          .to.emit(market, "ResultProved")
          .withArgs(jobIdOf(order), order.provider, toBeHex(contexts[i] as bigint, 32));
        await expect(proving).to.emit(market, "JobSettled");
        expect((await market.jobOf(jobIdOf(order))).state).to.equal(JobState.Settled);
        const { exposure } = await system.vault.provisionOf(order.provider, system.registry);
        expect(exposure).to.equal(0);
      }
    });

    it("PRF-1: reverts for a proof of any other statement", async () => {
      const { market, orders, contexts, multiVerifier } =
        await networkHelpers.loadFixture(committedPair);
      const context = manyProofContext(contexts);
      const statements = [
        [0n, 61n, 62n, 71n, 72n],
        [manyProofContext([...contexts].reverse()), 61n, 62n, 71n, 72n],
        [context, 62n, 61n, 71n, 72n],
        [context, 61n, 62n, 72n, 71n],
        [context, 71n, 72n, 61n, 62n],
      ];
      for (const statement of statements) await accept(multiVerifier, statement);
      await expect(market.proveMany(orders, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketInvalidProof")
        .withArgs(jobIdOf(orders[0] as Order));
    });

    it("reverts for no jobs, for jobs of two models, and for a job that stands twice", async () => {
      const { market, orders, contexts, multiVerifier } =
        await networkHelpers.loadFixture(committedPair);
      const [first, second] = orders as [Order, Order];
      await expect(market.proveMany([], PROOF)).to.be.revertedWithCustomError(
        market,
        "JobMarketNoOrders",
      );
      const other = { ...second, modelVersion: id("other") };
      await expect(market.proveMany([first, other], PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketModelMismatch")
        .withArgs(jobIdOf(other), first.modelVersion, other.modelVersion);
      const twice = manyProofContext([contexts[0] as bigint, contexts[0] as bigint]);
      await accept(multiVerifier, [twice, 61n, 61n, 71n, 71n]);
      await expect(market.proveMany([first, first], PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketWrongState")
        .withArgs(jobIdOf(first), JobState.Settled);
    });

    it("reverts from the deadline of any of the jobs on", async () => {
      const { market, orders } = await networkHelpers.loadFixture(committedPair);
      const [first] = orders as [Order];
      const { deadline } = await market.jobOf(jobIdOf(first));
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(market.proveMany(orders, PROOF))
        .to.be.revertedWithCustomError(market, "JobMarketDeadlinePassed")
        .withArgs(jobIdOf(first), deadline);
    });
  });
});
