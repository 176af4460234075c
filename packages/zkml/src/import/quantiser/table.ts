import { ZkmlError } from "../../errors/zkml-error.ts";
import type { PointwiseNode, Quantisation } from "../float/float-graph.ts";

/**
 * The 256 outputs of a function from one 8-bit scale to another.
 * @throws ZkmlError NOT_FINITE when the function has no value somewhere in the input's range.
 */
export function buildTable(
  node: PointwiseNode,
  input: Quantisation,
  output: Quantisation,
): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, q) => {
    const real = node.function.apply(input.scale * (q - input.zeroPoint));
    if (Number.isNaN(real)) {
      throw new ZkmlError(
        "NOT_FINITE",
        `node "${node.name}" (${node.operator}) has no value at ${input.scale * (q - input.zeroPoint)}; clip its input first`,
        { node: node.name },
      );
    }
    return Math.min(Math.max(Math.round(real / output.scale) + output.zeroPoint, 0), 255);
  });
}
