import { expect } from "chai";
import { network } from "hardhat";
import {
  deployDigitsSet,
  type Proven,
  provenDigits,
  provenFour,
} from "../../helpers/digit-proofs.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";

const chain = await network.create();
const { networkHelpers } = chain;

const digitsSet = () => deployDigitsSet(chain);

describe("VerifierRouter", () => {
  describe("gas of transactions that check real proofs", () => {
    async function deployed() {
      const { router, selector, set, stranger } = await networkHelpers.loadFixture(digitsSet);
      const digits = await provenDigits();
      const spent = async (to: string, data: string): Promise<bigint> => {
        const sent = await stranger.sendTransaction({ to, data, gasLimit: 5_000_000 });
        return (await sent.wait())?.gasUsed ?? 0n;
      };
      const rows = (count: number) =>
        Array.from({ length: count }, (_, i) => digits[i % digits.length] as Proven);
      return { router, selector, set, spent, rows, at: await router.getAddress() };
    }

    itMeasuresGas(
      "a batch of 32 costs about 61 k a proof, a quarter of a single one",
      async function () {
        const { router, selector, spent, rows, at } = await deployed();
        const [first] = rows(1) as [Proven];
        const single = await spent(
          at,
          router.interface.encodeFunctionData("verify", [selector, first.proof, first.inputs]),
        );
        const perProof = new Map<number, bigint>();
        for (const count of [8, 16, 32]) {
          const data = router.interface.encodeFunctionData("verifyBatch", [
            selector,
            rows(count).map(({ proof }) => proof),
            rows(count).map(({ inputs }) => inputs),
          ]);
          perProof.set(count, (await spent(at, data)) / BigInt(count));
        }
        const measured = [...perProof].map(([count, gas]) => `${gas} at ${count}`).join(", ");
        if (this.test) this.test.title += ` (single ${single}; a proof ${measured})`;
        // The older code generator, which builds for development, costs about a hundredth more.
        expect(perProof.get(32)).to.be.at.most(62_000n);
        expect(single).to.be.at.least(3n * (perProof.get(32) ?? 0n));
      },
    );

    itMeasuresGas("four jobs in one proof cost less than two proofs", async function () {
      const { router, selector, spent, at } = await deployed();
      const { proof, inputs } = await provenFour();
      const gas = await spent(
        at,
        router.interface.encodeFunctionData("verifyMany", [selector, proof, [...inputs]]),
      );
      if (this.test) this.test.title += ` (${gas}, ${gas / 4n} a job)`;
      expect(gas).to.be.at.most(310_000n);
    });
  });
});
