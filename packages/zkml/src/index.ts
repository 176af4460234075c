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
export { type LoadedModel, loadModel } from "./onnx/load-model.ts";
export { type ReadOnnxOptions, readOnnx, SUPPORTED_OPERATORS } from "./onnx/read.ts";
export { type WriteOnnxOptions, writeOnnx } from "./onnx/write.ts";
export {
  OnnxRunner,
  type OnnxRunnerOptions,
  type RunnerLogger,
  type RunResult,
} from "./runtime/onnx-runner.ts";
export { assertSameBits } from "./runtime/same-bits.ts";
