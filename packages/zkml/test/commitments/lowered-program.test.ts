import { expect } from "chai";
import { HashTree, leafHashes } from "../../src/commitments/hash-tree.ts";
import {
  type LoweredProgram,
  lowerProgram,
  type ProgramNode,
  type ProgramValue,
  traceEntry,
  traceLength,
  valueOfEntry,
} from "../../src/commitments/lowered-program.ts";
import {
  chunksAtMost,
  MAX_PARTS,
  MAX_STEP_CHUNKS,
  MAX_STEP_TERMS,
} from "../../src/commitments/lowering/partial-reductions.ts";
import { reductionOf } from "../../src/commitments/lowering/reduction.ts";
import { programOf, rootOfProgram } from "../../src/commitments/model-roots.ts";
import { CHUNK_BYTES } from "../../src/commitments/tensor-root.ts";
import { readsOf } from "../../src/disputes/reads.ts";
import { trace } from "../../src/interpreter/interpret.ts";
import { interpretTrace } from "../../src/interpreter/interpret-trace.ts";
import type { IntegerGraph, OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { ELEMENT_BYTES, type IntegerTensor } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { inputsFor, randomTensor } from "../helpers/random-tensors.ts";
import { singleInput } from "../helpers/single-input.ts";

const REDUCING: readonly OperatorName[] = ["MatMulInteger", "ConvInteger", "MaxPool", "ReduceSum"];
const UNREAD = { operand: () => 0, output: () => 0, hint: 0 };

/** Chunks of each operand that an element reads. */
function chunksRead(program: LoweredProgram, step: ProgramNode, element: number): number[] {
  return readsOf(program, step, element, UNREAD).map((positions, i) => {
    const { elementType } = program.values[step.operands[i] as number] as ProgramValue;
    const perChunk = CHUNK_BYTES / ELEMENT_BYTES[elementType];
    return new Set(positions.map((position) => Math.floor(position / perChunk))).size;
  });
}

function checkCaps(program: LoweredProgram): void {
  for (const step of program.nodes) {
    if (!REDUCING.includes(step.node.op)) continue;
    const values = step.operands.map((id) => program.values[id] as ProgramValue);
    const reduction = reductionOf(step.node, values) as NonNullable<ReturnType<typeof reductionOf>>;
    const range = step.range ?? { from: 0, to: reduction.terms };
    const bounds = chunksAtMost(reduction, range);
    expect(Math.max(...bounds)).to.be.at.most(MAX_STEP_CHUNKS);
    expect(range.to - range.from).to.be.at.most(MAX_STEP_TERMS);
    const { shape } = program.values[step.output] as ProgramValue;
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    for (let element = 0; element < count; element++) {
      const chunks = chunksRead(program, step, element);
      for (const [i, bound] of bounds.entries()) expect(chunks[i]).to.be.at.most(bound);
    }
  }
}

/** The parts of a node cover its terms in order, each but the first reading the one before. */
function checkChains(program: LoweredProgram): void {
  for (const [i, step] of program.nodes.entries()) {
    const { range, node } = step;
    if (range === undefined) continue;
    expect(range.from).to.be.below(range.to);
    const before = program.nodes[i - 1];
    const first = range.from === 0;
    expect(step.operands).to.have.length(node.inputs.length + (first ? 0 : 1));
    if (first) continue;
    expect(before?.node).to.equal(node);
    expect(before?.range?.to).to.equal(range.from);
    expect(step.operands.at(-1)).to.equal(before?.output);
  }
}

function checkTrace(program: LoweredProgram, graph: IntegerGraph, random: SeededRandom): void {
  for (const inputs of inputsFor(graph, random, 1)) {
    const whole = trace(graph, inputs).values;
    const tensors = interpretTrace(program, graph, inputs);
    expect(tensors).to.have.length(traceLength(program));
    for (const [entry, tensor] of tensors.entries()) {
      const value = program.values[valueOfEntry(program, entry)] as ProgramValue;
      expect(tensor.shape).to.deep.equal(value.shape);
      expect(tensor.elementType).to.equal(value.elementType);
      const same = whole.get(value.name);
      if (same !== undefined) expect(tensor).to.deep.equal(same);
    }
    const last = whole.get(graph.outputs[0]?.name as string);
    const output = traceEntry(program, program.outputs[0] as number);
    expect(tensors[output]).to.deep.equal(last);
  }
}

function rangesOf(graph: IntegerGraph): (readonly [number, number])[] {
  return lowerProgram(graph).nodes.flatMap(({ range }) =>
    range === undefined ? [] : [[range.from, range.to] as const],
  );
}

function dense(inner: number): IntegerGraph {
  const w: IntegerTensor = randomTensor(new SeededRandom(1), "int8", [inner, 1], [-9, 9]);
  const zero = { aZeroPoint: 0, bZeroPoint: 0 };
  const node = {
    op: "MatMulInteger",
    name: "n",
    inputs: ["x", "w"],
    output: "y",
    ...zero,
  } as const;
  return singleInput(new SeededRandom(1), "uint8", [1, inner], node, { w });
}

function conv(channels: number, size: number, extent: number, groups = 1): IntegerGraph {
  const shape = [groups, channels / groups, size, size];
  const w = randomTensor(new SeededRandom(1), "int8", shape, [-9, 9]);
  const window = {
    kernel: [size, size],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  } as const;
  const zero = { xZeroPoint: 0, wZeroPoint: 0, groups, window };
  const node = { op: "ConvInteger", name: "n", inputs: ["x", "w"], output: "y", ...zero } as const;
  return singleInput(new SeededRandom(1), "uint8", [1, channels, extent, extent], node, { w });
}

describe("a lowered program", () => {
  for (const [name, make] of Object.entries(LARGE_GRAPHS)) {
    it(`keeps every step of ${name} within the caps, and its result`, () => {
      const random = new SeededRandom(611);
      for (let i = 0; i < 3; i++) {
        const graph = make(random);
        const program = lowerProgram(graph);
        checkCaps(program);
        checkChains(program);
        checkTrace(program, graph, random);
      }
    });
  }

  for (const op of REDUCING) {
    it(`keeps every step of ${op} within the caps`, () => {
      const random = new SeededRandom(612);
      for (let i = 0; i < 40; i++) checkCaps(lowerProgram(RANDOM_GRAPHS[op](random)));
    });
  }

  it("splits a row after 4,096 terms", () => {
    expect(rangesOf(dense(4096))).to.deep.equal([]);
    expect(rangesOf(dense(4097))).to.deep.equal([
      [0, 4096],
      [4096, 4097],
    ]);
    expect(rangesOf(dense(9000))).to.deep.equal([
      [0, 4096],
      [4096, 8192],
      [8192, 9000],
    ]);
  });

  it("splits a convolution between kernel rows when that makes no more parts", () => {
    expect(rangesOf(conv(455, 3, 3))).to.deep.equal([]);
    expect(rangesOf(conv(512, 3, 3))).to.deep.equal([
      [0, 3072],
      [3072, 4608],
    ]);
    expect(rangesOf(conv(1000, 3, 3)).map(([from, to]) => to - from)).to.deep.equal([
      3000, 3000, 3000,
    ]);
    // Rows of 2,700 terms would make three parts.
    expect(rangesOf(conv(900, 3, 3)).map(([from, to]) => to - from)).to.deep.equal([4096, 4004]);
  });

  it("splits a depthwise convolution by the chunks that its taps lie in", () => {
    // Nine taps, each in a chunk of its own.
    expect(rangesOf(conv(1024, 3, 3, 1024))).to.deep.equal([]);
    // Rows of five taps: three rows touch fifteen chunks.
    expect(rangesOf(conv(1024, 5, 5, 1024))).to.deep.equal([
      [0, 15],
      [15, 25],
    ]);
  });

  for (const [size, channels] of [
    [65_535, 1],
    [300, 2000],
  ] as const) {
    it(`refuses a window of ${size}² that takes too many parts, naming the node`, () => {
      const pads = [size - 1, size - 1, 0, 0] as const;
      const window = { kernel: [size, size], strides: [1, 1], dilations: [1, 1], pads } as const;
      const node = { op: "MaxPool", name: "pool", inputs: ["x"], output: "y", window } as const;
      const graph = singleInput(new SeededRandom(1), "uint8", [1, channels, 1, 1], node);
      return expectZkmlError(() => lowerProgram(graph), {
        code: "MODEL_TOO_LARGE",
        metadata: { node: "pool", terms: size ** 2, limit: MAX_PARTS },
      });
    });
  }

  it("numbers the values of parts among the others", () => {
    const program = lowerProgram(dense(9000));
    expect(program.nodes.map(({ op }) => op)).to.deep.equal([18, 18, 18]);
    expect(program.nodes.map(({ output }) => output)).to.deep.equal([2, 3, 4]);
    expect(program.nodes.map(({ operands }) => operands)).to.deep.equal([
      [0, 1],
      [0, 1, 2],
      [0, 1, 3],
    ]);
    expect(program.outputs).to.deep.equal([4]);
    expect(program.values.map(({ name }) => name).at(-1)).to.equal("y");
    expect([0, 2, 3, 4].map((id) => traceEntry(program, id))).to.deep.equal([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map((entry) => valueOfEntry(program, entry))).to.deep.equal([0, 2, 3, 4]);
    expect(() => traceEntry(program, 1)).to.throw(RangeError, "value 1 is a constant");
  });

  it("ends a part's leaf with its range", () => {
    const [, second] = lowerProgram(dense(9000)).nodes;
    const bytes = Buffer.from(second?.bytes as Uint8Array).toString("hex");
    const zeros = "0".repeat(16);
    const ends = `${(4096).toString(16).padStart(16, "0")}${(8192).toString(16).padStart(16, "0")}`;
    expect(bytes).to.equal(
      `12${"00000003"}03${"00000000"}${"00000001"}${"00000002"}04${zeros}${zeros}${ends}`,
    );
  });

  it("has the root of its leaves", () => {
    const graph = dense(9000);
    const program = lowerProgram(graph);
    expect(rootOfProgram(programOf(graph))).to.equal(program.root);
    const nodes = new HashTree(leafHashes(program.nodes.map(({ bytes }) => bytes)));
    expect(program.nodeTree.root).to.deep.equal(nodes.root);
  });
});
