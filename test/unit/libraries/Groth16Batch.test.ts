import { expect } from "chai";
import { network } from "hardhat";
import { type Proven, provenDigits } from "../../helpers/digit-proofs.ts";
import { BASE_FIELD, type Inputs, type Proof, SCALAR_FIELD } from "../../helpers/routers.ts";

const { ethers, networkHelpers } = await network.create();

async function generated() {
  const [stranger] = await ethers.getSigners();
  if (!stranger) throw new Error("the chain offers too few accounts");
  const verifier = await ethers.deployContract("DigitsDevBatchVerifier");
  return { verifier, stranger, digits: await provenDigits() };
}

describe("Groth16Batch, in the generated batch verifier", () => {
  it("accepts what the router hands it, and neither no proofs nor another number of statements", async () => {
    const { verifier, digits } = await networkHelpers.loadFixture(generated);
    const proofs = digits.map(({ proof }) => proof);
    const inputs = digits.map(({ inputs }) => inputs);
    expect(await verifier.verifyBatch(proofs, inputs)).to.equal(true);
    expect(await verifier.verifyBatch([], [])).to.equal(false);
    expect(await verifier.verifyBatch(proofs, inputs.slice(1))).to.equal(false);
    expect(await verifier.verifyBatch(proofs.slice(1), inputs)).to.equal(false);
  });

  it("PRF-2: accepts no second encoding of an input or of a coordinate", async () => {
    const { verifier, digits } = await networkHelpers.loadFixture(generated);
    const [first, second] = digits as [Proven, Proven];
    for (const index of [0, 1, 2] as const) {
      const inputs = second.inputs.with(index, second.inputs[index] + SCALAR_FIELD) as Inputs;
      expect(
        await verifier.verifyBatch([first.proof, second.proof], [first.inputs, inputs]),
      ).to.equal(false);
    }
    for (const [index, word] of second.proof.entries()) {
      const proof = second.proof.with(index, word + BASE_FIELD) as Proof;
      expect(
        await verifier.verifyBatch([first.proof, proof], [first.inputs, second.inputs]),
        `word ${index}`,
      ).to.equal(false);
    }
  });

  it("spends little on junk: a point off the curve ends the batch", async () => {
    const { verifier, digits, stranger } = await networkHelpers.loadFixture(generated);
    const [first] = digits as [Proven];
    const proof = first.proof.with(1, 5n) as Proof;
    const data = verifier.interface.encodeFunctionData("verifyBatch", [
      [first.proof, proof],
      [first.inputs, first.inputs],
    ]);
    const to = await verifier.getAddress();
    const sent = await stranger.sendTransaction({ to, data, gasLimit: 2_000_000 });
    expect((await sent.wait())?.gasUsed).to.be.lessThan(100_000n);
  });
});
