import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildModelCircuit, type ModelCircuit } from "../circuit/build.ts";
import { compilerVersion } from "../circuit/compile.ts";
import { publicSignalNames } from "../circuit/render.ts";
import { CIRCUITS_DIRECTORY } from "../circuit/sources.ts";
import { sha256 } from "../keys/development-key.ts";
import { exportBatchVerifier } from "../keys/solidity-batch-verifier.ts";
import { exportVerifier } from "../keys/solidity-verifier.ts";
import { type LoadedModel, loadModel } from "../onnx/load-model.ts";
import { deriveTraining, type TrainingInstance } from "./training-manifest.ts";

export const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
export const CIRCUIT_CACHE = join(REPOSITORY, "build", "circuits");
const INSTANCES = join(CIRCUITS_DIRECTORY, "circuits.json");
const MANIFEST = join(CIRCUITS_DIRECTORY, "MANIFEST.json");

/** One model circuit as circuits.json declares it; paths are relative to the repository. */
export interface CircuitInstance {
  readonly name: string;
  readonly model: string;
  readonly contract: string;
  /** Name of the contract that checks many proofs of this key at once. */
  readonly batchContract?: string;
  /** Jobs that one proof covers; default 1. */
  readonly jobsPerProof?: number;
  /** With several jobs a proof: name of the circuit whose set of verifiers this one belongs to. */
  readonly setOf?: string;
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
  readonly training: {
    readonly steps: readonly TrainingInstance[];
    readonly library: readonly TemplateInstance[];
  };
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

/** What is committed for each circuit, by its name. */
export async function readManifest(): Promise<Record<string, object>> {
  return JSON.parse(await readFile(MANIFEST, "utf8")) as Record<string, object>;
}

/**
 * Builds every circuit and returns what must be committed for them. Circuits that take minutes are
 * built only when `large` is true; else what is committed for them stays.
 */
export async function derivedFiles(
  onProgress: (line: string) => void,
  { large = false }: { readonly large?: boolean } = {},
): Promise<DerivedFile[]> {
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
      jobsPerProof: instance.jobsPerProof ?? 1,
      onProgress: (step, detail) => onProgress(`${instance.name}: ${step}, ${detail}`),
    });
    const contracts = await exportContracts(instance, circuit);
    verifiers.push(...Object.values(contracts));
    models.push({ ...instance, constraints: circuit.constraints });
    entries[instance.name] = await manifestEntry(instance, model, circuit, contracts);
  }
  const steps: TrainingInstance[] = [];
  for (const instance of declared.training.steps) {
    if (instance.large && !large) {
      steps.push(instance);
      entries[instance.name] = (await readManifest())[instance.name] ?? {};
      continue;
    }
    const derived = await deriveTraining(instance, { cacheDir: CIRCUIT_CACHE, onProgress });
    steps.push(derived.instance);
    entries[instance.name] = derived.entry;
    verifiers.push(derived.verifier);
  }
  const training = { ...declared.training, steps };
  return [
    { path: "circuits/circuits.json", content: json({ ...declared, models, training }) },
    { path: "circuits/MANIFEST.json", content: json(entries) },
    ...verifiers,
  ];
}

/** Generated contracts of one key, by their place in its manifest entry. */
type Contracts = Readonly<Record<string, DerivedFile & { readonly name: string }>>;

async function exportContracts(
  { contract, batchContract }: CircuitInstance,
  { verificationKey }: ModelCircuit,
): Promise<Contracts> {
  const file = (name: string, content: string) => {
    return { name, path: `contracts/verification/generated/${name}.sol`, content };
  };
  const single = file(contract, await exportVerifier(verificationKey, contract));
  if (batchContract === undefined) return { contract: single };
  const batch = await exportBatchVerifier(verificationKey, batchContract);
  return { contract: single, batchContract: file(batchContract, batch) };
}

async function manifestEntry(
  { model: path, setOf }: CircuitInstance,
  { digest, programRoot, weightsRoot }: LoadedModel,
  circuit: ModelCircuit,
  contracts: Contracts,
): Promise<object> {
  const listed = Object.entries(contracts).map(([place, { name, path, content }]) => [
    place,
    { name, path, sha256: sha256(content) },
  ]);
  return {
    keyStatus: "development",
    ...(setOf === undefined ? {} : { setOf, jobsPerProof: circuit.jobsPerProof }),
    model: { path, digest, programRoot, weightsRoot },
    ...Object.fromEntries(listed),
    constraints: circuit.constraints,
    publicSignals: publicSignalNames(circuit.jobsPerProof),
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
