import { openModel } from "../adapters/models/open-model.ts";
import { DEFAULT_PROVER, openProver } from "../adapters/models/open-prover.ts";
import type { EventSink } from "../core/events.ts";
import type { ModelCatalog, ServedModel } from "../core/ports/model.ts";
import type { Logger } from "../shared/logger.ts";
import type { Foundation } from "./foundation.ts";

export interface OpenCatalog extends ModelCatalog {
  close(): Promise<void>;
}

/**
 * Makes model versions ready to be served, one after the other: building a circuit takes all cores.
 * @param proverName As for `openProver`.
 * @throws as `openProver` and `openModel` do; what was opened before is closed then.
 */
export async function openCatalog(
  modelVersions: readonly string[],
  buildDir: string,
  { connection, artifacts }: Pick<Foundation, "connection" | "artifacts">,
  { emit, logger, signal }: { emit: EventSink; logger: Logger; signal: AbortSignal },
  proverName = DEFAULT_PROVER,
): Promise<OpenCatalog> {
  const prover = await openProver(proverName);
  const models = new Map<string, ServedModel>();
  const close = async () => {
    await prover.close();
    await Promise.all([...models.values()].map((model) => model.close()));
  };
  try {
    for (const model of modelVersions) {
      const started = performance.now();
      const opened = await openModel(
        model,
        { connection, artifacts, prover, buildDir, logger },
        signal,
      );
      models.set(model, opened);
      emit({ event: "modelReady", model, seconds: (performance.now() - started) / 1000 });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { get: (modelVersion) => models.get(modelVersion), close };
}
