import { ZkmlError } from "../../errors/zkml-error.ts";
import { elementCount, MAX_RANK, type Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { FloatConstant } from "./float-constant.ts";

type Inputs = readonly (FloatConstant | undefined)[];

/** Anything with a shape: a constant, or a value described like one. */
interface Shaped {
  readonly shape: Shape;
}

/** A list of integers that an operator takes as constant input, or undefined when it is absent. */
export function integerList(node: NodeReader, inputs: Inputs, index: number): number[] | undefined {
  const constant = inputs[index];
  if (constant === undefined) return undefined;
  const short = constant.data.length <= 4 * MAX_RANK;
  if (constant.type === "float32" || !short || constant.shape.length > 1) {
    throw node.unsupported(`input ${index} must be a short list of integers`);
  }
  return Array.from(constant.data);
}

export function reshaped(node: NodeReader, inputs: Inputs, source?: Shaped): Shape {
  const from = (source ?? inputs[0])?.shape ?? [];
  const list = integerList(node, inputs, 1);
  if (list === undefined) {
    throw node.unsupported(
      "its shape is computed while the model runs; export with fixed shapes and constant folding",
    );
  }
  const zeroCopies = node.attributeInt("allowzero", 0) === 0;
  const shape = list.map((dimension, axis) =>
    dimension === 0 && zeroCopies ? (from[axis] ?? 0) : dimension,
  );
  const inferred = shape.indexOf(-1);
  if (inferred >= 0 && shape.length <= MAX_RANK) {
    const rest = elementCount(shape.toSpliced(inferred, 1), `node "${node.name}"`);
    shape[inferred] = elementCount(from) / rest;
  }
  return expectCount(node, from, shape);
}

export function flattened(node: NodeReader, from: Shape): Shape {
  const given = node.attributeInt("axis", 1);
  const axis = given < 0 ? given + from.length : given;
  if (!(axis >= 0 && axis <= from.length)) throw node.unsupported(`axis ${given} is out of range`);
  return [elementCount(from.slice(0, axis)), elementCount(from.slice(axis))];
}

export function squeezed(node: NodeReader, inputs: Inputs, source?: Shaped): Shape {
  const from = (source ?? inputs[0])?.shape ?? [];
  const list = integerList(node, inputs, 1) ?? from.flatMap((d, axis) => (d === 1 ? [axis] : []));
  const axes = new Set(normalised(node, list, from.length));
  if ([...axes].some((axis) => from[axis] !== 1)) {
    throw node.unsupported(`only axes of one element can be squeezed from [${from.join(", ")}]`);
  }
  return from.filter((_, axis) => !axes.has(axis));
}

export function unsqueezed(node: NodeReader, inputs: Inputs, source?: Shaped): Shape {
  const from = (source ?? inputs[0])?.shape ?? [];
  const list = integerList(node, inputs, 1);
  if (list === undefined) throw node.unsupported("its axes must be constant");
  const rank = from.length + list.length;
  const axes = new Set(normalised(node, list, rank));
  if (axes.size !== list.length) throw node.unsupported("it names an axis twice");
  const rest = [...from];
  return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (rest.shift() as number)));
}

/** The axis along which shapes are joined, checked against all of them. */
export function concatAxis(node: NodeReader, shapes: readonly Shape[]): number {
  const [first = []] = shapes;
  const [axis] = normalised(node, [node.attributeInt("axis")], first.length) as [number];
  const fits = shapes.every(
    (shape) => shape.length === first.length && shape.every((d, i) => i === axis || d === first[i]),
  );
  if (!fits) {
    throw new ZkmlError(
      "INVALID_SHAPE",
      `node "${node.name}" (${node.op}): ${shapes.map((s) => `[${s.join(", ")}]`).join(" and ")} differ beyond axis ${axis}`,
      { node: node.name, operator: node.op },
    );
  }
  return axis;
}

/** Axes counted from the front; out of range is refused. */
export function normalised(node: NodeReader, axes: readonly number[], rank: number): number[] {
  return axes.map((given) => {
    const axis = given < 0 ? given + rank : given;
    if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
    throw node.unsupported(`axis ${given} is out of range`);
  });
}

function expectCount(node: NodeReader, from: Shape, to: Shape): Shape {
  if (elementCount(to, `node "${node.name}"`) === elementCount(from)) return to;
  throw new ZkmlError(
    "INVALID_SHAPE",
    `node "${node.name}" (${node.op}): cannot reshape [${from.join(", ")}] to [${to.join(", ")}]; if the batch size is written into the model, import it with that batch`,
    { node: node.name, operator: node.op },
  );
}
