import {
  type CommittedModel,
  type CommittedTrace,
  commitConstants,
  commitTraceSync,
  type GraphInputs,
  type IntegerGraph,
  interpretTrace,
  lowerProgram,
} from "@lattice/zkml";
import { withByte } from "../../../packages/zkml/test/helpers/forged-traces.ts";

/** Code of int32 in a tensor's header. */
const INT32 = 3;

/** A model, committed to, and the right trace of one run. */
export interface Run {
  readonly model: CommittedModel;
  readonly trace: CommittedTrace;
}

export function runOf(graph: IntegerGraph, inputs: GraphInputs): Run {
  const program = lowerProgram(graph);
  const model = { program, constants: commitConstants(program, graph) };
  return { model, trace: commitTraceSync(program, interpretTrace(program, graph, inputs)) };
}

/** The trace with another lowest bit in one element of a tensor. */
export function withLie(trace: CommittedTrace, entry: number, element: number): CommittedTrace {
  const width = trace.tensors[entry]?.header[0] === INT32 ? 4 : 1;
  const lowest = width * (element + 1) - 1;
  return withByte(trace, entry, lowest, (byte) => byte ^ 1);
}
