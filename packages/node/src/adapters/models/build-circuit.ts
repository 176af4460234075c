import { buildModelCircuit, type LoadedModel, type ModelCircuit } from "@lattice/zkml";

/** Circuit directories are named after the graph; every character a file name cannot hold is cut. */
export function circuitName({ graph }: LoadedModel): string {
  const name = graph.name.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return name === "" ? "model" : name;
}

/** The circuit and key of a model, built once per machine: processes share `cacheDir`. */
export function circuitOf(
  model: LoadedModel,
  cacheDir: string,
  signal: AbortSignal,
  onProgress: (step: string) => void = () => {},
): Promise<ModelCircuit> {
  return buildModelCircuit({
    graph: model.graph,
    name: circuitName(model),
    cacheDir,
    signal,
    onProgress,
  });
}
