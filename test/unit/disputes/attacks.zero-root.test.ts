import { concat, keccak256, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import { assignedCase, type Case, TRACE } from "../../helpers/dispute-cases.ts";
import { answer, ask, expectInvalid } from "../../helpers/dispute-inquiries.ts";
import { leafOf, pathTo, type TestTensor, traceOf } from "../../helpers/dispute-trees.ts";
import { OUTPUT_DIGEST } from "../../helpers/orders.ts";

const chain = await network.create();
const { networkHelpers } = chain;

/** Ada commits this trace root, and the challenger inquires. */
async function inquiredRoot(root: string): Promise<Case> {
  const assigned = await networkHelpers.loadFixture(assigned_);
  const { market, provider, order, disputes, challenger, claim } = assigned;
  await market.connect(provider).commit(order, root, OUTPUT_DIGEST);
  const { deadline } = await market.jobOf(assigned.jobId);
  await disputes.connect(challenger).inquire(market, claim);
  return { ...assigned, challengeableUntil: Number(deadline) };
}
const assigned_ = () => assignedCase(chain);

// Nothing hashes to zero, so no evidence opens a tree whose root is zero: who could answer for one
// could not be convicted, whatever the result.
describe("DisputeGame", () => {
  describe("an answer for a tree whose root is zero", () => {
    it("attack: nodes of any number open no zero root over tensors", async () => {
      const base = await inquiredRoot(keccak256(concat(["0x05", TRACE.count, ZeroHash])));
      for (const nodes of [[], [TRACE.tree], TRACE.levels[0] ?? []]) {
        await expectInvalid(base, { nodes, data: TRACE.count });
      }
    });

    it("attack: nodes of any number open no zero root over chunks", async () => {
      const honest = TRACE.tensors[7] as TestTensor;
      const root = keccak256(concat(["0x02", honest.header, ZeroHash]));
      const forged = traceOf(TRACE.tensors.with(7, { ...honest, chunkRoot: ZeroHash, root }));
      const base = await inquiredRoot(forged.root);
      for (const move of pathTo(forged, 7, 17).slice(0, 2)) {
        await answer(base, move);
        await ask(base, move);
      }
      for (const nodes of [[], [honest.chunkRoot], [leafOf(toBeHex(0, 1024))]]) {
        await expectInvalid(base, { nodes, data: honest.header });
      }
    });
  });
});
