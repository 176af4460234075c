import { encodeStepEvidence } from "@lattice/sdk";
import { type CommittedTensor, knownTrace, openOutput, openStep } from "@lattice/zkml";
import { expect } from "chai";
import { hexlify } from "ethers";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import {
  BOND,
  BOUNTY,
  COMPENSATION,
  commitTo,
  Ground,
  OPENING_BOND,
  PRIORITY_SECONDS,
  timeOf,
} from "../../helpers/dispute-cases.ts";
import { refereedCase } from "../../helpers/dispute-runs.ts";
import { falsified } from "../../helpers/disputes/cases.ts";
import { threeChunks } from "../../helpers/disputes/graphs.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const random = new SeededRandom(0x6a3e);
const run = committedRun(threeChunks(), random);
/** An element of the program's last node, in the second of the output's chunks. */
const STEP = { node: 1, element: 1_500 };
const WRONG = falsified(run, STEP, random);
const OUTPUT = run.trace.tensors[2] as CommittedTensor;

const right = () => refereedCase(chain, run, run.trace);
const wrong = () => refereedCase(chain, run, WRONG);

/** What shows the step of the trace that was committed. */
const evidenceIn = (trace: typeof run.trace) =>
  encodeStepEvidence(openStep(run, knownTrace(trace), STEP));

/** Publishes chunks of the output as they lie in `trace`. */
function publish(
  { disputes, market, claim, provider }: Awaited<ReturnType<typeof right>>,
  first: number,
  count: number,
  trace = run.trace,
) {
  const { program, traceTree, output } = openOutput(run.program, trace, first, count);
  return disputes.connect(provider).publishOutput(
    market,
    claim,
    program,
    traceTree,
    // Bindings take lists that can be written to.
    {
      ...output,
      headerSiblings: [...output.headerSiblings],
      siblings: [...output.siblings],
      chunkIndices: [...output.chunkIndices],
      chunkProof: [...output.chunkProof],
    },
  );
}

describe("DisputeGame", () => {
  describe("before the real referees", () => {
    it("DIS-1: convicts a wrong element that was committed to, and pays who found it", async () => {
      const base = await networkHelpers.loadFixture(wrong);
      const { disputes, market, claim, subject, provider, challenger, requester, system } = base;
      const evidence = evidenceIn(WRONG);
      const made = await commitTo(base, base, challenger, evidence);
      const foundAt = await timeOf(chain, made.transaction);
      await networkHelpers.time.increase(5);
      const act = disputes.connect(challenger).challengeStep(market, claim, evidence, made.salt);
      const at = await timeOf(chain, await act);
      await expect(act)
        .to.emit(disputes, "ResultConvicted")
        .withArgs(
          ...[market.target, subject, provider.address, challenger.address],
          ...[Ground.WrongStep, foundAt, at + PRIORITY_SECONDS],
        );
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, disputes],
        [BOND, -BOND],
      );
      await networkHelpers.time.increase(PRIORITY_SECONDS);
      await expect(disputes.execute(market, claim)).to.changeTokenBalances(
        ethers,
        system.token,
        [challenger, requester],
        [BOUNTY, COMPENSATION],
      );
    });

    it("DIS-1: convicts nobody for a right element, nor on evidence against another trace", async () => {
      const base = await networkHelpers.loadFixture(right);
      const { disputes, market, claim, subject, challenger } = base;
      const challenge = (evidence: string) =>
        disputes.connect(challenger).challengeStep(market, claim, evidence, ethers.ZeroHash);
      await expect(challenge(evidenceIn(run.trace)))
        .to.be.revertedWithCustomError(disputes, "DisputeGameNotWrong")
        .withArgs(market.target, subject);
      const referee = await ethers.getContractAt(
        "OperatorReferee",
        await disputes.OPERATOR_REFEREE(),
      );
      await expect(challenge(evidenceIn(WRONG)))
        .to.be.revertedWithCustomError(referee, "TraceOpeningTrace")
        .withArgs(WRONG.root, run.trace.root);
      expect(await disputes.isHeld(market, subject)).to.equal(false);
    });

    it("publishes the output as it lies in the trace, and nothing else", async () => {
      const base = await networkHelpers.loadFixture(right);
      const { disputes, market, claim, subject, requester, provider, system, order } = base;
      await disputes.connect(requester).demandOutput(market, claim, 0, 2);
      const referee = await ethers.getContractAt("TraceReferee", await disputes.TRACE_REFEREE());
      await expect(publish(base, 0, 2, WRONG))
        .to.be.revertedWithCustomError(referee, "TraceOpeningTrace")
        .withArgs(WRONG.root, run.trace.root);
      await expect(publish(base, 1, 2))
        .to.be.revertedWithCustomError(referee, "TensorReaderMissing")
        .withArgs(0);
      const act = publish(base, 0, 2);
      await expect(act)
        .to.emit(disputes, "ChunksPublished")
        .withArgs(
          ...[market.target, subject, provider.address, false, 0n],
          hexlify(OUTPUT.packed.subarray(0, 2_048)),
        );
      await expect(act).to.changeTokenBalances(
        ethers,
        system.token,
        [disputes, provider],
        [-2n * OPENING_BOND, 2n * OPENING_BOND],
      );
      // The third chunk is the last: it is all there is of a demand for more.
      await disputes.connect(requester).demandOutput(market, claim, 2, 9);
      await expect(publish(base, 2, 1))
        .to.emit(disputes, "ChunksPublished")
        .withArgs(
          ...[market.target, subject, provider.address, false, 2n],
          hexlify(OUTPUT.packed.subarray(2_048)),
        );
      await networkHelpers.time.increase(order.challengeSeconds);
      await expect(market.settle(order)).to.emit(market, "JobSettled");
    });
  });
});
