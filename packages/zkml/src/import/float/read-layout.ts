import type { Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import type { FloatContext } from "./float-context.ts";
import type { Probe } from "./float-graph.ts";
import { concatAxis, flattened, reshaped, squeezed, unsqueezed } from "./layout-shapes.ts";
import type { FloatReader } from "./readers.ts";

export const LAYOUT_READERS: readonly (readonly [string, FloatReader])[] = [
  ["Reshape", (node, context, proto) => readReshape(node, context, proto, reshaped)],
  ["Squeeze", (node, context, proto) => readReshape(node, context, proto, squeezed)],
  ["Unsqueeze", (node, context, proto) => readReshape(node, context, proto, unsqueezed)],
  [
    "Flatten",
    (node, context, proto) =>
      readReshape(node, context, proto, (_, __, { shape }) => flattened(node, shape)),
  ],
  ["Transpose", readTranspose],
  ["Concat", readConcat],
  ["Identity", readIdentity],
  ["Dropout", readIdentity],
  ["Cast", readCast],
];

function readReshape(
  node: NodeReader,
  context: FloatContext,
  proto: NodeProto,
  target: typeof reshaped extends (n: infer N, i: infer I, s?: infer _S) => infer R
    ? (node: N, inputs: I, source: { readonly shape: Shape }) => R
    : never,
): void {
  const { name, shape, probe } = source(node, context);
  const inputs = proto.input.map((input) => context.constant(input));
  const to = target(node, inputs, { shape });
  const output = node.output();
  context.add(
    { kind: "reshape", name: node.name, operator: node.op, input: name, output },
    to,
    probe,
  );
}

function readTranspose(node: NodeReader, context: FloatContext): void {
  node.expectInputs(1);
  const { name, shape, probe } = source(node, context);
  const reversed = shape.map((_, axis) => axis).reverse();
  const permutation = node.attributeInts("perm") ?? reversed;
  if ([...permutation].sort((a, b) => a - b).join() !== shape.map((_, axis) => axis).join()) {
    throw node.unsupported(`perm [${permutation}] does not reorder ${shape.length} axes`);
  }
  const output = node.output();
  context.add(
    { kind: "transpose", name: node.name, operator: node.op, input: name, permutation, output },
    permutation.map((axis) => shape[axis] as number),
    probe,
  );
}

function readConcat(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  if (proto.input.some((input) => context.constant(input) !== undefined)) {
    throw node.unsupported("it joins a constant to computed values; add the constant instead");
  }
  const parts = proto.input.map((_, index) => context.real(node, index));
  const shapes = parts.map(({ shape }) => shape);
  const axis = concatAxis(node, shapes);
  const extent = shapes.reduce((sum, shape) => sum + (shape[axis] as number), 0);
  const inputs = parts.map(({ name }) => name);
  const output = node.output();
  context.add(
    { kind: "concat", name: node.name, operator: node.op, inputs, axis, output },
    (shapes[0] as Shape).with(axis, extent),
  );
}

function readIdentity(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  if (node.op === "Dropout") {
    const training = context.constant(proto.input[2]);
    if (training !== undefined && training.data[0] !== 0) {
      throw node.unsupported("it is in training mode; export the model for inference");
    }
    node.attributeInt("seed", 0);
  }
  const x = context.real(node, 0);
  context.alias(node.output(), x.name);
}

function readCast(node: NodeReader, context: FloatContext): void {
  const x = context.real(node, 0);
  if (node.attributeInt("to") !== 1) {
    throw node.unsupported("it turns a computed value into another type; keep float32");
  }
  node.attributeInt("saturate", 1);
  context.alias(node.output(), x.name);
}

/** Layout works on stored 8-bit values too, and then so does its output. */
function source(
  node: NodeReader,
  context: FloatContext,
): { readonly name: string; readonly shape: Shape; readonly probe: Probe } {
  const given = node.input(0);
  const value = context.value(given, `node "${node.name}" (${node.op})`);
  const stored = context.isStored(given) ? value.probe?.stored : undefined;
  const output = node.output();
  if (context.isStored(given)) context.markStored(output);
  return {
    name: context.resolve(given),
    shape: value.shape,
    probe: { tensor: output, ...(stored && { stored }) },
  };
}
