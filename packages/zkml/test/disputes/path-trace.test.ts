import { expect } from "chai";
import type { CommittedTensor, CommittedTrace } from "../../src/commitments/committed-trace.ts";
import { toHex } from "../../src/commitments/hash.ts";
import type { HashTree } from "../../src/commitments/hash-tree.ts";
import { chunkFault, type Fault, findFault, headerFault } from "../../src/disputes/find-fault.ts";
import { PathTrace } from "../../src/disputes/path-trace.ts";
import { knownTensor } from "../../src/disputes/suspect-trace.ts";
import { traceEvidence } from "../../src/disputes/trace-evidence.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { type CommittedRun, committedRun } from "../helpers/committed-runs.ts";
import {
  withByte,
  withChunkFiller,
  withHeader,
  withTensorFiller,
} from "../helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { randomProgram } from "../helpers/random-programs.ts";

const STEP = 4;

/** The nodes `min(4, level)` levels below one, as the provider answers. */
function below(tree: HashTree, level: number, index: number): Uint8Array[] {
  const down = Math.min(STEP, level);
  return Array.from({ length: 2 ** down }, (_, i) =>
    tree.node(level - down, index * 2 ** down + i),
  );
}

/** Goes down to the first leaf that differs, telling what it learns of the suspect's tree. */
function descend(
  honest: HashTree,
  suspect: HashTree,
  learn: (level: number, first: number, nodes: Uint8Array[]) => void,
): number {
  let [level, index] = [suspect.depth, 0];
  while (level > 0) {
    const nodes = below(suspect, level, index);
    level -= Math.min(STEP, level);
    const first = index * nodes.length;
    learn(level, first, nodes);
    const differing = nodes.findIndex(
      (node, i) => toHex(node) !== toHex(honest.node(level, first + i)),
    );
    index = first + differing;
  }
  return index;
}

/** What an inquiry finds out that asks for the first difference only. */
function inquire(run: CommittedRun, suspect: CommittedTrace): Fault {
  const { tensors, tree } = suspect;
  const path = new PathTrace(run.trace, tensors.length, below(tree, tree.depth, 0));
  const entry = descend(run.trace.tree, tree, (...nodes) => path.learnTensors(...nodes));
  if (entry >= tensors.length) {
    const at = { fault: "tensorFiller", leaf: entry } as const;
    return { kind: "trace", at, evidence: traceEvidence(run.program, path, at) };
  }
  const { header, chunks, ...rest } = tensors[entry] as CommittedTensor;
  path.learnTensor(entry, header, below(chunks, chunks.depth, 0));
  const shape = headerFault(run, path, entry);
  if (shape !== undefined) return shape;
  const honest = (run.trace.tensors[entry] as CommittedTensor).chunks;
  const chunk = descend(honest, chunks, (...nodes) => path.learnChunks(...nodes));
  path.learnChunk(chunk, knownTensor({ header, chunks, ...rest }).chunk(chunk));
  return chunkFault(run, run.trace, path, { entry, chunk });
}

function suspectsOf(run: CommittedRun, random: SeededRandom): CommittedTrace[] {
  const { trace, program } = run;
  const entry = random.integer(program.inputs, trace.tensors.length - 1);
  const { packed } = trace.tensors[entry] as CommittedTensor;
  const byte = random.integer(0, packed.length - 1);
  const wrong = withByte(trace, entry, byte, (old) => old ^ 16);
  const last = trace.tensors.length - 1;
  const later = trace.tensors[last] as CommittedTensor;
  return [
    wrong,
    // A second difference further on, which the siblings of the first one show.
    withByte(wrong, last, random.integer(0, later.packed.length - 1), (old) => old ^ 32),
    withByte(trace, 0, 0, (old) => old ^ 1),
    withHeader(trace, entry, (header) => header.with(0, 9)),
  ];
}

describe("a trace of which a path is known", () => {
  it("gives the evidence that the whole trace gives", () => {
    const random = new SeededRandom(901);
    const graphs = [
      ...Array.from({ length: 40 }, () => randomProgram(random, { steps: 24 })),
      ...Object.values(LARGE_GRAPHS).map((make) => make(random)),
    ];
    for (const graph of graphs) {
      const run = committedRun(graph, random);
      if (run.program.nodes.length === 0) continue;
      for (const suspect of suspectsOf(run, random)) {
        expect(inquire(run, suspect)).to.deep.equal(findFault(run, run.trace, suspect));
      }
    }
  });

  it("opens fillings", () => {
    const random = new SeededRandom(902);
    const graph = LARGE_GRAPHS["an image of constants added"]?.(random) as never;
    const run = committedRun(graph, random);
    const { tensors, tree } = run.trace;
    expect(2 ** tree.depth).to.be.above(tensors.length);
    const suspects = [withTensorFiller(run.trace, tensors.length)];
    const { chunks } = tensors[1] as CommittedTensor;
    const { count } = chunks;
    if (2 ** chunks.depth > count) suspects.push(withChunkFiller(run.trace, 1, count));
    for (const suspect of suspects) {
      expect(inquire(run, suspect)).to.deep.equal(findFault(run, run.trace, suspect));
    }
    expect(suspects).to.have.length(2);
  });

  it("does not open what lies behind the path", () => {
    const random = new SeededRandom(903);
    const run = committedRun(randomProgram(random, { steps: 30 }), random);
    const last = run.trace.tensors.length - 1;
    expect(last).to.be.above(17);
    const first = withByte(run.trace, 1, 0, (old) => old ^ 1);
    const suspect = withByte(first, last, 0, (old) => old ^ 1);
    const { tree } = suspect;
    const path = new PathTrace(run.trace, last + 1, below(tree, tree.depth, 0));
    expect(() => path.siblings(last)).to.throw(RangeError, `does not open leaf ${last}`);
    expect(() => path.learnChunk(0, new Uint8Array(1024))).to.throw(RangeError, "no tensor");
  });
});
