import { compilerVersion } from "../circuit/compile.ts";
import { PUBLIC_SIGNALS } from "../circuit/render.ts";
import { sha256 } from "../keys/development-key.ts";
import { exportVerifier } from "../keys/solidity-verifier.ts";
import { buildTrainingCircuit, trainingIdentity } from "../training/circuit.ts";
import type { TrainingShape } from "../training/shape.ts";
import type { DerivedFile } from "./manifest.ts";

/** One training circuit as circuits.json declares it. */
export interface TrainingInstance {
  readonly name: string;
  readonly shape: TrainingShape;
  readonly contract: string;
  readonly constraints: number;
  /** Takes minutes to build, so it is built only on request. */
  readonly large?: boolean;
}

export interface DerivedTraining {
  readonly instance: TrainingInstance;
  readonly entry: object;
  readonly verifier: DerivedFile;
}

export interface DeriveTrainingOptions {
  readonly cacheDir: string;
  readonly onProgress: (line: string) => void;
}

/** Builds a training circuit and returns what must be committed for it. */
export async function deriveTraining(
  instance: TrainingInstance,
  { cacheDir, onProgress }: DeriveTrainingOptions,
): Promise<DerivedTraining> {
  const { name, shape, contract } = instance;
  const circuit = await buildTrainingCircuit({
    name,
    shape,
    cacheDir,
    onProgress: (step, detail) => onProgress(`${name}: ${step}, ${detail}`),
  });
  const content = await exportVerifier(circuit.verificationKey, contract);
  const path = `contracts/verification/generated/${contract}.sol`;
  return {
    instance: { ...instance, constraints: circuit.constraints },
    verifier: { path, content },
    entry: {
      keyStatus: "development",
      model: await trainingIdentity(shape),
      training: shape,
      contract: { name: contract, path, sha256: sha256(content) },
      constraints: circuit.constraints,
      publicSignals: PUBLIC_SIGNALS,
      compiler: await compilerVersion(),
      sourceSha256: circuit.sourceHash,
      r1csSha256: circuit.r1csHash,
      zkeySha256: circuit.zkeyHash,
      verificationKeySha256: sha256(`${JSON.stringify(circuit.verificationKey, null, 2)}\n`),
    },
  };
}
