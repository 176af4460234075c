import { ZkmlError } from "../errors/zkml-error.ts";
import type { GraphBuilder } from "./builder.ts";
import type { ValueName } from "./graph.ts";
import { createTensor, ELEMENT_RANGES } from "./tensor.ts";

export interface ByteLookup {
  /** Names the nodes, and the values and constants between them. */
  readonly name: string;
  /** uint8 or int8, any shape. */
  readonly x: ValueName;
  /** A constant of 256 entries, for x from least to greatest. */
  readonly table: ValueName;
  readonly output: ValueName;
}

/**
 * Adds `output[i] = table[x[i] − least value of x's type]`: x is widened, moved to start at zero
 * when it is signed, and used as the index of a Lookup.
 * @throws ZkmlError TENSOR_TYPE when x is neither uint8 nor int8, and as `GraphBuilder.addNode`.
 */
export function addByteLookup(builder: GraphBuilder, { name, x, table, output }: ByteLookup): void {
  const { elementType } = builder.info(x, `look-up "${name}"`);
  if (elementType === "int32") {
    throw new ZkmlError(
      "TENSOR_TYPE",
      `look-up "${name}": "${x}" is int32; clip it and cast it to uint8 or int8 first`,
      { node: name, input: x, actual: elementType },
    );
  }
  const wide = `${name}.wide`;
  builder.addNode({ op: "Cast", name: wide, inputs: [x], output: wide, to: "int32" });
  let index = wide;
  if (elementType === "int8") {
    const offset = `${name}.offset`;
    index = `${name}.position`;
    const least = Number(ELEMENT_RANGES.int8.min);
    builder.addConstant(offset, createTensor("int32", [], [-least]));
    builder.addNode({ op: "Add", name: index, inputs: [wide, offset], output: index });
  }
  builder.addNode({ op: "Lookup", name, inputs: [index, table], output });
}
