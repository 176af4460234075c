import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildModelCircuit, type ModelCircuit } from "../circuit/build.ts";
import { compilerVersion } from "../circuit/compile.ts";
import { PUBLIC_SIGNALS } from "../circuit/generate.ts";
import { CIRCUITS_DIRECTORY } from "../circuit/sources.ts";
import { sha256 } from "../keys/development-key.ts";
import { exportVerifier } from "../keys/solidity-verifier.ts";
import { type LoadedModel, loadModel } from "../onnx/load-model.ts";

export const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
export const CIRCUIT_CACHE = join(REPOSITORY, "build", "circuits");
const INSTANCES = join(CIRCUITS_DIRECTORY, "circuits.json");

/** One model circuit as circuits.json declares it; paths are relative to the repository. */
export interface CircuitInstance {
  readonly name: string;
  readonly model: string;
  readonly contract: string;
  readonly constraints: number;
}

/** One library template with the parameters that its constraint count is asserted for. */
export interface TemplateInstance {
  readonly file: string;
  readonly template: string;
  readonly constraints: number;
}

export interface CircuitInstances {
  readonly models: readonly CircuitInstance[];
  readonly library: readonly TemplateInstance[];
}

/** A file that is derived from the circuits, with the content it must have. */
export interface DerivedFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly content: string;
}

export async function readInstances(): Promise<CircuitInstances> {
  return JSON.parse(await readFile(INSTANCES, "utf8")) as CircuitInstances;
}

/** Builds every model circuit and returns what must be committed for them. */
export async function derivedFiles(onProgress: (line: string) => void): Promise<DerivedFile[]> {
  const declared = await readInstances();
  const models: CircuitInstance[] = [];
  const entries: Record<string, object> = {};
  const verifiers: DerivedFile[] = [];
  for (const instance of declared.models) {
    const model = await loadModel(join(REPOSITORY, instance.model));
    const circuit = await buildModelCircuit({
      graph: model.graph,
      name: instance.name,
      cacheDir: CIRCUIT_CACHE,
      onProgress: (step, detail) => onProgress(`${instance.name}: ${step}, ${detail}`),
    });
    const content = await exportVerifier(circuit.verificationKey, instance.contract);
    const path = `contracts/verification/generated/${instance.contract}.sol`;
    verifiers.push({ path, content });
    models.push({ ...instance, constraints: circuit.constraints });
    entries[instance.name] = await manifestEntry(instance, model, circuit, path, content);
  }
  return [
    { path: "circuits/circuits.json", content: json({ ...declared, models }) },
    { path: "circuits/MANIFEST.json", content: json(entries) },
    ...verifiers,
  ];
}

async function manifestEntry(
  instance: CircuitInstance,
  model: LoadedModel,
  circuit: ModelCircuit,
  contractPath: string,
  contractSource: string,
): Promise<object> {
  return {
    keyStatus: "development",
    model: {
      path: instance.model,
      digest: model.digest,
      programRoot: model.programRoot,
      weightsRoot: model.weightsRoot,
    },
    contract: { name: instance.contract, path: contractPath, sha256: sha256(contractSource) },
    constraints: circuit.constraints,
    publicSignals: PUBLIC_SIGNALS,
    compiler: await compilerVersion(),
    sourceSha256: circuit.sourceHash,
    r1csSha256: circuit.r1csHash,
    zkeySha256: circuit.zkeyHash,
    verificationKeySha256: sha256(json(circuit.verificationKey)),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
