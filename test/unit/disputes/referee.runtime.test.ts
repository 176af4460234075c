import type { IntegerGraph } from "@lattice/zkml";
import { writeOnnx } from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { OnnxRunner } from "../../../packages/zkml/src/runtime/onnx-runner.ts";
import { assertSameBits } from "../../../packages/zkml/src/runtime/same-bits.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { RANDOM_GRAPHS } from "../../../packages/zkml/test/helpers/random-graphs.ts";
import { randomProgram } from "../../../packages/zkml/test/helpers/random-programs.ts";
import { smallConvnet } from "../../../packages/zkml/test/helpers/small-convnet.ts";
import { operatorsIn, stepAt, valueOfNode } from "../../helpers/disputes/cases.ts";
import { deployReferee } from "../../helpers/disputes/referee.ts";

const connection = await network.create();
const PROGRAMS = 6;

/** The graph with the output of every node among its outputs, so that a runtime shows them all. */
function showingAll(graph: IntegerGraph): IntegerGraph {
  const outputs = graph.nodes.map(({ output }) => graph.values.get(output));
  return { ...graph, outputs: outputs.filter((value) => value !== undefined) };
}

/**
 * Has ONNX Runtime, the interpreter and the referee compute every element of every node.
 * @returns How many elements those are.
 */
async function compareAll(graph: IntegerGraph, random: SeededRandom): Promise<number> {
  const referee = await deployReferee(connection);
  const shown = showingAll(graph);
  const run = committedRun(shown, random);
  const names = shown.inputs.map(({ name }) => name);
  const inputs = Object.fromEntries(
    run.tensors.slice(0, names.length).map((t, i) => [names[i], t]),
  );
  const runner = await OnnxRunner.create(writeOnnx(shown));
  const { outputs } = await runner.run(inputs);
  await runner.release();
  const interpreted = new Map(
    run.program.nodes.map((_, i) => [valueOfNode(run, i).name, run.tensors[names.length + i]]),
  );
  assertSameBits(interpreted as typeof outputs, outputs);
  let elements = 0;
  for (const [node] of run.program.nodes.entries()) {
    const count = run.tensors[names.length + node]?.data.length as number;
    for (let element = 0; element < count; element++, elements++) {
      const step = stepAt(run, node, element);
      const where = `${shown.nodes[node]?.op} ${element}`;
      expect(await referee.judgeStep(run, run.trace, step), where).to.equal(false);
    }
  }
  return elements;
}

describe("OperatorReferee", () => {
  describe("against ONNX Runtime and the interpreter", () => {
    it("finds every element of a convolutional network's run right (DIS-7)", async () => {
      const random = new SeededRandom(0x0a1);
      expect(await compareAll(smallConvnet(random), random)).to.be.greaterThan(900);
    });

    it("finds every element of random runs right, with every operator (DIS-7)", async () => {
      const random = new SeededRandom(0x0a2);
      const programs = Array.from({ length: PROGRAMS }, () => randomProgram(random, { steps: 8 }));
      const single = Object.values(RANDOM_GRAPHS).map((make) => make(random));
      const graphs = [...programs, ...single].filter(({ nodes }) => nodes.length > 0);
      let elements = 0;
      for (const graph of graphs) elements += await compareAll(graph, random);
      expect(elements).to.be.greaterThan(1000);
      expect(new Set(graphs.flatMap(operatorsIn)).size).to.equal(17);
    });
  });
});
