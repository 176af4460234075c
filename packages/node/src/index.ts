export {
  DEFAULT_MAX_ARTIFACT_BYTES,
  DirectoryArtifactStore,
  sha256Digest,
} from "./adapters/artifacts-fs/store.ts";
export { beaconAdapter } from "./adapters/chain/beacon.ts";
export { attachChain, type ChainConnection, connectChain } from "./adapters/chain/connection.ts";
export { disputesAdapter } from "./adapters/chain/disputes.ts";
export { chainFailure } from "./adapters/chain/failures.ts";
export { countsFrom, registryAdapter } from "./adapters/chain/registry.ts";
export { SignerSubmitter } from "./adapters/chain/signer-submitter.ts";
export { ensureBeaconSeed, loadBeaconSigner } from "./adapters/keys/beacon-signer.ts";
export { circuitName, circuitOf } from "./adapters/models/build-circuit.ts";
export { requireDisputable } from "./adapters/models/disputable.ts";
export { requireRegistered } from "./adapters/models/registered-version.ts";
export { singleTensors } from "./adapters/models/single-tensors.ts";
export { decodeTensor, encodeTensor } from "./adapters/models/tensor-bytes.ts";
export { readTensorFile, type TensorFileOptions } from "./adapters/models/tensor-file.ts";
export { openTraceStore } from "./adapters/models/trace-files.ts";
export { ZkmlTracedModel } from "./adapters/models/traced-model.ts";
export { ZkmlTrace } from "./adapters/models/zkml-trace.ts";
export { describeEvent } from "./cli/describe-event.ts";
export { type RunJobOptions, runJob } from "./composition/run-job.ts";
export type { ProviderStatus } from "./composition/status.ts";
export type { EventSink, Legs, NodeEvent } from "./core/events.ts";
export type { ArtifactStore } from "./core/ports/artifacts.ts";
export type { BeaconSigner } from "./core/ports/beacon.ts";
export type { TensorInfo } from "./core/ports/model.ts";
export { splitPrice } from "./core/pricing.ts";
export { type ProviderDependencies, type ProviderNode, startProvider } from "./main.ts";
export { type RegistrarOptions, RegistrarService } from "./services/registrar/service.ts";
export { type ProviderConfig, parseLat, parseProviderConfig } from "./shared/config.ts";
export {
  codeOf,
  messageOf,
  NODE_ERROR_CODES,
  NodeError,
  type NodeErrorCode,
} from "./shared/errors.ts";
export { toJson } from "./shared/json.ts";
export { createLogger, type Logger } from "./shared/logger.ts";
