export { type OutputOpening, openChunks, openOutput } from "./chunk-openings.ts";
export { type ChallengeEstimate, estimateChallenge } from "./estimate-challenge.ts";
export {
  type ProgramOpening,
  type StepEvidence,
  type TensorOpening,
  TRACE_FAULTS,
  type TraceEvidence,
  type TraceFaultName,
} from "./evidence-types.ts";
export {
  type ChunkPlace,
  chunkFault,
  type Fault,
  findFault,
  headerFault,
  type StatedRoots,
} from "./find-fault.ts";
export { type Answer, answerQuestion } from "./inquiry.ts";
export { InquiryGuide, type InquiryMove } from "./inquiry-guide.ts";
export { inquiryRounds, PLACES, type PlaceName } from "./inquiry-places.ts";
export { PathTrace } from "./path-trace.ts";
export { type ProofEvidence, type ProvenOutput, proofEvidence } from "./proof-evidence.ts";
export { type DecidingValues, readsOf } from "./reads.ts";
export { type StepCost, stepCost } from "./step-cost.ts";
export {
  type CommittedModel,
  openStep,
  type StepPlace,
  stepEvidence,
} from "./step-evidence.ts";
export {
  knownTrace,
  type SuspectTensor,
  type SuspectTrace,
} from "./suspect-trace.ts";
export { type TraceFault, traceEvidence } from "./trace-evidence.ts";
