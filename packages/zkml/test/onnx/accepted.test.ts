import { expect } from "chai";
import { interpret } from "../../src/interpreter/interpret.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { DATA_TYPES } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import {
  intAttribute,
  modelBytes,
  node,
  oneNode,
  onImage,
  tensor,
  value,
} from "../helpers/protos.ts";

const { int8, int32, int64 } = DATA_TYPES;

describe("readOnnx", () => {
  describe("accepted forms", () => {
    it("reads a model and runs it", () => {
      const graph = readOnnx(modelBytes());
      const { output } = interpret(graph, createTensor("int32", [2], [-7, 9]));
      expect([...output.data]).to.deep.equal([3, 9]);
    });

    it("reads initializers listed as inputs, as old files do", () => {
      const inputs = [value("x", int32, [2]), value("three", int32, [])];
      expect(readOnnx(modelBytes({ inputs })).inputs.map(({ name }) => name)).to.deep.equal(["x"]);
    });

    it("reads Constant nodes and leaves out constants that nothing reads", () => {
      const constant = node("Constant", [], ["three"], {
        attributes: [
          {
            name: "value",
            type: 4,
            i: 0,
            s: "",
            ints: [],
            t: tensor("", int32, [], { int32Data: [3] }),
          },
        ],
      });
      const nodes = [constant, node("Max", ["x", "three"], ["y"])];
      const graph = readOnnx(
        modelBytes({ nodes, initializers: [tensor("unused", int8, [1], { int32Data: [-1] })] }),
      );
      expect([...graph.constants.keys()]).to.deep.equal(["three"]);
    });

    it("resolves zero and minus one in Reshape", () => {
      const shape = tensor("shape", int64, [3], { int64Data: [0, -1, 4] });
      const reshape = node("Reshape", ["x", "shape"], ["y"]);
      expect(readOnnx(onImage(reshape, [shape])).outputs[0]?.shape).to.deep.equal([1, 8, 4]);
    });

    it("resolves a negative axis in Flatten", () => {
      const flatten = node("Flatten", ["x"], ["y"], { attributes: [intAttribute("axis", -2)] });
      expect(readOnnx(onImage(flatten)).outputs[0]?.shape).to.deep.equal([2, 16]);
    });

    it("reverses the axes when Transpose names none", () => {
      const transpose = node("Transpose", ["x"], ["y"]);
      expect(readOnnx(onImage(transpose)).outputs[0]?.shape).to.deep.equal([4, 4, 2, 1]);
    });

    it("reads Relu as a clip at zero", () => {
      const graph = readOnnx(oneNode(node("Relu", ["x"], ["y"])));
      expect(graph.nodes[0]).to.include({ op: "Clip", min: 0, max: 2 ** 31 - 1 });
    });

    it("names nameless nodes", () => {
      const nodes = [node("Max", ["x", "three"], ["y"], { name: "" })];
      expect(readOnnx(modelBytes({ nodes })).nodes[0]?.name).to.equal("Max_0");
    });
  });
});
