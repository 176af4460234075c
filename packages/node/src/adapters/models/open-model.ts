import { createHash } from "node:crypto";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { type LoadedModel, loadModel, type ModelCircuit, type Prover } from "@lattice/zkml";
import { Tier } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { ServedModel } from "../../core/ports/model.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { NodeError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { ChainConnection } from "../chain/connection.ts";
import { circuitOf } from "./build-circuit.ts";
import {
  type Registered,
  registeredVersion,
  requireRegistered,
  runnableTiers,
} from "./registered-version.ts";
import { ZkmlModel } from "./zkml-model.ts";

interface Dependencies {
  readonly connection: ChainConnection;
  readonly artifacts: ArtifactStore;
  readonly prover: Prover;
  /** Circuits and keys; processes of one machine share it. */
  readonly buildDir: string;
  readonly logger: Logger;
}

/**
 * Makes a registered model version ready to serve: takes its artifact from the store and checks
 * every commitment. For tier Zk it also builds the circuit, and makes sure that the registered
 * verifier accepts our proofs; tier Optimistic needs neither circuit nor key.
 * @throws NodeError MODEL_UNKNOWN, MODEL_MISMATCH, VERIFIER_MISMATCH, ARTIFACT_NOT_FOUND; ZkmlError
 * when the model cannot be read or its circuit cannot be built.
 */
export async function openModel(
  modelVersion: string,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<ServedModel> {
  const { connection, artifacts, prover } = dependencies;
  const registered = await registeredVersion(connection, modelVersion);
  const tiers = runnableTiers(registered);
  const model = await loadModel(await artifacts.get(registered.artifactDigest, signal));
  requireRegistered(modelVersion, registered, model);
  const circuit = tiers.has(Tier.Zk)
    ? await circuitFor(modelVersion, model, dependencies, signal)
    : undefined;
  const served = await ZkmlModel.create({ modelVersion, model, tiers, circuit, prover });
  try {
    if (circuit) await requireVerifier(served, registered, circuit, dependencies, signal);
    return served;
  } catch (error) {
    await served.close();
    throw error;
  }
}

function circuitFor(
  modelVersion: string,
  model: LoadedModel,
  { buildDir, logger }: Dependencies,
  signal: AbortSignal,
) {
  return circuitOf(model, buildDir, signal, (step) =>
    logger.info({ model: modelVersion, step }, "circuit"),
  );
}

/** Proves one run of zeros and asks the registered verifier, once per key and verifier. */
async function requireVerifier(
  served: ServedModel,
  { verifierSelector }: Registered,
  { zkeyHash }: ModelCircuit,
  { connection, buildDir }: Dependencies,
  signal: AbortSignal,
): Promise<void> {
  const { lattice, genesis, read } = connection;
  const { verifier } = await read("VerifierRouter.entryOf", () =>
    lattice.router.entryOf(verifierSelector),
  );
  const tuple = [genesis, lattice.addresses.contracts.VerifierRouter, verifier, zkeyHash];
  const name = createHash("sha256").update(tuple.join("/")).digest("hex");
  const marker = join(buildDir, "accepted", name);
  if (await exists(marker)) return;
  const input = new Uint8Array(served.input.byteLength);
  const { proof, publicSignals } = await served.prove(input, SELF_TEST_CONTEXT, signal);
  const [context, inputCommitment, outputCommitment] = publicSignals as [bigint, bigint, bigint];
  const accepted = await read("VerifierRouter.verify", () =>
    lattice.router.verify(verifierSelector, [...proof] as Words, [
      context,
      inputCommitment,
      outputCommitment,
    ]),
  );
  if (!accepted) {
    throw new NodeError(
      "VERIFIER_MISMATCH",
      `the verifier ${verifier} (${verifierSelector}) of model version ${served.modelVersion} refuses proofs of the key built here; it belongs to another circuit or key, so the model cannot be served`,
      { modelVersion: served.modelVersion, verifierSelector, verifier },
    );
  }
  await writeFileAtomic(marker, `${tuple.join("\n")}\n`);
}

/** No job has it: contexts are hashes. */
const SELF_TEST_CONTEXT = 1n;

type Words = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
