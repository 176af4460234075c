export {
  type BuildOptions,
  type BuildStep,
  buildModelCircuit,
  type ModelCircuit,
} from "./circuit/build.ts";
export { commitTensor } from "./circuit/commit-tensor.ts";
export { compilerVersion } from "./circuit/compile.ts";
export {
  type GeneratedCircuit,
  type GenerateOptions,
  generateCircuit,
  MAX_JOBS_PER_PROOF,
} from "./circuit/generate.ts";
export type { ArchitectureOptions } from "./circuit/private/architecture.ts";
export { generatePrivateCircuit, type PrivateOptions } from "./circuit/private/generate-private.ts";
export {
  commitWeights,
  type PrivateWeights,
  privateWeights,
  randomSalt,
  type WeightSignals,
} from "./circuit/private/weight-signals.ts";
export { PUBLIC_SIGNALS, publicSignalNames } from "./circuit/render.ts";
export {
  type CommittedConstants,
  commitConstants,
  commitPacked,
  commitTraceSync,
  traceOf,
} from "./commitments/commit-trace.ts";
export type { CommittedTensor, CommittedTrace } from "./commitments/committed-trace.ts";
export { artifactDigest, type Hex } from "./commitments/hash.ts";
export { HashTree } from "./commitments/hash-tree.ts";
export {
  isConstant,
  type LoweredProgram,
  lowerProgram,
  type ProgramNode,
  type ProgramValue,
  traceEntry,
  traceLength,
  valueOfEntry,
} from "./commitments/lowered-program.ts";
export {
  type Program,
  programOf,
  programRoot,
  rootOfProgram,
  weightsRoot,
} from "./commitments/model-roots.ts";
export { decodeProgram, encodeProgram } from "./commitments/program-file.ts";
export { CHUNK_BYTES, type Layout, packTensor, tensorRoot } from "./commitments/tensor-root.ts";
export { layoutOf } from "./commitments/value-layout.ts";
export * from "./disputes/index.ts";
export {
  type ErrorMetadata,
  ZKML_ERROR_CODES,
  ZkmlError,
  type ZkmlErrorCode,
} from "./errors/zkml-error.ts";
export type { CalibrationMethod } from "./import/calibration/scales.ts";
export {
  type ImportedModel,
  type ImportOptions,
  type ImportProgress,
  type ImportStep,
  importModel,
  type LabelledSamples,
} from "./import/import-model.ts";
export { dequantiseOutput, quantiseInput } from "./import/input.ts";
export { renderImportReport } from "./import/report/render-report.ts";
export type {
  ComparisonReport,
  ErrorReport,
  ImportReport,
  LayerReport,
  TensorReport,
} from "./import/report/report.ts";
export { readNpy } from "./import/samples/npy.ts";
export type { FloatSamples } from "./import/samples/samples.ts";
export { readTensorFile } from "./import/samples/tensor-file.ts";
export { type GraphSummary, inspectGraph, type LayerSummary } from "./inspect/inspect-graph.ts";
export {
  type Execution,
  interpret,
  type TracedExecution,
  trace,
} from "./interpreter/interpret.ts";
export { interpretTrace } from "./interpreter/interpret-trace.ts";
export { buildGraph, GraphBuilder } from "./ir/builder.ts";
export type {
  GraphDefinition,
  GraphNode,
  IntegerGraph,
  OperatorName,
  ValueInfo,
  ValueName,
} from "./ir/graph.ts";
export type { GraphInputs } from "./ir/inputs.ts";
export { addByteLookup, type ByteLookup } from "./ir/lookup.ts";
export {
  createTensor,
  type ElementType,
  type IntegerTensor,
  type Interval,
  type Shape,
} from "./ir/tensor.ts";
export {
  type ApplyBeacon,
  applyBeacon,
  type Contribute,
  contribute,
  type StartCeremony,
  startCeremony,
} from "./keys/ceremony.ts";
export {
  type CeremonyTranscript,
  ceremonyFiles,
  readTranscript,
  type TranscriptEntry,
} from "./keys/ceremony-transcript.ts";
export { type ExportedCeremony, exportCeremony } from "./keys/export-ceremony.ts";
export { FIELD_ORDER } from "./keys/field.ts";
export { hashFile } from "./keys/file-sections.ts";
export { type ProofWords, proofWords, snarkjsProof, verifyProof } from "./keys/groth16.ts";
export {
  installCeremonyKey,
  type KeyedModelCircuit,
  withInstalledKey,
} from "./keys/installed-key.ts";
export { exportBatchVerifier } from "./keys/solidity-batch-verifier.ts";
export { exportVerifier } from "./keys/solidity-verifier.ts";
export {
  assertSoundKey,
  parseVerificationKey,
  type VerificationKey,
} from "./keys/verification-key.ts";
export type { KeyStatus } from "./keys/verifier-name.ts";
export {
  type VerifiedCeremony,
  type VerifyCeremony,
  verifyCeremony,
} from "./keys/verify-ceremony.ts";
export { type LoadedModel, loadModel } from "./onnx/load-model.ts";
export { type ReadOnnxOptions, readOnnx, SUPPORTED_OPERATORS } from "./onnx/read.ts";
export { type WriteOnnxOptions, writeOnnx } from "./onnx/write.ts";
export { BinaryProver, type BinaryProverOptions } from "./prover/binary-prover.ts";
export type { ProofReport, ProverMetrics } from "./prover/metrics.ts";
export type {
  KeyedCircuit,
  ManyProver,
  ManyPublicSignals,
  ProofResult,
  ProvableCircuit,
  ProveManyRequest,
  ProveRequest,
  Prover,
  ProveSignalsRequest,
  PublicSignals,
  SignalsProver,
} from "./prover/prover.ts";
export { QueuedProver, type QueuedProverOptions } from "./prover/queued-prover.ts";
export { SnarkjsProver, type SnarkjsProverOptions } from "./prover/snarkjs-prover.ts";
export type { ProverReply, ProverTask } from "./prover/task.ts";
export type { ThreadOptions } from "./prover/thread.ts";
export { calculateWitness } from "./prover/witness.ts";
export type { WitnessReply } from "./prover/witness-worker.ts";
export {
  OnnxRunner,
  type OnnxRunnerOptions,
  type RunnerLogger,
  type RunResult,
} from "./runtime/onnx-runner.ts";
export { assertSameBits } from "./runtime/same-bits.ts";
export {
  type CommitOptions,
  commitTrace,
  TraceCommitter,
  type TraceCommitterOptions,
  type TraceTensors,
} from "./runtime/trace/trace-committer.ts";
export {
  type ReadTraceOptions,
  readTraceFile,
  traceFileBytes,
  writeTraceFile,
} from "./runtime/trace/trace-file.ts";
export {
  TraceRunner,
  type TraceRunnerOptions,
  type TraceRunOptions,
} from "./runtime/trace/trace-runner.ts";
export {
  type BuildTrainingOptions,
  buildTrainingCircuit,
  type TrainingCircuit,
  type TrainingIdentity,
  trainingArtifact,
  trainingIdentity,
} from "./training/circuit.ts";
export {
  commitState,
  hyperparameterHash,
  type RunTerms,
  runHash,
  stepInput,
  TrainingDataset,
} from "./training/commitments.ts";
export { poseidonContractArtifact } from "./training/poseidon-contract.ts";
export {
  type ComputedStep,
  computeStep,
  type ProveStepRequest,
  proveStep,
  type StepStatement,
  stepSignals,
} from "./training/prove-step.ts";
export {
  initialParameters,
  type StepResult,
  type TrainingBatch,
  trainingStep,
} from "./training/sgd.ts";
export { parameterCount, type TrainingShape } from "./training/shape.ts";
