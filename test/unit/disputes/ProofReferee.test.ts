import { encodeProofEvidence } from "@lattice/sdk";
import { type CommittedTrace, loadModel, type ProofEvidence, proofEvidence } from "@lattice/zkml";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { DIGITS_MODEL_URL } from "../../../packages/zkml/models/digits/index.ts";
import { deployDigitsSet, provenDigits } from "../../helpers/digit-proofs.ts";
import { inferDigit } from "../../helpers/digits.ts";
import { deployProofReferee, provenRun } from "../../helpers/disputes/proof.ts";
import type { Roots } from "../../helpers/disputes/referee.ts";
import { withLie } from "../../helpers/disputes/runs.ts";

const chain = await network.create();
const { networkHelpers } = chain;

/** Numbers of IVerifierRouter.Status. */
const STATUS = { none: 0, registered: 1, stopped: 3 } as const;

async function deploy() {
  const base = await deployDigitsSet(chain);
  const referee = await deployProofReferee(chain, await base.router.getAddress());
  return { ...base, referee };
}

async function deployReviewed() {
  const base = await deploy();
  await base.router.connect(base.governance).markReviewed(base.selector);
  return base;
}

/** A drawn three, a real proof of what the model says of it, and traces with and without a lie. */
async function provenThree() {
  const [{ proof, inputs } = { proof: [], inputs: [] }] = await provenDigits();
  const [context, inputCommitment, outputCommitment] = inputs as [bigint, bigint, bigint];
  const { graph } = await loadModel(DIGITS_MODEL_URL);
  const { input } = await inferDigit(3);
  const run = provenRun(graph, input, { proof, outputCommitment });
  const last = run.trace.tensors.length - 1;
  const lie = withLie(run.trace, last, 7);
  return { ...run, lie, last, proof, context, inputCommitment, outputCommitment };
}

type Three = Awaited<ReturnType<typeof provenThree>>;
type Referee = Awaited<ReturnType<typeof deploy>>["referee"];

