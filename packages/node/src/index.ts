export { DirectoryArtifactStore, sha256Digest } from "./adapters/artifacts-fs/store.ts";
export { circuitName } from "./adapters/models/build-circuit.ts";
export type { ProviderStatus } from "./composition/status.ts";
export type { EventSink, Legs, NodeEvent } from "./core/events.ts";
export { type ProviderDependencies, type ProviderNode, startProvider } from "./main.ts";
export { type ProviderConfig, parseLat, parseProviderConfig } from "./shared/config.ts";
export { NODE_ERROR_CODES, NodeError, type NodeErrorCode } from "./shared/errors.ts";
