import {
  isConstant,
  type LoweredProgram,
  type ProgramNode,
  type ProgramValue,
} from "../../commitments/lowered-program.ts";
import type { IntegerGraph } from "../../ir/graph.ts";
import { encodeModel } from "../../onnx/encode.ts";
import type { NodeProto, TensorProto } from "../../onnx/proto.ts";
import { IR_VERSION, nodesToOnnx, tensorToOnnx, valueToOnnx } from "../../onnx/write.ts";
import { OnnxNodes } from "./onnx-nodes.ts";
import { isWritablePart, type PartToWrite, writePart } from "./part-writer.ts";

/** A run of a program's nodes as an ONNX model that gives every value it computes. */
export interface TraceSegment {
  readonly model: Uint8Array;
  /** Ids of the values that it reads, constants aside. */
  readonly inputs: readonly number[];
  /** Ids of the values that it gives, in the order of the nodes. */
  readonly outputs: readonly number[];
}

const OPSET = 17;

/** False when a part can only be computed in the interpreter. */
export function isWritable(program: LoweredProgram, graph: IntegerGraph): boolean {
  return program.nodes.every(
    (step) =>
      step.range === undefined ||
      isWritablePart(partOf(program, graph, { ...step, range: step.range })),
  );
}

/** Writes the nodes `from` to `to` (half-open) of the program. */
export function writeSegment(
  program: LoweredProgram,
  graph: IntegerGraph,
  [from, to]: readonly [number, number],
): TraceSegment {
  const steps = program.nodes.slice(from, to);
  const outputs = steps.map(({ output }) => output);
  const read = [...new Set(steps.flatMap(({ operands }) => operands))];
  const inputs = read.filter((id) => !isConstant(program, id) && !outputs.includes(id));
  const names = new Set(program.values.map(({ name }) => name));
  const onnx = new OnnxNodes((name) => names.has(name));
  const valueAt = (id: number) => program.values[id] as ProgramValue;
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  for (const id of read.filter((each) => isConstant(program, each))) {
    const { name } = valueAt(id);
    // A split convolution has constants of its own instead.
    if (steps.every((step) => !step.operands.includes(id) || isMasked(step))) continue;
    const tensor = graph.constants.get(name);
    if (tensor !== undefined) initializers.push(tensorToOnnx(name, tensor));
  }
  for (const step of steps) {
    if (step.range === undefined) nodes.push(...nodesToOnnx(step.node, graph, initializers));
    else {
      writePart(onnx, partOf(program, graph, { ...step, range: step.range }));
      nodes.push(...onnx.nodes.splice(0));
    }
  }
  const model = encodeModel({
    irVersion: IR_VERSION,
    producerName: "lattice-zkml",
    opsets: [{ domain: "", version: OPSET }],
    graph: {
      name: graph.name,
      nodes,
      initializers: [...initializers, ...onnx.initializers],
      inputs: inputs.map((id) => valueToOnnx(valueAt(id))),
      outputs: outputs.map((id) => valueToOnnx(valueAt(id))),
    },
  });
  return { model, inputs, outputs };
}

function isMasked({ node, range }: ProgramNode): boolean {
  return range !== undefined && node.op === "ConvInteger";
}

function partOf(
  program: LoweredProgram,
  graph: IntegerGraph,
  step: ProgramNode & Pick<PartToWrite, "range">,
): PartToWrite {
  const values = step.operands.map((id) => program.values[id] as ProgramValue);
  const count = step.node.inputs.length;
  const before = values[count];
  return {
    node: step.node,
    range: step.range,
    operands: values.slice(0, count),
    constants: graph.constants,
    output: program.values[step.output] as ProgramValue,
    ...(before === undefined ? {} : { before: before.name }),
  };
}

/**
 * Ends of runs of nodes with about equal work, so that the tensors of one can be committed to while
 * the next is computed.
 * @param work Of each node.
 */
export function balancedCuts(
  work: readonly number[],
  count: number,
): (readonly [number, number])[] {
  const total = work.reduce((sum, each) => sum + each, 0);
  const cuts: [number, number][] = [];
  let [start, done] = [0, 0];
  for (const [i, each] of work.entries()) {
    done += each;
    const last = i === work.length - 1;
    if (!last && done < (total * (cuts.length + 1)) / count) continue;
    cuts.push([start, i + 1]);
    start = i + 1;
  }
  return cuts;
}
