import { expect } from "chai";
import { commitPacked } from "../../src/commitments/commit-trace.ts";
import type { CommittedTensor } from "../../src/commitments/committed-trace.ts";
import { encodeTensorHeader } from "../../src/commitments/tensor-root.ts";
import { openChunks, openOutput } from "../../src/disputes/chunk-openings.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { committedRun, rootsOf } from "../helpers/committed-runs.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import {
  expectSame,
  hashLeaf,
  OpenedTensor,
  openProgram,
  rootFrom,
  traceRootOf,
} from "../helpers/opened-evidence.ts";

function bytesOf(length: number): CommittedTensor {
  const random = new SeededRandom(951);
  const packed = Uint8Array.from({ length: 1024 * Math.ceil(length / 1024) }, (_, i) =>
    i < length ? random.integer(0, 255) : 0,
  );
  return commitPacked(encodeTensorHeader("uint8", [length], "row-major"), packed);
}

describe("openings of chunks", () => {
  it("lead any run of a tensor's chunks to its root", () => {
    const tensor = bytesOf(6500);
    for (let first = 0; first < 7; first++) {
      for (let count = 1; first + count <= 7; count++) {
        const opening = openChunks(tensor, first, count);
        const opened = new OpenedTensor(opening);
        opened.checkChunks();
        expect(opened.root).to.deep.equal(tensor.root);
        const [from, to] = [1024 * first, 1024 * (first + count)];
        expect(opening.chunks).to.deep.equal(tensor.packed.subarray(from, to));
        expect([opening.headerSiblings, opening.siblings]).to.deep.equal([[], []]);
      }
    }
  });

  it("are of chunks that the tensor has", () => {
    const tensor = bytesOf(2000);
    const refused = [
      [0, 3],
      [2, 1],
      [-1, 1],
      [0, 0],
      [0.5, 1],
    ] as const;
    for (const [first, count] of refused) {
      expect(() => openChunks(tensor, first, count)).to.throw(
        RangeError,
        `a tensor of 2 chunks has no ${count} chunks from ${first}`,
      );
    }
  });

  it("lead the output's chunks to the trace root", () => {
    const random = new SeededRandom(952);
    const run = committedRun(LARGE_GRAPHS["an image made flat"]?.(random) as never, random);
    const roots = rootsOf(run, run.trace);
    const { program, traceTree, output } = openOutput(run.program, run.trace, 0, 1);
    const opened = openProgram(program, roots.program);
    const count = opened.inputs + opened.nodes;
    expect(traceRootOf(count, traceTree)).to.equal(roots.trace);
    const [id] = opened.outputs as [number];
    const header = hashLeaf(output.header);
    expectSame(
      rootFrom(header, id, opened.values, output.headerSiblings),
      program.values,
      "header",
    );
    const tensor = new OpenedTensor(output);
    tensor.checkChunks();
    const leaf = hashLeaf(tensor.root);
    const tree = rootFrom(leaf, id - opened.constants, count, output.siblings);
    expect(tree).to.deep.equal(traceTree);
  });

  it("are none of an output that is a constant", () => {
    const random = new SeededRandom(953);
    const builder = new GraphBuilder("constant");
    builder.addInput({ name: "x", elementType: "int32", shape: [2] });
    builder.addConstant("c", createTensor("int32", [2], [1, 2]));
    builder.addNode({ op: "Max", name: "most", inputs: ["x", "c"], output: "y" });
    const run = committedRun(builder.finish(["c"]), random);
    expect(() => openOutput(run.program, run.trace, 0, 1)).to.throw(
      RangeError,
      "value 1 is a constant",
    );
  });
});
