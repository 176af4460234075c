import type { NodeReader } from "../../onnx/operands.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import type { FloatContext } from "./float-context.ts";
import type { Probe, Quantisation } from "./float-graph.ts";
import { quantisationAxis, scaleAndZeroPoint } from "./fold-quantised.ts";
import type { FloatReader } from "./readers.ts";

export const QUANTISED_READERS: readonly (readonly [string, FloatReader])[] = [
  ["QuantizeLinear", readQuantize],
  ["DequantizeLinear", readDequantize],
];

type Stored = NonNullable<Probe["stored"]>;

function readQuantize(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(3);
  const x = context.real(node, 0);
  const stored = activation(node, context, proto, 1);
  quantisationAxis(node, x.shape.length);
  const output = node.output();
  const input = x.name;
  const quantisation: Quantisation = { scale: stored.scale, zeroPoint: stored.zeroPoint };
  context.add(
    { kind: "quantise", name: node.name, operator: node.op, input, quantisation, output },
    x.shape,
    { tensor: output, stored },
  );
  context.markStored(output);
}

function readDequantize(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(3);
  const stored = activation(node, context, proto, 1);
  quantisationAxis(node, 4);
  context.alias(node.output(), storedOperand(node, context, 0, stored));
}

/** Scale and zero point of an activation, as uint8. */
function activation(
  node: NodeReader,
  context: FloatContext,
  proto: NodeProto,
  index: number,
): Stored {
  const zeroPoint = context.constant(proto.input[index + 1]);
  const scale = context.constant(node.input(index));
  const { type, scales, zeroPoints } = scaleAndZeroPoint(node, scale, zeroPoint);
  const [single, zero] = [scales[0] as number, zeroPoints[0] as number];
  if (scales.length > 1) throw node.unsupported("activations need one scale for the whole tensor");
  if (type === "int32") throw node.unsupported("activations must be uint8 or int8");
  const signed = type === "int8";
  return { scale: single, zeroPoint: signed ? zero + 128 : zero, signed };
}

/** The value behind stored integers, whose scale must be the one that made them. */
function storedOperand(
  node: NodeReader,
  context: FloatContext,
  index: number,
  stored: Stored,
): string {
  const given = node.input(index);
  const name = context.resolve(given);
  const { probe } = context.value(given, `node "${node.name}" (${node.op})`);
  if (!context.isStored(given)) {
    throw node.unsupported(`"${given}" is not quantised; put QuantizeLinear before it`);
  }
  const made = probe?.stored;
  if (made === undefined) {
    context.setProbe(name, { tensor: given, stored });
    return name;
  }
  const same =
    made.scale === stored.scale &&
    made.zeroPoint === stored.zeroPoint &&
    made.signed === stored.signed;
  if (same) return name;
  throw node.unsupported(
    `it reads "${given}" with scale ${stored.scale} and zero point ${stored.zeroPoint}, which was made with ${made.scale} and ${made.zeroPoint}; use the same pair`,
  );
}
