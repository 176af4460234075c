import type { Order } from "../../core/order.ts";
import type { ArtifactStore } from "../../core/ports/artifacts.ts";
import type { ServedModel } from "../../core/ports/model.ts";
import { toWord } from "../../core/words.ts";
import { inputCommitmentMismatch } from "./errors.ts";

/**
 * The input of an order: the store checks its SHA-256, this the Poseidon commitment.
 * @throws NodeError ARTIFACT_NOT_FOUND while it is not there, INPUT_MISMATCH when it does not fit.
 */
export async function loadInput(
  order: Order,
  model: ServedModel,
  artifacts: ArtifactStore,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await artifacts.get(order.inputDigest, signal);
  const computed = toWord(await model.commitInput(bytes));
  if (computed !== order.inputCommitment) {
    throw inputCommitmentMismatch(order.inputDigest, order.inputCommitment, computed);
  }
  return bytes;
}
