export {
  type BuildOptions,
  type BuildStep,
  buildModelCircuit,
  type ModelCircuit,
} from "./circuit/build.ts";
export { commitTensor } from "./circuit/commit-tensor.ts";
export {
  type GeneratedCircuit,
  type GenerateOptions,
  generateCircuit,
  MAX_JOBS_PER_PROOF,
} from "./circuit/generate.ts";
export { PUBLIC_SIGNALS, publicSignalNames } from "./circuit/render.ts";
export { artifactDigest, type Hex } from "./commitments/hash.ts";
export { programRoot, weightsRoot } from "./commitments/model-roots.ts";
export { type Layout, tensorRoot } from "./commitments/tensor-root.ts";
export {
  type ErrorMetadata,
  ZKML_ERROR_CODES,
  ZkmlError,
  type ZkmlErrorCode,
} from "./errors/zkml-error.ts";
export {
  type Execution,
  interpret,
  type TracedExecution,
  trace,
} from "./interpreter/interpret.ts";
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
export {
  createTensor,
  type ElementType,
  type IntegerTensor,
  type Interval,
  type Shape,
} from "./ir/tensor.ts";
export { FIELD_ORDER } from "./keys/field.ts";
export { type ProofWords, snarkjsProof, verifyProof } from "./keys/groth16.ts";
export { exportBatchVerifier } from "./keys/solidity-batch-verifier.ts";
export { exportVerifier } from "./keys/solidity-verifier.ts";
export {
  assertSoundKey,
  parseVerificationKey,
  type VerificationKey,
} from "./keys/verification-key.ts";
export type { KeyStatus } from "./keys/verifier-name.ts";
export { type LoadedModel, loadModel } from "./onnx/load-model.ts";
export { type ReadOnnxOptions, readOnnx, SUPPORTED_OPERATORS } from "./onnx/read.ts";
export { type WriteOnnxOptions, writeOnnx } from "./onnx/write.ts";
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
export { SnarkjsProver, type SnarkjsProverOptions } from "./prover/snarkjs-prover.ts";
export {
  OnnxRunner,
  type OnnxRunnerOptions,
  type RunnerLogger,
  type RunResult,
} from "./runtime/onnx-runner.ts";
export { assertSameBits } from "./runtime/same-bits.ts";
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
