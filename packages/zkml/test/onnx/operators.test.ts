import { DATA_TYPES } from "../../src/onnx/proto.ts";
import { readOnnx } from "../../src/onnx/read.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import {
  FLOAT,
  intAttribute,
  intsAttribute,
  modelBytes,
  node,
  oneNode,
  onImage,
  stringAttribute,
  tensor,
  value,
} from "../helpers/protos.ts";

const { uint8, int8 } = DATA_TYPES;

describe("readOnnx", () => {
  describe("operators", () => {
    it("refuses an unknown operator by name, with the node and a way out", () =>
      expectZkmlError(() => readOnnx(oneNode(node("Mystery", ["x"], ["y"]))), {
        code: "UNSUPPORTED_OPERATOR",
        metadata: { operator: "Mystery", node: "the-Mystery" },
        message: /Mystery.*the-Mystery.*rewrite it with MatMulInteger/,
      }));

    it("says what to do instead of Softmax", () =>
      expectZkmlError(() => readOnnx(oneNode(node("Softmax", ["x"], ["y"]))), {
        code: "UNSUPPORTED_OPERATOR",
        metadata: { operator: "Softmax" },
        message: /output the logits/,
      }));

    it("refuses a known name from another domain", () =>
      expectZkmlError(
        () => readOnnx(oneNode(node("Max", ["x", "x"], ["y"], { domain: "com.example" }))),
        { code: "UNSUPPORTED_OPERATOR", metadata: { operator: "com.example.Max" } },
      ));
  });

  describe("floating point", () => {
    it("asks for the integer form of a model with float inputs, naming its operators", () =>
      expectZkmlError(
        () =>
          readOnnx(
            modelBytes({
              inputs: [value("x", FLOAT, [1, 4])],
              nodes: [node("Gemm", ["x", "w"], ["y"])],
            }),
          ),
        { code: "NOT_INTEGER_FORM", message: /input "x" is float32 \(and uses Gemm\).*quantise/ },
      ));

    it("asks for it when only an initializer is float", () =>
      expectZkmlError(() => readOnnx(modelBytes({ initializers: [tensor("s", 10, [1])] })), {
        code: "NOT_INTEGER_FORM",
        message: /tensor "s" is float16/,
      }));

    it("asks for it at a cast to float", () => {
      const cast = node("Cast", ["x"], ["y"], { attributes: [intAttribute("to", FLOAT)] });
      return expectZkmlError(() => readOnnx(oneNode(cast)), {
        code: "NOT_INTEGER_FORM",
        message: /the-Cast/,
      });
    });
  });

  describe("operator forms", () => {
    const weights = tensor("w", int8, [2, 2, 3, 3], { rawData: new Uint8Array(36) });
    const points = tensor("p", uint8, [2], { int32Data: [1, 2] });
    const cases: Record<string, [Uint8Array, RegExp]> = {
      "an attribute that would be ignored": [
        oneNode(node("Max", ["x", "x"], ["y"], { attributes: [intAttribute("broadcast", 1)] })),
        /attribute broadcast is not supported/,
      ],
      "an attribute given twice": [
        onImage(
          node("Flatten", ["x"], ["y"], {
            attributes: [intAttribute("axis", 1), intAttribute("axis", 2)],
          }),
        ),
        /axis is given twice/,
      ],
      "an attribute of the wrong type": [
        onImage(node("Flatten", ["x"], ["y"], { attributes: [intsAttribute("axis", [1])] })),
        /axis has the wrong type/,
      ],
      "a sum of three": [oneNode(node("Max", ["x", "x", "x"], ["y"])), /at most 2 inputs/],
      "automatic padding": [
        onImage(
          node("ConvInteger", ["x", "w"], ["y"], {
            attributes: [stringAttribute("auto_pad", "SAME_UPPER")],
          }),
          [weights],
        ),
        /write the pads out/,
      ],
      "one-dimensional windows": [
        onImage(
          node("MaxPool", ["x"], ["y"], { attributes: [intsAttribute("kernel_shape", [2])] }),
        ),
        /two-dimensional/,
      ],
      "rounding up in MaxPool": [
        onImage(
          node("MaxPool", ["x"], ["y"], {
            attributes: [intsAttribute("kernel_shape", [2, 2]), intAttribute("ceil_mode", 1)],
          }),
        ),
        /ceil_mode must be 0/,
      ],
      "MaxPool pads as wide as the kernel": [
        onImage(
          node("MaxPool", ["x"], ["y"], {
            attributes: [
              intsAttribute("kernel_shape", [2, 2]),
              intsAttribute("pads", [2, 0, 0, 0]),
            ],
          }),
        ),
        /must be smaller than kernel/,
      ],
      "indices from MaxPool": [
        onImage(
          node("MaxPool", ["x"], ["y", "indices"], {
            attributes: [intsAttribute("kernel_shape", [2, 2])],
          }),
        ),
        /only the first output/,
      ],
      "a zero point for each channel": [
        onImage(node("ConvInteger", ["x", "w", "p"], ["y"]), [weights, points]),
        /per-channel/,
      ],
      "a bound that is not constant": [
        oneNode(node("Clip", ["x", "x"], ["y"])),
        /must be a constant/,
      ],
    };
    for (const [name, [bytes, message]] of Object.entries(cases)) {
      it(`refuses ${name}`, () =>
        expectZkmlError(() => readOnnx(bytes), { code: "UNSUPPORTED_ATTRIBUTE", message }));
    }

    it("refuses Relu on integers before opset 14, which the runtime does not know", () => {
      const graph = { nodes: [node("Relu", ["x"], ["y"])], initializers: [] };
      const opsets = [{ domain: "", version: 13 }];
      return expectZkmlError(() => readOnnx(modelBytes(graph, { opsets })), {
        code: "UNSUPPORTED_ATTRIBUTE",
        metadata: { node: "the-Relu" },
        message: /opset 14/,
      });
    });

    it("refuses operands of the wrong type, naming operand and node", () => {
      const bytes = modelBytes({
        inputs: [value("x", uint8, [2])],
        nodes: [node("Max", ["x", "three"], ["y"])],
      });
      return expectZkmlError(() => readOnnx(bytes), {
        code: "TENSOR_TYPE",
        metadata: { node: "the-Max", operator: "Max", input: "x", actual: "uint8" },
      });
    });
  });
});
