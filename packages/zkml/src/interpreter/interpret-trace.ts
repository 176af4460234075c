import {
  type LoweredProgram,
  type ProgramValue,
  valueOfEntry,
} from "../commitments/lowered-program.ts";
import type { IntegerGraph } from "../ir/graph.ts";
import { bindInputs, type GraphInputs } from "../ir/inputs.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import { evaluate } from "./interpret.ts";
import { evaluatePart } from "./partial.ts";

/**
 * Runs a program step by step in exact integers: every tensor of its trace, inputs first, then the
 * outputs of its nodes, sums of parts among them. Row-major, as tensors are everywhere.
 * @param graph That `program` was lowered from.
 * @throws ZkmlError TENSOR_TYPE, TENSOR_SHAPE when an input is not as the graph declares it.
 */
export function interpretTrace(
  program: LoweredProgram,
  graph: IntegerGraph,
  inputs: GraphInputs,
): IntegerTensor[] {
  const given = bindInputs(graph.inputs, inputs);
  const first = program.inputs + program.constants;
  const values = program.values
    .slice(0, first)
    .map(({ name }) => (given.get(name) ?? graph.constants.get(name)) as IntegerTensor);
  for (const { node, range, output, operands } of program.nodes) {
    const { elementType, shape } = program.values[output] as ProgramValue;
    const read = operands.map((id) => values[id] as IntegerTensor);
    const data =
      range === undefined ? evaluate(node, read, shape) : evaluatePart(node, read, shape, range);
    values[output] = { elementType, shape, data };
  }
  const length = program.inputs + program.nodes.length;
  return Array.from(
    { length },
    (_, entry) => values[valueOfEntry(program, entry)] as IntegerTensor,
  );
}
