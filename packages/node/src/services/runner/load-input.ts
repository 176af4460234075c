import { type Order, Tier } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { ServedModel } from "../../core/ports/model.ts";
import { toWord } from "../../core/words.ts";
import { inputCommitmentMismatch, modelNotServed } from "./errors.ts";

/**
 * The input of an order: the store checks its SHA-256, this what its tier commits to: the Poseidon
 * commitment (Zk) or the tensor root (Optimistic).
 * @throws NodeError MODEL_UNKNOWN when the model is not served in the order's tier,
 * ARTIFACT_NOT_FOUND while it is not there, INPUT_MISMATCH when it does not fit.
 */
export async function loadInput(
  order: Order,
  model: ServedModel,
  artifacts: ArtifactStore,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await artifacts.get(order.inputDigest, signal);
  const computed = await commitmentOf(order, model, bytes);
  if (computed !== order.inputCommitment) {
    throw inputCommitmentMismatch(order.inputDigest, order.inputCommitment, computed);
  }
  return bytes;
}

async function commitmentOf(order: Order, model: ServedModel, bytes: Uint8Array): Promise<string> {
  if (order.tier !== Tier.Optimistic) return toWord(await model.commitInput(bytes));
  if (!model.traced) throw modelNotServed(order.modelVersion);
  return model.traced.inputRoot(bytes);
}
