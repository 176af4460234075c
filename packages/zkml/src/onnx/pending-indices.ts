import { ZkmlError } from "../errors/zkml-error.ts";
import type { ArgMaxNode, GraphNode } from "../ir/graph.ts";
import { DATA_TYPES } from "./proto.ts";

/**
 * ArgMax gives int64, which the integer form does not have: an ArgMax and the Cast to int32 that
 * alone reads it become one node.
 */
export class PendingIndices {
  readonly #waiting = new Map<string, ArgMaxNode>();
  readonly #taken = new Map<string, ArgMaxNode>();

  has(value: string): boolean {
    return this.#waiting.has(value) || this.#taken.has(value);
  }

  add(node: ArgMaxNode): void {
    this.#waiting.set(node.output, node);
  }

  /**
   * Pairs the ArgMax that gives `value` with a Cast of it.
   * @throws ZkmlError UNSUPPORTED_ATTRIBUTE unless it is the first Cast and one to int32.
   */
  pair(value: string, dataType: number, output: string): GraphNode {
    const node = this.#waiting.get(value);
    if (node === undefined || dataType !== DATA_TYPES.int32) throw this.refusal(value);
    this.#waiting.delete(value);
    this.#taken.set(value, node);
    return { ...node, output };
  }

  /** The error of a node or output that reads such a value. */
  refusal(value: string): ZkmlError {
    const { name } = (this.#waiting.get(value) ?? this.#taken.get(value)) as ArgMaxNode;
    return new ZkmlError(
      "UNSUPPORTED_ATTRIBUTE",
      `node "${name}" (ArgMax): its int64 result is supported only as the operand of one Cast to int32; add that Cast and read its result instead`,
      { node: name, operator: "ArgMax", value },
    );
  }

  /** @throws ZkmlError UNSUPPORTED_ATTRIBUTE when an ArgMax was left without its Cast. */
  finish(): void {
    for (const value of this.#waiting.keys()) throw this.refusal(value);
  }
}
