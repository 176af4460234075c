import { expect } from "chai";
import { generateCircuit } from "../../src/circuit/generate.ts";
import { difference, exactLog2, signedWidth, unsignedWidth } from "../../src/circuit/widths.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import type { GraphNode, IntegerGraph } from "../../src/ir/graph.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { arithmetic, chain, tinyMlp } from "./graphs.ts";

/** Graphs come from a builder that knows no foreign operator; this one is made by hand. */
function withOperator(op: string): IntegerGraph {
  const graph = tinyMlp();
  const [first, ...rest] = graph.nodes as [GraphNode, ...GraphNode[]];
  return { ...graph, nodes: [{ ...first, op } as unknown as GraphNode, ...rest] };
}

function clip(input: string, min: number, max: number, output: string): GraphNode {
  return { op: "Clip", name: `clip-${output}`, inputs: [input], output, min, max };
}

describe("generateCircuit", () => {
  it("writes the same source for the same graph", () => {
    expect(generateCircuit(tinyMlp()).source).to.equal(generateCircuit(tinyMlp()).source);
  });

  it("names no signal or comment after untrusted characters of the model", () => {
    const graph = chain("int32", [2], { d: [[], [4]] }, [
      { op: "Div", name: "x\n}; component main = Evil(); //", inputs: ["x", "d"], output: "y" },
    ]);
    const { source } = generateCircuit(graph);
    expect(source.match(/^\s*component main/gm)).to.have.length(1);
  });

  describe("requantisation", () => {
    const limits = { z: [[], [0]], d: [[], [16]], t: [[], [255]] } as const;
    const div = arithmetic("Div", "a", "d", "b");

    it("takes Max, Div and Min in one decomposition", () => {
      const graph = chain("int32", [2], limits, [
        arithmetic("Max", "x", "z", "a"),
        div,
        arithmetic("Min", "b", "t", "c"),
      ]);
      expect(generateCircuit(graph).source).to.match(/<== Requantise\(32, 4, 8\)/);
    });

    it("takes a Clip before Div as the clamp after it", () => {
      const graph = chain("int32", [2], limits, [clip("x", 0, 255 * 16 + 3, "a"), div]);
      expect(generateCircuit(graph).source).to.match(/<== Requantise\(32, 4, 8\)/);
    });

    it("leaves a value that somebody else reads", () => {
      const graph = chain("int32", [2], limits, [
        clip("x", 0, 4095, "a"),
        div,
        arithmetic("Add", "a", "b", "c"),
      ]);
      const { source } = generateCircuit(graph);
      expect(source).to.match(/<== Requantise\(32, 0, 12\)/);
      expect(source).to.match(/<== DivideUnsigned\(8, 16\)/);
    });

    it("takes a Clip after Div that also removes what is negative", () => {
      const graph = chain("int32", [2], limits, [
        arithmetic("Div", "x", "d", "b"),
        clip("b", 0, 255, "c"),
      ]);
      expect(generateCircuit(graph).source).to.match(/<== Requantise\(32, 4, 8\)/);
    });

    it("compares once more with a limit that is not a power of two less one", () => {
      const graph = chain("int32", [2], limits, [
        clip("x", 0, 1000, "a"),
        arithmetic("Div", "a", "d", "b"),
      ]);
      expect(generateCircuit(graph).source).to.match(
        /<== Smaller\(7\)\(Requantise\(32, 4, 6\)\(v0\[i\]\), 62\)/,
      );
    });

    it("divides by what is no power of two with a quotient and a remainder", () => {
      const tens = { d: [[], [10]] } as const;
      const graph = chain("int32", [2], tens, [arithmetic("Div", "x", "d", "y")]);
      expect(generateCircuit(graph).source).to.match(/<== DivideTruncated\(28, 10\)/);
    });

    it("divides channels by different numbers", () => {
      const each = {
        d: [
          [2, 1],
          [10, 64],
        ],
      } as const;
      const graph = chain("int32", [2, 3], each, [arithmetic("Div", "x", "d", "y")]);
      const { source } = generateCircuit(graph);
      expect(source).to.match(/<== DivideTruncated\(table\d\[.*\], table\d\[.*\]\)/);
    });

    it("does not move a clamp across a division that differs from element to element", () => {
      const each = { d: [[2], [8, 16]] } as const;
      const graph = chain("int32", [2], each, [
        clip("x", 0, 4095, "a"),
        arithmetic("Div", "a", "d", "b"),
      ]);
      const { source } = generateCircuit(graph);
      expect(source).to.match(/<== Requantise\(32, 0, 12\)/);
      expect(source).to.match(/<== DivideUnsigned\(table/);
    });
  });

  describe("refusals", () => {
    it("names an operator without a circuit", () =>
      expectZkmlError(() => generateCircuit(withOperator("Softmax")), {
        code: "UNSUPPORTED_OPERATOR",
        metadata: { operator: "Softmax", node: "hidden" },
        message: /Softmax/,
      }));

    it("names a product of two computed matrices", () => {
      const builder = new GraphBuilder("square");
      builder.addInput({ name: "x", elementType: "uint8", shape: [2, 2] });
      const zero = { aZeroPoint: 0, bZeroPoint: 0 };
      builder.addNode({
        op: "MatMulInteger",
        name: "sq",
        inputs: ["x", "x"],
        output: "y",
        ...zero,
      });
      return expectZkmlError(() => generateCircuit(builder.finish(["y"])), {
        code: "UNSUPPORTED_ATTRIBUTE",
        metadata: { operator: "MatMulInteger", node: "sq" },
        message: /not a constant/,
      });
    });

    it("names weights of more than two dimensions", () => {
      const builder = new GraphBuilder("batched");
      builder.addInput({ name: "x", elementType: "uint8", shape: [2, 1, 2] });
      builder.addConstant("w", createTensor("int8", [2, 2, 1], [1, 2, 3, 4]));
      const zero = { aZeroPoint: 0, bZeroPoint: 0 };
      builder.addNode({
        op: "MatMulInteger",
        name: "mm",
        inputs: ["x", "w"],
        output: "y",
        ...zero,
      });
      return expectZkmlError(() => generateCircuit(builder.finish(["y"])), {
        code: "UNSUPPORTED_ATTRIBUTE",
        metadata: { node: "mm" },
        message: /rank 3/,
      });
    });

    it("takes one input and one output", () => {
      const builder = new GraphBuilder("two");
      builder.addInput({ name: "x", elementType: "int32", shape: [1] });
      builder.addInput({ name: "z", elementType: "int32", shape: [1] });
      builder.addNode(arithmetic("Max", "x", "z", "y"));
      return expectZkmlError(() => generateCircuit(builder.finish(["y"])), {
        code: "INVALID_GRAPH",
        metadata: { graph: "two" },
        message: /2 inputs and 1 outputs/,
      });
    });
  });
});

describe("widths", () => {
  it("holds both ends of an interval and nothing less does", () => {
    for (const [min, max, width] of [
      [0n, 0n, 1],
      [-1n, 0n, 1],
      [0n, 1n, 2],
      [-128n, 127n, 8],
      [-129n, 0n, 9],
      [0n, 128n, 9],
    ] as const) {
      expect(signedWidth({ min, max }), `[${min}, ${max}]`).to.equal(width);
    }
    expect(unsignedWidth({ min: 0n, max: 255n })).to.equal(8);
    expect(unsignedWidth({ min: 0n, max: 256n })).to.equal(9);
    expect(difference({ min: 0n, max: 5n }, { min: -2n, max: 3n })).to.deep.equal({
      min: -3n,
      max: 7n,
    });
  });

  it("refuses widths at which a second bit pattern would fit", async () => {
    expect(signedWidth({ min: 0n, max: 2n ** 251n - 1n })).to.equal(252);
    await expectZkmlError(() => signedWidth({ min: 0n, max: 2n ** 251n }), {
      code: "RANGE_OVERFLOW",
    });
    await expectZkmlError(() => unsignedWidth({ min: -1n, max: 1n }), { code: "RANGE_OVERFLOW" });
  });

  it("takes logarithms of powers of two only", () => {
    expect([1, 2, 1024, 2 ** 31].map(exactLog2)).to.deep.equal([0, 1, 10, 31]);
    expect([0, -2, 3, 1.5, Number.POSITIVE_INFINITY].map(exactLog2)).to.deep.equal(
      new Array(5).fill(undefined),
    );
  });
});