describe("ProofReferee", () => {
  let three: Three;

  before(async () => {
    three = await provenThree();
  });

  /** What the referee says of the evidence, as it is or changed. */
  async function judge(
    suspect: CommittedTrace,
    changes: Partial<ProofEvidence> = {},
    stated: Partial<Roots> = {},
    context = three.context,
  ) {
    const { referee, selector } = await networkHelpers.loadFixture(deployReviewed);
    const { roots, evidence } = three.against(suspect);
    const data = encodeProofEvidence({ ...evidence, ...changes });
    return referee.contradicts({ ...roots, ...stated }, selector, context, data);
  }

  async function refusal(
    judged: Promise<boolean>,
    contract: Pick<Referee, "interface">,
    error: string,
    ...args: unknown[]
  ) {
    await expect(judged)
      .to.be.revertedWithCustomError(contract as Referee, error)
      .withArgs(...args);
  }

  it("hears a proof of another output, and of the trace's own", async () => {
    expect(await judge(three.lie)).to.equal(true);
    expect(await judge(three.trace)).to.equal(false);
  });

  it("takes the trace's first tensor for the input where none is stated", async () => {
    for (const [suspect, wrong] of [
      [three.lie, true],
      [three.trace, false],
    ] as const) {
      const proven = { proof: three.proof, outputCommitment: three.outputCommitment };
      const evidence = proofEvidence(three.program, suspect, proven);
      expect(await judge(suspect, evidence, { inputRoot: ZeroHash })).to.equal(wrong);
    }
  });

  it("reverts for a proof that is bound to another result or challenger (PRF-1)", async () => {
    const { referee, selector } = await networkHelpers.loadFixture(deployReviewed);
    const context = three.context + 1n;
    await expect(judge(three.lie, {}, {}, context))
      .to.be.revertedWithCustomError(referee, "ProofRefereeInvalidProof")
      .withArgs(selector, [context, three.inputCommitment, three.outputCommitment]);
  });

  it("reverts for a tampered proof, and for another output than the proof's", async () => {
    const { referee, selector } = await networkHelpers.loadFixture(deployReviewed);
    const { proof, context, inputCommitment, outputCommitment } = three;
    const swapped = [...proof.slice(6), ...proof.slice(2, 6), ...proof.slice(0, 2)];
    await expect(judge(three.lie, { proof: swapped }))
      .to.be.revertedWithCustomError(referee, "ProofRefereeInvalidProof")
      .withArgs(selector, [context, inputCommitment, outputCommitment]);
    await expect(judge(three.trace, { outputCommitment: outputCommitment + 1n }))
      .to.be.revertedWithCustomError(referee, "ProofRefereeInvalidProof")
      .withArgs(selector, [context, inputCommitment, outputCommitment + 1n]);
  });

  it("reverts for a proof of another input than the one that was ordered", async () => {
    const { referee, selector } = await networkHelpers.loadFixture(deployReviewed);
    const { graph } = await loadModel(DIGITS_MODEL_URL);
    const other = await inferDigit(8);
    const proven = { proof: three.proof, outputCommitment: three.outputCommitment };
    const { trace, against } = provenRun(graph, other.input, proven);
    const { roots, evidence } = against(trace);
    await expect(judge(trace, evidence, roots))
      .to.be.revertedWithCustomError(referee, "ProofRefereeInvalidProof")
      .withArgs(selector, [three.context, other.inputCommitment, three.outputCommitment]);
    // The ordered input cannot be exchanged for it either.
    const exchanged = judge(three.lie, { input: evidence.input });
    await refusal(
      exchanged,
      referee,
      "ProofRefereeInput",
      roots.inputRoot,
      three.against(three.lie).roots.inputRoot,
    );
  });

  it("reverts when the output is not opened", async () => {
    const { referee } = await networkHelpers.loadFixture(deployReviewed);
    const { evidence } = three.against(three.lie);
    const closed = {
      ...evidence.output,
      chunkRoot: new Uint8Array(32),
      siblings: [],
      chunkIndices: [],
      chunks: new Uint8Array(0),
      chunkProof: [],
    };
    await refusal(judge(three.lie, { output: closed }), referee, "ProofRefereeChunks", 0, 1);
  });

  it("reverts for the opening of another trace or program", async () => {
    const libraries = await chain.ethers.deployContract("OperatorReferee");
    const { evidence, roots } = three.against(three.lie);
    const program = id("another program");
    await expect(judge(three.lie, {}, { program }))
      .to.be.revertedWithCustomError(libraries, "TraceProgramRoot")
      .withArgs(roots.program, program);
    const trace = id("another trace");
    await expect(judge(three.lie, {}, { trace }))
      .to.be.revertedWithCustomError(libraries, "TraceOpeningTrace")
      .withArgs(roots.trace, trace);
    const input = { ...evidence.input, siblings: [new Uint8Array(32)] };
    await expect(judge(three.lie, { input }))
      .to.be.revertedWithCustomError(libraries, "TraceOpeningSurplus")
      .withArgs(0);
  });

  it("reverts while the verifier is unknown, not reviewed, or stopped", async () => {
    const { referee, router, governance, selector } = await networkHelpers.loadFixture(deploy);
    const { roots, evidence } = three.against(three.lie);
    const data = encodeProofEvidence(evidence);
    const hear = (verifier: string) => referee.contradicts(roots, verifier, three.context, data);
    await refusal(
      hear("0x12345678"),
      referee,
      "ProofRefereeNotReviewed",
      "0x12345678",
      STATUS.none,
    );
    await refusal(hear(selector), referee, "ProofRefereeNotReviewed", selector, STATUS.registered);
    await router.connect(governance).markReviewed(selector);
    expect(await hear(selector)).to.equal(true);
    await router.connect(governance).stop(selector);
    await refusal(hear(selector), referee, "ProofRefereeNotReviewed", selector, STATUS.stopped);
  });
});
