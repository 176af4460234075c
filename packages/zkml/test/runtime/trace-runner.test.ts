import { expect } from "chai";
import { lowerProgram } from "../../src/commitments/lowered-program.ts";
import { interpretTrace } from "../../src/interpreter/interpret-trace.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { IntegerGraph, OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { balancedCuts } from "../../src/runtime/trace/segments.ts";
import { TraceRunner, type TraceRunnerOptions } from "../../src/runtime/trace/trace-runner.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { randomProgram } from "../helpers/random-programs.ts";
import { inputsFor, randomTensor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

/** Runs a graph both ways; gives the number of parts that reductions were split into. */
async function compare(
  graph: IntegerGraph,
  random: SeededRandom,
  options: TraceRunnerOptions = {},
): Promise<number> {
  const program = lowerProgram(graph);
  const runner = await TraceRunner.create(program, graph, { threads: 1, ...options });
  expect(runner.source).to.equal("onnx");
  for (const inputs of inputsFor(graph, random, 1)) {
    const tensors = await runner.run(inputs);
    for (const [entry, expected] of interpretTrace(program, graph, inputs).entries()) {
      expect(tensors[entry], `entry ${entry}`).to.deep.equal(expected);
    }
    expect(tensors).to.have.length(graph.inputs.length + program.nodes.length);
  }
  await runner.release();
  return program.nodes.filter(({ range }) => range !== undefined).length;
}

describe("every tensor of a run", () => {
  for (const [name, make] of Object.entries(LARGE_GRAPHS)) {
    it(`has the interpreter's bits in ${name}`, async () => {
      const random = new SeededRandom(0x7ace + name.length);
      for (let i = 0; i < 4; i++) await compare(make(random), random);
    });
  }

  it("has the interpreter's bits where reductions are split", async () => {
    const random = new SeededRandom(0x7acf);
    const graphs = Object.values(LARGE_GRAPHS).flatMap((make) => [make(random), make(random)]);
    let parts = 0;
    for (const graph of graphs) parts += await compare(graph, random, { segments: 3 });
    expect(parts).to.be.above(30);
  });

  for (const op of Object.keys(RANDOM_GRAPHS) as OperatorName[]) {
    it(`has the interpreter's bits around ${op}`, async () => {
      const random = new SeededRandom(0x7ad0 + op.length);
      for (let i = 0; i < 6; i++) await compare(RANDOM_GRAPHS[op](random), random);
    });
  }

  it("has the interpreter's bits in any number of segments", async () => {
    const random = new SeededRandom(0x7ad1);
    for (let segments = 1; segments <= 12; segments++) {
      await compare(smallConvnet(random), random, { segments });
      await compare(randomProgram(random, { steps: 20 }), random, { segments });
    }
  });
});

describe("a trace runner", () => {
  const random = new SeededRandom(0x7ad2);
  const graph = smallConvnet(random);
  const program = lowerProgram(graph);
  const image = randomTensor(random, "uint8", [1, 2, 9, 9]);

  it("interprets what it is told to, and products by filters that are computed in parts", async () => {
    const told = await TraceRunner.create(program, graph, { source: "interpreter" });
    expect(told.source).to.equal("interpreter");
    expect(await told.run(image)).to.deep.equal(interpretTrace(program, graph, image));

    const builder = new GraphBuilder("computed");
    builder.addInput({ name: "x", elementType: "uint8", shape: [1, 600, 3, 3] });
    builder.addConstant("w", randomTensor(random, "int8", [1, 600, 3, 3], [-60, 60]));
    const bounds = { min: -3, max: 3 };
    builder.addNode({ op: "Clip", name: "clip", inputs: ["w"], output: "v", ...bounds });
    builder.addNode({
      op: "ConvInteger",
      name: "conv",
      inputs: ["x", "v"],
      output: "y",
      xZeroPoint: 0,
      wZeroPoint: 0,
      groups: 1,
      window: { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] },
    });
    const computed = builder.finish(["y"]);
    const lowered = lowerProgram(computed);
    expect(lowered.nodes.some(({ range }) => range !== undefined)).to.equal(true);
    const runner = await TraceRunner.create(lowered, computed);
    expect(runner.source).to.equal("interpreter");
    const x = randomTensor(random, "uint8", [1, 600, 3, 3]);
    expect(await runner.run(x)).to.deep.equal(interpretTrace(lowered, computed, x));
  });

  it("gives tensors as they are computed, and stops when it is told to", async () => {
    const runner = await TraceRunner.create(program, graph, { segments: 4 });
    const abort = new AbortController();
    const seen: IntegerTensor[] = [];
    const stopped = (async () => {
      for await (const tensor of runner.stream(image, { signal: abort.signal })) {
        seen.push(tensor);
        if (seen.length === 2) abort.abort(new Error("enough"));
      }
    })();
    expect(await stopped.catch((error: Error) => error.message)).to.equal("enough");
    expect(seen.length).to.be.within(2, program.nodes.length);
    await runner.release();
  });

  it("refuses inputs that the model does not take, and runs after its release", async () => {
    const runner = await TraceRunner.create(program, graph);
    const narrow = randomTensor(random, "uint8", [1, 2, 9, 8]);
    await expectZkmlError(() => runner.run(narrow), { code: "TENSOR_SHAPE" });
    const typed = randomTensor(random, "int8", [1, 2, 9, 9]);
    await expectZkmlError(() => runner.run(typed), { code: "TENSOR_TYPE" });
    await runner.release();
    await runner.release();
    await expectZkmlError(() => runner.run(image), { code: "RUNTIME_RELEASED" });
  });
});

describe("cuts of a program", () => {
  it("cover every node once, in order, with about equal work", () => {
    const random = new SeededRandom(0x7ad3);
    for (let i = 0; i < 200; i++) {
      const work = Array.from({ length: random.integer(1, 40) }, () => random.integer(1, 9));
      const count = random.integer(1, 10);
      const cuts = balancedCuts(work, count);
      expect(cuts.length).to.be.at.most(count);
      expect(cuts.flatMap(([from, to]) => work.slice(from, to))).to.deep.equal(work);
      for (const [at, [from, to]] of cuts.entries()) {
        expect(to).to.be.above(from);
        expect(from).to.equal(cuts[at - 1]?.[1] ?? 0);
      }
    }
  });
});
