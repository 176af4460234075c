import { expect } from "chai";
import { network } from "hardhat";
import { deployDigitsSet, provenDigits } from "../../helpers/digit-proofs.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const digitsSet = () => deployDigitsSet(chain);

describe("VerifierRouter", () => {
  describe("verifyBatch", () => {
    itMeasuresGas("costs at most 60 k gas a proof in a transaction of 32", async () => {
      const { router, selector, stranger, set } = await networkHelpers.loadFixture(digitsSet);
      const digits = await provenDigits();
      const cost: Record<number, bigint> = {};
      for (const count of [1, 8, 16, 32]) {
        const rows = Array.from({ length: count }, (_, i) => digits[i % digits.length]);
        const data = router.interface.encodeFunctionData("verifyBatch", [
          selector,
          rows.map((row) => row?.proof) as never,
          rows.map((row) => row?.inputs) as never,
        ]);
        const direct = await chain.ethers.getContractAt("IGroth16BatchVerifier", set.batchVerifier);
        const d2 = direct.interface.encodeFunctionData("verifyBatch", [
          rows.map((row) => row?.proof) as never,
          rows.map((row) => row?.inputs) as never,
        ]);
        const r2 = await (await stranger.sendTransaction({ to: set.batchVerifier, data: d2, gasLimit: 4_000_000 })).wait();
        console.log("direct", count, (r2?.gasUsed ?? 0n), (r2?.gasUsed ?? 0n) / BigInt(count));
        const sent = await stranger.sendTransaction({ to: await router.getAddress(), data, gasLimit: 4_000_000 });
        const receipt = await sent.wait();
        cost[count] = (receipt?.gasUsed ?? 0n) / BigInt(count);
        expect(await router.verifyBatch(selector, rows.map((row) => row?.proof) as never, rows.map((row) => row?.inputs) as never)).to.equal(true);
      }
      console.log(cost);
      expect(cost[32]).to.be.at.most(60_000n);
    });
  });
});
