import {
  commitTensor,
  type LoadedModel,
  loadModel,
  type ModelCircuit,
  type ProveRequest,
} from "@lattice/zkml";
import { expect } from "chai";
import { circuitName } from "../../src/adapters/models/build-circuit.ts";
import { singleTensors } from "../../src/adapters/models/single-tensors.ts";
import { ZkmlModel } from "../../src/adapters/models/zkml-model.ts";
import { Tier } from "../../src/core/order.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL } from "../helpers/jobs.ts";
import { PROOF } from "../helpers/model.ts";

const DIGITS = new URL("../../../zkml/models/digits/digits.onnx", import.meta.url);
const circuit = { name: "played" } as ModelCircuit;

async function open(requests: ProveRequest[] = []) {
  const model = await loadModel(DIGITS);
  const prover = {
    prove: async (request: ProveRequest) => {
      requests.push(request);
      const publicSignals = [request.context, 0n, 0n] as const;
      return {
        proof: PROOF,
        publicSignals,
        witnessSeconds: 0,
        proveSeconds: 0,
        peakMemoryBytes: 0,
      };
    },
    close: async () => undefined,
  };
  const tiers = new Set([Tier.Zk]);
  return await ZkmlModel.create({ modelVersion: MODEL, model, tiers, circuit, prover });
}

describe("ZkmlModel", () => {
  it("runs the digit classifier in ONNX Runtime and in the interpreter with the same bytes", async () => {
    const model = await open();
    const input = Uint8Array.from({ length: model.input.byteLength }, (_, i) => (i * 37) % 256);
    const output = await model.execute(input);
    expect(output).to.have.lengthOf(model.output.byteLength);
    expect(await model.replay(input)).to.deep.equal(output);
    await model.close();
  });

  it("commits to tensors as circuits do", async () => {
    const model = await open();
    const data = Uint8Array.from({ length: 784 }, (_, i) => i % 256);
    const tensor = { elementType: "uint8", shape: [1, 784], data } as const;
    expect(await model.commitInput(data)).to.equal(await commitTensor(tensor));
    await model.close();
  });

  it("hands the decoded input and the context to the prover", async () => {
    const requests: ProveRequest[] = [];
    const model = await open(requests);
    const input = new Uint8Array(784).fill(3);
    const result = await model.prove(input, 42n, new AbortController().signal);
    expect(result.proof).to.deep.equal(PROOF);
    expect(requests).to.deep.equal([
      { circuit, context: 42n, input: { elementType: "uint8", shape: [1, 784], data: input } },
    ]);
    await model.close();
  });

  it("refuses an input of another length", async () => {
    const model = await open();
    const error = await nodeFailureOf("INPUT_MISMATCH", model.execute(new Uint8Array(783)));
    expect(error.metadata).to.deep.equal({ tensor: "image", expected: 784, actual: 783 });
    await model.close();
  });
});

describe("singleTensors", () => {
  it("refuses models with more than one output, which no order can commit to", async () => {
    const model = await loadModel(DIGITS);
    const [output] = model.graph.outputs;
    if (!output) throw new Error("the model has no output");
    const two: LoadedModel = { ...model, graph: { ...model.graph, outputs: [output, output] } };
    const error = await nodeFailureOf("MODEL_UNKNOWN", () => singleTensors(two));
    expect(error.metadata).to.deep.equal({ inputs: 1, outputs: 2 });
  });
});

describe("circuitName", () => {
  it("keeps what a directory name can hold", async () => {
    const model = await loadModel(DIGITS);
    const named = (name: string) => circuitName({ ...model, graph: { ...model.graph, name } });
    expect(named("digits")).to.equal("digits");
    expect(named("my net/v2 (7 bit)")).to.equal("my-net-v2-7-bit-");
    expect(named("../../evil")).to.equal("evil");
    expect(named("日本")).to.equal("model");
  });
});
