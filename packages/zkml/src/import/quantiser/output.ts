import type { ValueName } from "../../ir/graph.ts";
import type { ElementType } from "../../ir/tensor.ts";
import type {
  ArgMaxNode,
  FloatGraph,
  FloatNode,
  ReshapeNode,
  TransposeNode,
} from "../float/float-graph.ts";
import { IDENTITY, isClamped } from "../float/pointwise.ts";
import type { Quantiser } from "./quantiser.ts";

/** The output of the integer graph; its real value is `scale · (q − zeroPoint)`. */
export interface IntegerOutput {
  readonly value: ValueName;
  readonly elementType: ElementType;
  readonly scale: number;
  readonly zeroPoint: number;
  /** The output is the index of a class. */
  readonly isIndex: boolean;
  readonly accumulatorBits?: number;
  readonly weightBits?: number;
  readonly note?: string;
}

type TailNode = ReshapeNode | TransposeNode | ArgMaxNode;

/** Layouts and an ArgMax at the end, which work on full sums; last one first. */
export function tailOf({ nodes, output }: FloatGraph): TailNode[] {
  const producers = new Map(nodes.map((node) => [node.output, node]));
  const tail: TailNode[] = [];
  for (let node = producers.get(output); node && isTail(node); node = producers.get(node.input)) {
    tail.push(node);
  }
  return tail;
}

function isTail(node: FloatNode): node is TailNode {
  return node.kind === "reshape" || node.kind === "transpose" || node.kind === "argMax";
}

/** Puts out full int32 sums where the last operator has them, else 8 bits. */
export function emitOutput(quantiser: Quantiser): IntegerOutput {
  const { emitter, graph } = quantiser;
  const tail = tailOf(graph);
  let output = emitBase(quantiser, tail.at(-1)?.input ?? graph.output);
  for (const node of tail.reverse()) {
    const inputs = [output.value] as const;
    const { output: name } = node;
    if (node.kind === "argMax") {
      const { axis, keepDims } = node;
      const value = emitter.add(name, { op: "ArgMax", inputs, axis, keepDims });
      output = { value, elementType: "int32", scale: 1, zeroPoint: 0, isIndex: true };
      continue;
    }
    const value =
      node.kind === "transpose"
        ? emitter.add(name, { op: "Transpose", inputs, permutation: node.permutation })
        : emitter.add(name, { op: "Reshape", inputs, shape: graph.values.get(name)?.shape ?? [] });
    output = { ...output, value };
  }
  return output;
}

function emitBase(quantiser: Quantiser, value: ValueName): IntegerOutput {
  const node = quantiser.producer(value);
  const pointwise = node?.kind === "pointwise" ? node : undefined;
  const affine = pointwise === undefined ? IDENTITY.affine : pointwise.function.affine;
  const source = quantiser.source(pointwise ? quantiser.producer(pointwise.source) : node);
  if (affine === undefined || source === undefined || quantiser.assigned(value) !== undefined) {
    const { value: name, scale, zeroPoint } = quantiser.quantised(value);
    return { value: name, elementType: "uint8", scale, zeroPoint, isIndex: false };
  }
  const { emitter } = quantiser;
  const sums = source.wide(value, affine);
  const bound = (real: number) => clampInt32(Math.round(real / sums.scale));
  const clipped = isClamped(affine)
    ? emitter.add(`${value}/clip`, {
        op: "Clip",
        inputs: [sums.value],
        min: bound(affine.low),
        max: bound(affine.high),
      })
    : sums.value;
  return {
    value: clipped,
    elementType: "int32",
    scale: sums.scale,
    zeroPoint: 0,
    isIndex: false,
    accumulatorBits: emitter.width(sums.value),
    ...(sums.weightBits !== undefined && { weightBits: sums.weightBits }),
    ...(sums.note !== undefined && { note: sums.note }),
  };
}

function clampInt32(value: number): number {
  return Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1);
}
