import { id, toBeHex, ZeroHash } from "ethers";
import { type Case, TRACE } from "./dispute-cases.ts";
import { tensorOf } from "./dispute-trees.ts";
import type { Signer } from "./system.ts";

/** An input of 20 chunks: more than one demand takes. */
export const LONG_INPUT = tensorOf(99, 20 * 1024);

/** What publishes chunks `first` to `first + count` of the tensor, before the steered referee. */
export function openingOf(
  tensor: { readonly header: string; readonly chunks: readonly string[]; readonly root: string },
  first: number,
  count: number,
) {
  const at = Array.from({ length: count }, (_, i) => first + i);
  return {
    header: tensor.header,
    headerSiblings: [],
    // The steered referee takes it for the root that the tensor opens.
    chunkRoot: tensor.root,
    siblings: [],
    chunkIndices: at,
    chunks: `0x${at.map((i) => (tensor.chunks[i] ?? "0x").slice(2)).join("")}`,
    chunkProof: [],
  };
}

/** As the provider opens its program; the steered referee does not look. */
export const PROGRAM_OPENING = { header: toBeHex(1, 4), values: id("values"), nodes: ZeroHash };

/** Publishes chunks of the long input. */
export function publishInput(base: Case, by: Signer, first: number, count: number) {
  const { disputes, market, claim } = base;
  return disputes.connect(by).publishInput(market, claim, openingOf(LONG_INPUT, first, count));
}

/** Publishes chunks of tensor `tensor` of the trace as the output. */
export function publishOutput(base: Case, by: Signer, first: number, count: number, tensor = 7) {
  const { disputes, market, claim } = base;
  const output = TRACE.tensors[tensor];
  if (!output) throw new RangeError(`There is no tensor ${tensor}.`);
  return disputes
    .connect(by)
    .publishOutput(market, claim, PROGRAM_OPENING, TRACE.root, openingOf(output, first, count));
}
