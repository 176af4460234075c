import { artifactDigest, type Hex } from "../commitments/hash.ts";
import { programRoot, weightsRoot } from "../commitments/model-roots.ts";
import type { IntegerGraph } from "../ir/graph.ts";
import { readModelFile } from "./file.ts";
import { type ReadOnnxOptions, readOnnx } from "./read.ts";

export interface LoadedModel {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly digest: Hex;
  readonly graph: IntegerGraph;
  readonly programRoot: Hex;
  readonly weightsRoot: Hex;
}

/**
 * Loads a model from a path, file URL or bytes and computes its commitments.
 * @throws ZkmlError as `readModelFile` and `readOnnx` do.
 */
export async function loadModel(
  source: string | URL | Uint8Array,
  options: ReadOnnxOptions = {},
): Promise<LoadedModel> {
  const bytes =
    source instanceof Uint8Array ? source : await readModelFile(source, options.maxBytes);
  const graph = readOnnx(bytes, options);
  return {
    bytes,
    digest: artifactDigest(bytes),
    graph,
    programRoot: programRoot(graph),
    weightsRoot: weightsRoot(graph),
  };
}
