import { CircuitWriter } from "../../src/circuit/circuit-writer.ts";
import { emitNodes } from "../../src/circuit/generate.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { reduce } from "../../src/keys/field.ts";

const FILES = ["range", "compare", "divide", "linear", "lookup", "requantise"];

/**
 * Circom source of many models side by side without their commitments, which would be most of the
 * circuit: inputs and outputs are public, program after program.
 */
export function bareSource(graphs: readonly IntegerGraph[]): string {
  const parts = graphs.map(bareTemplate);
  const includes = FILES.map((file) => `include "${file}.circom";`).join("\n");
  const inputs = parts.map((_, i) => `x${i}`).join(", ");
  return `pragma circom 2.1.9;
${includes}
${parts.map(({ source }) => source).join("\n")}
template Programs() {
${parts.map(({ inputs: x, outputs: y }, i) => instance(i, x, y)).join("\n")}
}
component main {public [${inputs}]} = Programs();
`;
}

/** Input signals of one run of every program. */
export function bareSignals(inputs: readonly IntegerTensor[]): Record<string, bigint[]> {
  return Object.fromEntries(
    inputs.map(({ data }, i) => [`x${i}`, Array.from(data, (value) => reduce(BigInt(value)))]),
  );
}

function instance(i: number, inputs: number, outputs: number): string {
  return `    signal input x${i}[${inputs}];
    signal output y${i}[${outputs}];
    y${i} <== Program${i}()(x${i});`;
}

function bareTemplate(graph: IntegerGraph, i: number) {
  const writer = new CircuitWriter(graph);
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  if (input === undefined || output === undefined) throw new Error("no input or no output");
  const x = writer.declare(input.name, "signal input");
  emitNodes(writer);
  const y = writer.value(output.name);
  // Each writer numbers its functions from zero.
  const own = (text: string) => text.replaceAll(/\bintegers(\d+)\b/g, `integers${i}x$1`);
  const source = `${writer.functions.map(own).join("\n")}
template Program${i}() {
${writer.statements.map(own).join("\n")}
    signal output result[${y.count}];
    for (var i = 0; i < ${y.count}; i++) { result[i] <== ${y.array}[i]; }
}`;
  return { source, inputs: x.count, outputs: y.count };
}
