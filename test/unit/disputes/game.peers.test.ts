import { hashBatchRecord, RECEIPT_TYPES, type Receipt, receiptDomain } from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  type BatchCase,
  batchCase,
  claimAt,
  convictAt,
  orderHashAt,
} from "../../helpers/dispute-batches.ts";
import {
  BOND,
  bondedCase,
  commitTo,
  convict,
  evidenceOf,
  Ground,
  PRIORITY_SECONDS,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import { deployDisputes } from "../../helpers/disputes.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const bonded = () => bondedCase(chain);
const claimed = () => batchCase(chain);
/** Beside the referee: reader, model, verdict, hold and event. */
const OVERHEAD_GAS = 95_000n;

/** Reports Ada for two receipts of the batch's second job. */
async function report(base: BatchCase) {
  const { equivocation, settlement, actors, challenger } = base;
  const { chainId } = await ethers.provider.getNetwork();
  const domain = receiptDomain(chainId, await equivocation.getAddress());
  const subject = orderHashAt(base, 1);
  const market = await settlement.getAddress();
  const state = async (output: string) => {
    const receipt: Receipt = { market, subject, outputCommitment: id(output) };
    const signature = await actors.ada.signTypedData(domain, RECEIPT_TYPES, { ...receipt });
    return { outputCommitment: receipt.outputCommitment, signature };
  };
  await equivocation
    .connect(challenger)
    .report(actors.ada, market, subject, await state("one"), await state("two"));
}

/** A game whose LAT makes a call in the middle of transfers, with an inquiry of the challenger. */
async function reentered() {
  const base = await bondedCase(chain);
  const { system, market, claim, challenger } = base;
  const token = await ethers.deployContract("ReenteringToken");
  const { disputes, readers } = await deployDisputes(ethers, { ...system, lat: token });
  await disputes.connect(system.actors.governance).setLane(market, readers.jobs);
  await token.mint(challenger, 2n * BOND);
  await token.connect(challenger).approve(disputes, 2n * BOND);
  await disputes.connect(challenger).inquire(market, claim);
  return { ...base, disputes, token };
}

describe("DisputeGame", () => {
  describe("challengeEquivocation", () => {
    it("convicts a provider that was reported for two results, for its reporter", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record, actors, challenger, rival } = base;
      const { claim, subject } = claimAt(base, record, 1);
      await report(base);
      const act = disputes.connect(rival).challengeEquivocation(settlement, claim);
      const at = await timeOf(chain, await act);
      await expect(act)
        .to.emit(disputes, "ResultConvicted")
        .withArgs(
          ...[settlement.target, subject, actors.ada.address, challenger.address],
          ...[Ground.Equivocation, at, at + PRIORITY_SECONDS],
        );
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      await expect(disputes.execute(settlement, claim))
        .to.emit(settlement, "BatchJobPunished")
        .withArgs(
          ...[hashBatchRecord(record), subject, actors.ada.address],
          ...[
            hashBatchRecord({
              ...record,
              count: 2n,
              collateral: record.collateral - parseEther("20"),
            }),
          ],
          ...[challenger.address, parseEther("20"), base.served[1]?.order.requester, record.price],
        );
    });

    it("DIS-1: convicts nobody without a report, or for one of another result", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const { disputes, settlement, record } = base;
      await report(base);
      const { claim, subject } = claimAt(base, record, 0);
      await expect(disputes.challengeEquivocation(settlement, claim))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotWrong")
        .withArgs(settlement.target, subject);
    });
  });

  describe("gas", () => {
    it("of a conviction, beside referee and evidence, is at most 95,000", async () => {
      const base = await networkHelpers.loadFixture(bonded);
      const { disputes, market, claim, roots, challenger, system } = base;
      const evidence = evidenceOf(roots);
      const sent = await disputes
        .connect(challenger)
        .challengeStep(market, claim, evidence, ZeroHash);
      const used = (await sent.wait())?.gasUsed ?? 0n;
      const bytes = [...ethers.getBytes(sent.data)];
      const calldata = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
      const [program = "", weights = "", inputRoot = "", outputRoot = "", trace = ""] = roots;
      const asked = { program, weights, inputRoot, outputRoot, trace };
      const judged = await system.referee.isWrongStep.estimateGas(asked, evidence);
      const intrinsic = 21_000n;
      // The estimate counts a transaction of its own around the referee.
      const refereed = judged - intrinsic;
      const overhead = used - intrinsic - calldata - refereed;
      console.log(`gas: ${used} a conviction, of which ${overhead} beside evidence and referee`);
      expect(overhead).to.be.at.most(OVERHEAD_GAS);
    });

    it("of a batch's job is not much more", async () => {
      const base = await networkHelpers.loadFixture(claimed);
      const sent = await convictAt(base, base.record, 1);
      const used = (await sent.wait())?.gasUsed ?? 0n;
      console.log(`gas: ${used} a conviction of a batch's job`);
      expect(used).to.be.at.most(170_000n);
    });
  });

  describe("a token that calls back", () => {
    it("gets no bond twice: what moves LAT is not entered again", async () => {
      const base = await networkHelpers.loadFixture(reentered);
      const { disputes, token, market, subject, claim, challenger, provider } = base;
      const call = (name: "closeInquiry" | "execute", args: readonly unknown[]) =>
        disputes.interface.encodeFunctionData(name as "closeInquiry", args as never);
      const guarded = disputes.interface.encodeErrorResult("ReentrancyGuardReentrantCall", []);
      for (const data of [
        call("closeInquiry", [market.target, subject, challenger.address]),
        call("execute", [market.target, claim]),
      ]) {
        const snapshot = await networkHelpers.takeSnapshot();
        await token.arm(disputes, data);
        const act = disputes.connect(challenger).closeInquiry(market, subject, challenger);
        await expect(act).to.emit(token, "Reentered").withArgs(false, guarded);
        await expect(act).to.changeTokenBalances(
          ethers,
          token,
          [disputes, provider],
          [-BOND, BOND / 2n],
        );
        await snapshot.restore();
      }
    });

    it("finds the verdict stored, and the bond gone, when evidence brings it back", async () => {
      const base = await networkHelpers.loadFixture(reentered);
      const { disputes, token, market, subject, challenger, roots } = base;
      const evidence = evidenceOf(roots);
      const { commitment, salt } = await commitTo(base, base, challenger, evidence);
      const game = disputes.interface;
      const prove = () => convict({ ...base, disputes }, challenger, salt, evidence);

      const snapshot = await networkHelpers.takeSnapshot();
      const guarded = game.encodeErrorResult("ReentrancyGuardReentrantCall", []);
      const burning = [challenger.address, commitment] as const;
      await token.arm(disputes, game.encodeFunctionData("burnCommitment", [...burning]));
      const act = prove();
      await expect(act).to.emit(token, "Reentered").withArgs(false, guarded);
      await expect(act).to.changeTokenBalances(ethers, token, [challenger], [BOND]);
      await snapshot.restore();

      const verdict = [market.target as string, subject] as const;
      await token.arm(disputes, game.encodeFunctionData("verdictOf", [...verdict]));
      const seen = await prove();
      const stored = await ethers.provider.call({
        to: disputes.target,
        data: game.encodeFunctionData("verdictOf", [...verdict]),
      });
      await expect(seen).to.emit(token, "Reentered").withArgs(true, stored);
    });

    it("pays out nothing while a bond comes in", async () => {
      const base = await networkHelpers.loadFixture(reentered);
      const { disputes, token, market, claim, subject, challenger, rival } = base;
      await token.mint(rival, BOND);
      await token.connect(rival).approve(disputes, BOND);
      const data = disputes.interface.encodeFunctionData("closeInquiry", [
        market.target as string,
        subject,
        challenger.address,
      ]);
      await token.arm(disputes, data);
      await expect(disputes.connect(rival).inquire(market, claim)).to.emit(token, "Reentered");
      expect(await token.balanceOf(disputes)).to.equal(2n * BOND);
    });
  });
});
