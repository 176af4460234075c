import { ZkmlError } from "../../errors/zkml-error.ts";
import { elementCount } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import { type FloatConstant, makeData } from "./float-constant.ts";

/** Joins constants along `axis`; shapes are already known to agree. */
export function concatConstants(
  node: NodeReader,
  parts: readonly FloatConstant[],
  axis: number,
): FloatConstant {
  const [first] = parts;
  if (first === undefined || parts.some(({ type }) => type !== first.type)) {
    throw node.unsupported("its constants have different types");
  }
  const extent = parts.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
  const shape = first.shape.with(axis, extent);
  const outer = first.shape.slice(0, axis).reduce((count, dimension) => count * dimension, 1);
  const length = elementCount(shape, `output of node "${node.name}"`);
  const data = makeData(first.type, { length });
  let offset = 0;
  for (let block = 0; block < outer; block++) {
    for (const part of parts) {
      const size = part.data.length / outer;
      data.set(part.data.subarray(block * size, (block + 1) * size), offset);
      offset += size;
    }
  }
  return { type: first.type, shape, data };
}

/** Gather along one axis with constant indices, negative ones counting from the end. */
export function gatherConstant(
  node: NodeReader,
  source: FloatConstant,
  indices: FloatConstant | undefined,
): FloatConstant {
  if (indices === undefined) throw node.unsupported("its indices are missing");
  const given = node.attributeInt("axis", 0);
  const axis = given < 0 ? given + source.shape.length : given;
  const extent = source.shape[axis];
  if (extent === undefined) throw node.unsupported(`axis ${given} is out of range`);
  const inner = source.shape.slice(axis + 1).reduce((count, dimension) => count * dimension, 1);
  const outer = source.shape.slice(0, axis).reduce((count, dimension) => count * dimension, 1);
  const shape = [...source.shape.slice(0, axis), ...indices.shape, ...source.shape.slice(axis + 1)];
  const data = makeData(source.type, { length: elementCount(shape, `node "${node.name}"`) });
  let offset = 0;
  for (let block = 0; block < outer; block++) {
    for (const index of indices.data) {
      const position = index < 0 ? index + extent : index;
      if (!(position >= 0 && position < extent)) {
        throw node.unsupported(`index ${index} is outside its ${extent} entries`);
      }
      const start = (block * extent + position) * inner;
      data.set(source.data.subarray(start, start + inner), offset);
      offset += inner;
    }
  }
  return { type: source.type, shape, data };
}

/** Slice of a list, as exporters cut shapes. */
export function sliceConstant(
  node: NodeReader,
  source: FloatConstant,
  inputs: readonly (FloatConstant | undefined)[],
): FloatConstant {
  const one = (index: number, fallback: number): number => {
    const constant = inputs[index];
    if (constant === undefined) return fallback;
    if (constant.data.length !== 1) throw node.unsupported("it slices more than one axis");
    return constant.data[0] as number;
  };
  const [length] = source.shape;
  if (source.shape.length !== 1 || length === undefined || one(4, 1) !== 1) {
    throw node.unsupported("only lists are sliced, with step 1; export with constant folding");
  }
  if (![0, -1].includes(one(3, 0))) throw node.unsupported("its axis is out of range");
  const bound = (value: number) =>
    Math.min(Math.max(value < 0 ? value + length : value, 0), length);
  const data = source.data.slice(bound(one(1, 0)), bound(one(2, length)));
  if (data.length === 0) {
    throw new ZkmlError("INVALID_SHAPE", `node "${node.name}" (Slice) leaves nothing`, {
      node: node.name,
    });
  }
  return { type: source.type, shape: [data.length], data };
}
