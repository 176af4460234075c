import type { NodeReader } from "../../onnx/operands.ts";
import { viewOf } from "../../onnx/tensors.ts";
import { constantFromOnnx, type FloatConstant, makeData } from "./float-constant.ts";
import type { FloatContext } from "./float-context.ts";

/** The value of a Constant node, in whichever attribute it stands. */
export function readConstant(node: NodeReader): FloatConstant {
  if (node.has("value")) return constantFromOnnx(node.attributeTensor("value"));
  if (node.has("value_float")) {
    return finite(node, [], [node.attributeFloat("value_float", 0)]);
  }
  if (node.has("value_floats")) {
    const bytes = node.attributeFloats("value_floats");
    const view = viewOf(bytes);
    const values = Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
    return finite(node, [values.length], values);
  }
  if (node.has("value_int")) {
    return { type: "int64", shape: [], data: makeData("int64", [node.attributeInt("value_int")]) };
  }
  const list = node.attributeInts("value_ints");
  if (list === undefined) throw node.unsupported("it holds neither numbers nor a dense tensor");
  return { type: "int64", shape: [list.length], data: makeData("int64", list) };
}

function finite(node: NodeReader, shape: number[], values: readonly number[]): FloatConstant {
  if (!values.every(Number.isFinite)) throw node.unsupported("it holds a value that is not finite");
  return { type: "float32", shape, data: makeData("float32", values) };
}

/** Shapes are fixed on import, so the Shape operator gives a constant. */
export function readShape(node: NodeReader, context: FloatContext): FloatConstant {
  node.expectInputs(1);
  const name = node.input(0);
  const { shape } = context.constant(name) ?? context.value(name, `node "${node.name}" (Shape)`);
  const start = node.attributeInt("start", 0);
  const end = node.attributeInt("end", shape.length);
  const part = shape.slice(start, end);
  return { type: "int64", shape: [part.length], data: makeData("int64", part) };
}
