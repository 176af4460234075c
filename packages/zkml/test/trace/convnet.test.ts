import { createHash } from "node:crypto";
import { expect } from "chai";
import { convnetImage, createConvnet } from "../../models/convnet/index.ts";
import { lowerProgram } from "../../src/commitments/lowered-program.ts";
import { macsOf } from "../../src/ir/macs.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { writeOnnx } from "../../src/onnx/write.ts";
import { commitTrace } from "../../src/runtime/trace/trace-committer.ts";
import { TraceRunner } from "../../src/runtime/trace/trace-runner.ts";

const PROGRAM_ROOT = "0x988808ff963c8d8e66a227847844b41118c7cc662ce412a7f51b02bafadf60ae";
const FILE_DIGEST = "4faf8858ae0d6a8aa5d888932205c62791ce40ab2b2c332770dfb74d095cc4d3";

describe("the convolutional network", () => {
  const graph = createConvnet();
  const program = lowerProgram(graph);

  it("is the same every time, through ONNX too", () => {
    expect(program.root).to.equal(PROGRAM_ROOT);
    const file = writeOnnx(graph);
    expect(createHash("sha256").update(file).digest("hex")).to.equal(FILE_DIGEST);
    expect(lowerProgram(readOnnx(file)).root).to.equal(PROGRAM_ROOT);
  });

  it("is as large as it says", () => {
    const weights = [...graph.constants.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(weights).to.be.above(17_900_000).and.below(18_000_000);
    const products = graph.nodes.reduce((sum, node) => sum + macsOf(graph, node), 0);
    expect(products).to.be.above(467_000_000).and.below(468_000_000);
    const parts = program.nodes.filter(({ range }) => range !== undefined);
    expect(parts.map(({ range }) => [range?.from, range?.to])).to.deep.equal([
      [0, 3072],
      [3072, 4608],
      [0, 3072],
      [3072, 4608],
      [0, 3072],
      [3072, 6144],
      [6144, 9216],
    ]);
  });

  it("stays alive, and tells images apart", async () => {
    const runner = await TraceRunner.create(program, graph, { threads: 1 });
    const logits: number[][] = [];
    for (const seed of [1001, 1002]) {
      const tensors = await runner.run(convnetImage(seed));
      for (const [entry, { elementType, data }] of tensors.entries()) {
        if (elementType !== "uint8") continue;
        const values: ArrayLike<number> = data;
        const zeros = Array.from(values).filter((value) => value === 0).length;
        expect(zeros / data.length, `entry ${entry}`).to.be.below(0.75);
        expect(new Set(data).size, `entry ${entry}`).to.be.above(64);
      }
      logits.push([...(tensors.at(-1)?.data ?? [])]);
      const { root } = await commitTrace(program, tensors, { threads: 1 });
      expect(root).to.match(/^0x[0-9a-f]{64}$/);
    }
    expect(logits[0]).to.not.deep.equal(logits[1]);
    await runner.release();
  });
});
