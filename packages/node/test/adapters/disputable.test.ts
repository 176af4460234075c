import { createTensor, GraphBuilder, type IntegerGraph, type LoadedModel } from "@lattice/zkml";
import { expect } from "chai";
import { requireDisputable, whyUndisputable } from "../../src/adapters/models/disputable.ts";
import { ZkmlTracedModel } from "../../src/adapters/models/traced-model.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL } from "../helpers/jobs.ts";
import { tinyGraph } from "../helpers/tiny-model.ts";

/** A graph that casts its first input, with these inputs and outputs. */
function graphOf(inputs: readonly string[], outputs: readonly string[]): IntegerGraph {
  const builder = new GraphBuilder("odd");
  for (const name of inputs) builder.addInput({ name, elementType: "uint8", shape: [2] });
  builder.addConstant("fixed", createTensor("int8", [2], [1, 2]));
  builder.addNode({ op: "Cast", name: "widen", inputs: ["a"], output: "wide", to: "int32" });
  return builder.finish(outputs);
}

const REFUSED = [
  [["a", "b"], ["wide"], "it has 2 inputs, and an order binds one"],
  [["a"], ["wide", "a"], "it has 2 outputs, and an order names one"],
  [["a"], ["a"], 'its output "a" is its input: no step computes it'],
  [["a"], ["fixed"], 'its output "fixed" is a constant: no step computes it'],
] as const;

describe("models whose results can be disputed", () => {
  it("have one input, and an output that a step computes", () => {
    expect(whyUndisputable(tinyGraph())).to.equal(undefined);
    expect(whyUndisputable(graphOf(["a"], ["wide"]))).to.equal(undefined);
  });

  for (const [inputs, outputs, reason] of REFUSED) {
    it(`are not those of which it is true that ${reason}`, async () => {
      const graph = graphOf(inputs, outputs);
      expect(whyUndisputable(graph)).to.equal(reason);
      const model = { graph } as LoadedModel;
      const message = `model "odd" cannot be served in tier Optimistic: ${reason}`;
      const opening = ZkmlTracedModel.create(MODEL, model);
      expect((await nodeFailureOf("MODEL_UNKNOWN", opening)).message).to.equal(message);
      expect(() => requireDisputable(model)).to.throw(message);
    });
  }
});
