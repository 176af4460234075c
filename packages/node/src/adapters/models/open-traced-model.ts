import { loadModel } from "@lattice/zkml";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { TracedModel, TracedModels } from "../../core/ports/model.ts";
import type { ChainConnection } from "../chain/connection.ts";
import { registeredVersion, requireRegistered } from "./registered-version.ts";
import { ZkmlTracedModel } from "./traced-model.ts";

interface Dependencies {
  readonly connection: ChainConnection;
  readonly artifacts: ArtifactStore;
}

/** Traced models of a registry, from the artifacts of a store; each is opened once. */
export class OpenedModels implements TracedModels {
  readonly #deps: Dependencies;
  readonly #opened = new Map<string, Promise<ZkmlTracedModel>>();

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  async open(modelVersion: string, signal: AbortSignal): Promise<TracedModel> {
    const known = this.#opened.get(modelVersion);
    if (known) return await known;
    const opening = this.#open(modelVersion, signal);
    this.#opened.set(modelVersion, opening);
    try {
      return await opening;
    } catch (error) {
      // Its artifact may come.
      this.#opened.delete(modelVersion);
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const opened of this.#opened.values()) await (await opened).close();
  }

  async #open(modelVersion: string, signal: AbortSignal): Promise<ZkmlTracedModel> {
    const { connection, artifacts } = this.#deps;
    const registered = await registeredVersion(connection, modelVersion);
    const model = await loadModel(await artifacts.get(registered.artifactDigest, signal));
    requireRegistered(modelVersion, registered, model);
    return await ZkmlTracedModel.create(modelVersion, model);
  }
}
