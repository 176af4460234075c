import { manyProofContext, proofContext, SCALAR_FIELD } from "@lattice/sdk";
import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();

const harness = () => ethers.deployContract("ProofContextHarness");

/** Contexts as markets compute them: anything below the field order. */
function contextsOf(count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => BigInt(id(`job ${i}`)) % SCALAR_FIELD);
}

describe("ProofContext", () => {
  describe("compute", () => {
    it("is what the SDK computes", async () => {
      const contract = await networkHelpers.loadFixture(harness);
      const { chainId } = await ethers.provider.getNetwork();
      for (const seed of [0, 1, 2]) {
        const market = toBeHex(BigInt(id(`market ${seed}`)) >> 96n, 20);
        const provider = toBeHex(BigInt(id(`provider ${seed}`)) >> 96n, 20);
        const [orderHash, modelVersion] = [id("order"), id("model")];
        expect(await contract.compute(market, orderHash, provider, modelVersion)).to.equal(
          proofContext({ chainId, market, orderHash, provider, modelVersion }),
        );
      }
    });
  });

  describe("computeMany", () => {
    it("is what the SDK computes, for any number of jobs", async () => {
      const contract = await networkHelpers.loadFixture(harness);
      for (const count of [0, 1, 2, 4, 32]) {
        const contexts = contextsOf(count);
        const context = await contract.computeMany(contexts);
        expect(context, `${count} jobs`).to.equal(manyProofContext(contexts));
        expect(context < SCALAR_FIELD).to.equal(true);
      }
    });

    it("PRF-1: binds every context, their order and their number", async () => {
      const contract = await networkHelpers.loadFixture(harness);
      const contexts = contextsOf(4) as [bigint, bigint, bigint, bigint];
      const context = await contract.computeMany(contexts);
      const others = [
        ...contexts.map((value, i) => contexts.with(i, value + 1n)),
        [...contexts].reverse(),
        contexts.with(2, contexts[3]).with(3, contexts[2]),
        contexts.slice(0, 3),
        [...contexts, 0n],
      ];
      for (const other of others) expect(await contract.computeMany(other)).to.not.equal(context);
    });
  });
});
