import {
  type DisputeClaim,
  encodeProofEvidence,
  encodeStepEvidence,
  encodeTraceEvidence,
} from "@lattice/sdk";
import {
  CHUNK_BYTES,
  type CommittedTrace,
  type Fault,
  findFault,
  loadModel,
  proofEvidence,
} from "@lattice/zkml";
import { id, keccak256 } from "ethers";
import { DIGITS_MODEL_URL } from "../../../../packages/zkml/models/digits/index.ts";
import { withByte } from "../../../../packages/zkml/test/helpers/forged-traces.ts";
import { runOf, withLie } from "../../../../test/helpers/disputes/runs.ts";
import { withClockStopped } from "../clock.ts";
import { type DisputedResult, deliveredJob, fundChallenger } from "../disputes/jobs.ts";
import {
  convModel,
  denseModel,
  type MeasuredModel,
  stridedModel,
  tallConvModel,
  tallPoolModel,
  wideConvModel,
} from "../disputes/models.ts";
import { disputedRun, rootAt } from "../disputes/runs.ts";
import type { Figures } from "../figures.ts";
import { gasOf } from "../measure.ts";
import { inferenceOf, type Place } from "../place.ts";
import type { Proofs } from "../proofs.ts";

const SALT = id("salt");
/** Steps at the caps of a lowered program, each dear for a reason of its own. */
const WORST = {
  wideConv: wideConvModel,
  tallConv: tallConvModel,
  tallPool: tallPoolModel,
  strided: stridedModel,
};
const LABEL = 3;

/** Convictions of a job's provider: the whole transaction, evidence that was committed to before. */
export async function measureChallenges(place: Place, proofs: Proofs): Promise<Figures> {
  await fundChallenger(place);
  const dense = await measureStep(place, "dense", denseModel());
  const conv = await measureStep(place, "conv", convModel());
  const worst: Record<string, number> = {};
  for (const [name, make] of Object.entries(WORST)) {
    worst[`challengeWorstStep.${name}`] = (await measureStep(place, name, make())).challenge;
  }
  return {
    challengeOneStep: dense.challenge,
    challengeConvStep: conv.challenge,
    challengeWorstStep: Math.max(...Object.values(worst)),
    ...worst,
    challengeCommit: dense.commit,
    ...(await measureTrace(place)),
    ...(await measureProof(place, proofs)),
  };
}

/** Of a step; what the deployments and the search for the fault take is not counted. */
async function measureStep(place: Place, name: string, measured: MeasuredModel) {
  const run = await withClockStopped(place.chain, () => disputedRun(place, name, measured));
  const job = await deliveredJob(place, 0, { ...run, traceRoot: run.lie.root });
  const evidence = encodeStepEvidence(run.evidence);
  const commit = await commitTo(place, job, evidence);
  const { disputes, market, actors } = place;
  const challenge = await gasOf(
    disputes.connect(actors.reporter).challengeStep(market, job.claim, evidence, SALT),
  );
  return { commit, challenge };
}

async function commitTo(
  { disputes, market, actors }: Place,
  { subject }: DisputeClaim,
  evidence: string,
): Promise<number> {
  const commitment = await disputes.commitmentOf(
    actors.reporter,
    market,
    subject,
    keccak256(evidence),
    SALT,
  );
  return gasOf(disputes.connect(actors.reporter).commit(commitment));
}

/** Faults that are none of a trace's elements: another input than was ordered, and bytes behind the last element. */
async function measureTrace(place: Place): Promise<Figures> {
  const digits = await digitsRun(place);
  const other = await digitsRun(place, LABEL + 1);
  const swapped = { ...digits, suspect: other.honest };
  const padded = withByte(digits.honest, 1, CHUNK_BYTES - 1, (byte) => byte + 1);
  return {
    challengeTrace: await challengeTrace(place, 0, swapped),
    "challengeTrace.padding": await challengeTrace(place, 1, { ...digits, suspect: padded }),
  };
}

type DigitsRun = Awaited<ReturnType<typeof digitsRun>>;

async function challengeTrace(
  place: Place,
  index: number,
  run: DigitsRun & { readonly suspect: CommittedTrace },
): Promise<number> {
  const fault = findFault(run.model, run.honest, run.suspect);
  const evidence = traceEvidenceOf(fault);
  const job = await deliveredJob(place, index, resultOf(place, run, run.suspect));
  const { disputes, market, actors } = place;
  await commitTo(place, job, evidence);
  return gasOf(disputes.connect(actors.reporter).challengeTrace(market, job.claim, evidence, SALT));
}

function traceEvidenceOf(fault: Fault | undefined): string {
  if (fault?.kind !== "trace") throw new Error("The trace has no fault but of its elements.");
  return encodeTraceEvidence(fault.evidence);
}

/** A real proof of what the model says of a drawing, against a trace that says otherwise. */
async function measureProof(place: Place, proofs: Proofs): Promise<Figures> {
  const { disputes, market, router, selector, actors, modelVersion } = place;
  await router.connect(actors.governance).markReviewed(selector);
  const run = await digitsRun(place);
  const last = run.honest.tensors.length - 1;
  const lie = withLie(run.honest, last, 7);
  const job = await deliveredJob(place, 2, resultOf(place, run, lie));
  const inference = inferenceOf(place, LABEL);
  const challenger = actors.reporter;
  const context = await disputes.proofContext(market, job.subject, challenger, modelVersion);
  const proof = await withClockStopped(place.chain, () => proofs.prove(context, inference));
  const outputCommitment = BigInt(inference.outputCommitment);
  const [ordered] = run.honest.tensors;
  const evidence = encodeProofEvidence(
    proofEvidence(run.model.program, lie, { proof, outputCommitment }, ordered),
  );
  const sent = disputes.connect(challenger).challengeProof(market, job.claim, evidence);
  return { challengeProof: await gasOf(sent) };
}

/** The digit classifier on a drawing of this label. */
async function digitsRun(place: Place, label = LABEL) {
  const { graph } = await loadModel(DIGITS_MODEL_URL);
  const { model, trace } = runOf(graph, inferenceOf(place, label).input);
  return { model, honest: trace };
}

function resultOf(
  { modelVersion }: Place,
  { honest }: DigitsRun,
  suspect: CommittedTrace,
): DisputedResult {
  return { modelVersion, inputRoot: rootAt(honest, 0), traceRoot: suspect.root };
}
