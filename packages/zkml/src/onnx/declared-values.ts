import { ZkmlError } from "../errors/zkml-error.ts";
import type { IntegerGraph, ValueInfo } from "../ir/graph.ts";
import type { ValueInfoProto } from "./proto.ts";
import { elementTypeFromOnnx } from "./tensors.ts";

/** @throws ZkmlError INVALID_SHAPE unless every dimension is given. */
export function declaredInput(input: ValueInfoProto): ValueInfo {
  const elementType = elementTypeFromOnnx(input.elementType, `input "${input.name}"`);
  const shape = input.shape?.map((dimension) => {
    if (typeof dimension === "number") return dimension;
    throw new ZkmlError(
      "INVALID_SHAPE",
      `input "${input.name}" has a dynamic dimension "${dimension}"; export it with a fixed shape`,
      { input: input.name, dimension },
    );
  });
  if (shape === undefined) {
    throw new ZkmlError("INVALID_SHAPE", `input "${input.name}" declares no shape`, {
      input: input.name,
    });
  }
  return { name: input.name, elementType, shape };
}

/**
 * A declared output must be what the graph computes, or readers of the file are misled.
 * @throws ZkmlError TENSOR_TYPE, INVALID_SHAPE.
 */
export function expectDeclared(declared: ValueInfoProto, graph: IntegerGraph): void {
  const { name, elementType, shape } = graph.values.get(declared.name) as ValueInfo;
  if (elementTypeFromOnnx(declared.elementType, `output "${name}"`) !== elementType) {
    throw new ZkmlError("TENSOR_TYPE", `output "${name}" is ${elementType}, not as declared`, {
      output: name,
    });
  }
  const fits = declared.shape?.every((d, axis) => typeof d === "string" || d === shape[axis]);
  if (declared.shape !== undefined && (!fits || declared.shape.length !== shape.length)) {
    throw new ZkmlError(
      "INVALID_SHAPE",
      `output "${name}" has shape [${shape.join(", ")}], declared [${declared.shape.join(", ")}]`,
      { output: name, shape, declared: declared.shape },
    );
  }
}
