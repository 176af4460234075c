import { expect } from "chai";
import { commitTraceSync } from "../../src/commitments/commit-trace.ts";
import { hashParts } from "../../src/commitments/hash.ts";
import { HashTree, leafHashes } from "../../src/commitments/hash-tree.ts";
import { lowerProgram } from "../../src/commitments/lowered-program.ts";
import { CHUNK_BYTES, type Layout, packTensor } from "../../src/commitments/tensor-root.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor, Shape } from "../../src/ir/tensor.ts";
import { KeccakArena, WINDOW_CHUNKS } from "../../src/runtime/trace/keccak/keccak-arena.ts";
import { packRange } from "../../src/runtime/trace/pack-range.ts";
import { commitTrace, TraceCommitter } from "../../src/runtime/trace/trace-committer.ts";
import { committedRun } from "../helpers/committed-runs.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { randomProgram } from "../helpers/random-programs.ts";
import { randomTensor } from "../helpers/random-tensors.ts";

const TYPES = ["uint8", "int8", "int32"] as const;

function randomBytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}

describe("keccak over many messages", () => {
  const random = new SeededRandom(0xca4);
  const arena = new KeccakArena();

  it("hashes chunks and trees as one by one", () => {
    for (const count of [1, 2, 3, 7, 8, 100, WINDOW_CHUNKS]) {
      const chunks = Array.from({ length: count }, () => randomBytes(random, CHUNK_BYTES));
      const expected = new HashTree(leafHashes(chunks));
      for (const [i, chunk] of chunks.entries()) arena.window.set(chunk, i * CHUNK_BYTES);
      const levels = expected.levels.map((level) => new Uint8Array(level.length));
      arena.hashWindow(count, levels, 0);
      expect(levels, `${count} chunks`).to.deep.equal(expected.levels);
    }
  });

  it("hashes trees over roots as one by one, beyond a window too", () => {
    for (const count of [1, 2, 5, 64, WINDOW_CHUNKS, WINDOW_CHUNKS + 1, 5 * WINDOW_CHUNKS + 3]) {
      const roots = randomBytes(random, 32 * count);
      const leaves = Array.from({ length: count }, (_, i) => roots.subarray(32 * i, 32 * i + 32));
      const tree = arena.treeOver(roots);
      expect(tree, `${count} roots`).to.deep.equal(new HashTree(leafHashes(leaves)));
    }
  });

  it("does not depend on what was there before", () => {
    arena.window.fill(255);
    const root = randomBytes(random, 32);
    expect(arena.treeOver(root).root).to.deep.equal(hashParts("leaf", root));
  });
});

describe("packing a range", () => {
  const random = new SeededRandom(0xbac);
  const cases: readonly (readonly [Layout, readonly Shape[]])[] = [
    ["row-major", [[], [7], [3, 5, 2]]],
    [
      "channels-last",
      [
        [1, 40, 5, 7],
        [2, 3, 9, 1],
        [3, 1, 4, 4],
        [1, 70, 1, 1],
        [2, 33, 6, 6],
      ],
    ],
    [
      "columns-first",
      [
        [40, 50],
        [1, 9],
        [9, 1],
        [3, 17, 35],
        [2, 2, 20, 18],
      ],
    ],
  ];

  for (const [layout, shapes] of cases) {
    it(`gives the bytes of the whole tensor, ${layout}`, () => {
      for (const shape of shapes) {
        for (const type of TYPES) {
          const tensor = randomTensor(random, type, shape);
          const width = tensor.data.BYTES_PER_ELEMENT;
          const whole = packTensor(tensor, layout);
          for (let i = 0; i < 20; i++) {
            const from = random.integer(0, tensor.data.length - 1);
            const to = i === 0 ? tensor.data.length : random.integer(from, tensor.data.length);
            const start = i === 0 ? 0 : from;
            const target = new Uint8Array((to - start) * width);
            packRange(tensor, layout, [start, to], target);
            expect(target).to.deep.equal(whole.slice(start * width, to * width));
          }
        }
      }
    });
  }
});

