import { createHash } from "node:crypto";
import { type BuildSourceOptions, type BuiltCircuit, buildCircuit } from "../circuit/build.ts";
import { hyperparameterHash } from "./commitments.ts";
import { requireShape, SHAPE_FIELDS, type TrainingShape } from "./shape.ts";

/** Two minutes on an idle machine for 64-32-10 with batch 8. */
const COMPILE_TIMEOUT_MS = 900_000;

/** The circuit of a training step, compiled, with its development key. */
export interface TrainingCircuit extends BuiltCircuit {
  readonly shape: TrainingShape;
}

/** @throws ZkmlError INVALID_SHAPE. */
export function trainingSource(shape: TrainingShape): string {
  requireShape(shape);
  const parameters = SHAPE_FIELDS.map((field) => shape[field]).join(", ");
  return `pragma circom 2.1.9;

include "step.circom";

component main = TrainingStep(${parameters});
`;
}

export interface BuildTrainingOptions extends BuildSourceOptions {
  readonly shape: TrainingShape;
}

/**
 * Compiles and keys the circuit of a training step, or finds it built; see `buildCircuit`.
 * @throws ZkmlError INVALID_SHAPE, or as the compiler and the key maker do; the signal's reason.
 */
export async function buildTrainingCircuit(
  options: BuildTrainingOptions,
): Promise<TrainingCircuit> {
  const { shape } = options;
  const timeout = { compileTimeoutMs: COMPILE_TIMEOUT_MS };
  return { ...(await buildCircuit(trainingSource(shape), { ...timeout, ...options })), shape };
}

/**
 * What a model version says of a training step. The artifact is the shape itself, in the JSON that
 * `trainingArtifact` writes. The weights are the state of a run, so a version has none: both roots
 * are the hash of the hyperparameters.
 */
export interface TrainingIdentity {
  /** 0x and 64 hexadecimal digits each. */
  readonly digest: string;
  readonly programRoot: string;
  readonly weightsRoot: string;
}

export async function trainingIdentity(shape: TrainingShape): Promise<TrainingIdentity> {
  const digest = createHash("sha256").update(trainingArtifact(shape)).digest("hex");
  const root = `0x${(await hyperparameterHash(shape)).toString(16).padStart(64, "0")}`;
  return { digest: `0x${digest}`, programRoot: root, weightsRoot: root };
}

/** The file that a training model version is published with. */
export function trainingArtifact(shape: TrainingShape): string {
  requireShape(shape);
  const fields = Object.fromEntries(SHAPE_FIELDS.map((field) => [field, shape[field]]));
  return `${JSON.stringify({ format: "lattice.training.v1", ...fields }, null, 2)}\n`;
}
