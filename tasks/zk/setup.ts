import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { circuitName } from "@lattice/node";
import {
  buildModelCircuit,
  compilerVersion,
  type LoadedModel,
  loadModel,
  MAX_JOBS_PER_PROOF,
  type ModelCircuit,
  publicSignalNames,
  startCeremony,
} from "@lattice/zkml";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { projectPath } from "../support/context.ts";
import { parseCount } from "../support/format.ts";
import { guarded, required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface SetupArguments {
  model: string;
  jobs: string;
  ptau: string;
  ptauHash: string;
  out: string;
  buildDir: string;
  dev: boolean;
  json: boolean;
}

/** Name of a circuit: the model's, and how many jobs one proof covers. */
function nameOf(model: LoadedModel, jobs: number): string {
  return circuitName(model) + (jobs === 1 ? "" : `-x${jobs}`);
}

async function writeDevelopmentKey(
  { out, json }: SetupArguments,
  name: string,
  circuit: ModelCircuit,
  path: (value: string) => string,
): Promise<void> {
  const directory = path(out || join("ceremony", `${name}-dev`));
  await mkdir(directory, { recursive: true });
  for (const file of [circuit.r1csPath, circuit.wasmPath, circuit.zkeyPath]) {
    await copyFile(file, join(directory, basename(file)));
  }
  const key = `${JSON.stringify(circuit.verificationKey, null, 2)}\n`;
  await writeFile(join(directory, "verification_key.json"), key);
  const { constraints, r1csHash, zkeyHash } = circuit;
  print(json, { keyStatus: "development", name, directory, constraints, r1csHash, zkeyHash }, [
    ["key", join(directory, "circuit.zkey")],
    ["constraints", `${constraints}`],
    ["SHA-256", zkeyHash],
    ["for", "local chains alone: its secret is published, anyone can forge its proofs"],
  ]);
}

async function setup(args: SetupArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const path = projectPath(hre);
  const jobsPerProof = parseCount("jobs", args.jobs);
  if (jobsPerProof < 1 || jobsPerProof > MAX_JOBS_PER_PROOF) {
    throw wrongUse(`--jobs ${args.jobs} is not 1 to ${MAX_JOBS_PER_PROOF}`);
  }
  const model = await loadModel(path(required("model", args.model)));
  const ptauPath = args.dev ? "" : path(required("ptau", args.ptau));
  const name = nameOf(model, jobsPerProof);
  const circuit = await buildModelCircuit({
    graph: model.graph,
    name,
    cacheDir: path(args.buildDir),
    jobsPerProof,
    onProgress: (step, detail) => console.error(`${name}: ${step}, ${detail}`),
  });
  if (args.dev) {
    await writeDevelopmentKey(args, name, circuit, path);
    return;
  }
  console.error(`${name}: first key, from ${ptauPath}`);
  const directory = path(args.out || join("ceremony", name));
  const { digest, programRoot, weightsRoot } = model;
  const transcript = await startCeremony({
    directory,
    name,
    r1csPath: circuit.r1csPath,
    wasmPath: circuit.wasmPath,
    circuit: {
      sourceSha256: circuit.sourceHash,
      publicSignals: publicSignalNames(jobsPerProof),
      jobsPerProof,
      compiler: await compilerVersion(),
    },
    model: { digest, programRoot, weightsRoot },
    ptauPath,
    ...(args.ptauHash === "" ? {} : { ptauHash: args.ptauHash }),
  });
  const { powersOfTau } = transcript;
  print(args.json, { directory, ...transcript }, [
    ["ceremony", directory],
    ["circuit", `${transcript.circuit.r1csSha256} (${circuit.constraints} constraints)`],
    ["powers of tau", `2^${powersOfTau.power}, ${powersOfTau.origin} hash`],
    ["circuit hash", transcript.circuitHash],
    ["next", `zk:contribute --ceremony ${directory} --name "…"; nobody may use the key before`],
  ]);
}

/** Runs `npx hardhat zk:setup`. */
export default guarded("zk:setup", setup);
