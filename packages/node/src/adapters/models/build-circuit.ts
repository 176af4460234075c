import {
  type BuildOptions,
  buildModelCircuit,
  type KeyedModelCircuit,
  type LoadedModel,
  withInstalledKey,
} from "@lattice/zkml";

/** Circuit directories are named after the graph; every character a file name cannot hold is cut. */
export function circuitName({ graph }: LoadedModel): string {
  const name = graph.name.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return name === "" ? "model" : name;
}

/**
 * The circuit and key of a model, built once per machine: processes share `cacheDir`. The key is
 * that of a ceremony when one was installed there, and else the development key.
 */
export async function circuitOf(
  model: LoadedModel,
  cacheDir: string,
  signal: AbortSignal,
  onProgress: NonNullable<BuildOptions["onProgress"]> = () => {},
  compileTimeoutMs?: number,
): Promise<KeyedModelCircuit> {
  const circuit = await buildModelCircuit({
    graph: model.graph,
    name: circuitName(model),
    cacheDir,
    signal,
    onProgress,
    ...(compileTimeoutMs === undefined ? {} : { compileTimeoutMs }),
  });
  return await withInstalledKey(circuit, cacheDir);
}