describe("committing to a trace", () => {
  const random = new SeededRandom(0xc0);
  let committers: TraceCommitter[];

  before(() => {
    committers = [0, 1, 2].map((threads) => new TraceCommitter({ threads }));
  });

  after(async () => {
    for (const committer of committers) await committer.close();
  });

  it("gives what the simple way gives, bit for bit", async () => {
    const graphs = [
      ...Array.from({ length: 20 }, () => randomProgram(random, { steps: 16 })),
      ...Object.values(LARGE_GRAPHS).map((make) => make(random)),
    ];
    for (const graph of graphs) {
      const { program, tensors, trace } = committedRun(graph, random);
      for (const committer of committers) {
        expect(await committer.commit(program, tensors)).to.deep.equal(trace);
      }
    }
  });

  it("gives the same for tensors of many windows that come one by one", async () => {
    const builder = new GraphBuilder("wide");
    builder.addInput({ name: "x", elementType: "int32", shape: [1, 96, 67, 33] });
    const bounds = { min: -9, max: 99 };
    builder.addNode({ op: "Clip", name: "clip", inputs: ["x"], output: "y", ...bounds });
    const graph = builder.finish(["y"]);
    const { program, tensors, trace } = committedRun(graph, random);
    expect(trace.tensors[0]?.chunks.count).to.be.above(3 * WINDOW_CHUNKS);
    async function* stream(): AsyncGenerator<IntegerTensor> {
      yield* tensors;
    }
    for (const committer of committers) {
      const [a, b] = await Promise.all([
        committer.commit(program, stream()),
        committer.commit(program, tensors),
      ]);
      expect(a).to.deep.equal(trace);
      expect(b).to.deep.equal(trace);
    }
    const steps: number[][] = [];
    const onProgress = (...step: number[]) => void steps.push(step);
    expect((await commitTrace(program, tensors, { threads: 1, onProgress })).root).to.equal(
      trace.root,
    );
    expect(steps).to.deep.equal([
      [1, 2],
      [2, 2],
    ]);
  });

  it("refuses tensors that are not the program's", async () => {
    const builder = new GraphBuilder("small");
    builder.addInput({ name: "x", elementType: "int32", shape: [2, 3] });
    builder.addNode({ op: "Clip", name: "c", inputs: ["x"], output: "y", min: 0, max: 1 });
    const program = lowerProgram(builder.finish(["y"]));
    const [committer] = committers as [TraceCommitter];
    const right = randomTensor(random, "int32", [2, 3]);
    const refusals = [
      [[right], "TENSOR_SHAPE", /has 2 tensors; got 1/],
      [[right, right, right], "TENSOR_SHAPE", /has 2 tensors; got more/],
      [
        [right, randomTensor(random, "int32", [3, 2])],
        "TENSOR_SHAPE",
        /"y" .* \[2, 3\]; got \[3, 2\]/,
      ],
      [[randomTensor(random, "uint8", [2, 3]), right], "TENSOR_TYPE", /"x" .* int32; got uint8/],
    ] as const;
    for (const [tensors, code, message] of refusals) {
      await expectZkmlError(() => committer.commit(program, tensors), { code, message });
    }
    expect(await committer.commit(program, [right, right])).to.deep.equal(
      commitTraceSync(program, [right, right]),
    );
  });

  it("stops when it is told to, and does nothing after it was closed", async () => {
    const { program, tensors } = committedRun(
      LARGE_GRAPHS["a sum over image axes"]?.(random) as never,
      random,
    );
    const committer = new TraceCommitter({ threads: 1 });
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error("enough"));
    const stopped = committer.commit(program, tensors, { signal: abort.signal, onProgress });
    expect(await stopped.catch((error: Error) => error.message)).to.equal("enough");
    const late = committer.commit(program, tensors);
    const closed = committer.close();
    await expectZkmlError(() => late, { code: "COMMIT_FAILED", message: /closed/ });
    await closed;
    await expectZkmlError(() => committer.commit(program, tensors), { code: "COMMIT_FAILED" });
    expect(() => new TraceCommitter({ threads: 65 })).to.throw(RangeError, "not 65");
  });
});
