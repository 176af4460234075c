import { join } from "node:path";
import {
  commitTraceSync,
  interpretTrace,
  type LoadedModel,
  layoutOf,
  loadModel,
  lowerProgram,
  tensorRoot,
  traceEntry,
} from "@lattice/zkml";
import { expect } from "chai";
import { hexlify } from "ethers";
import { encodeTensor } from "../../src/adapters/models/tensor-bytes.ts";
import { ZkmlTracedModel } from "../../src/adapters/models/traced-model.ts";
import { ZkmlTrace } from "../../src/adapters/models/zkml-trace.ts";
import { result } from "../helpers/challenger.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL } from "../helpers/jobs.ts";
import { TINY_INPUT, writeTinyModel } from "../helpers/tiny-model.ts";

const INPUT = Uint8Array.from(TINY_INPUT);

describe("ZkmlTracedModel", () => {
  const directory = temporaryDirectory();
  let loaded: LoadedModel;
  let model: ZkmlTracedModel;

  beforeEach(async () => {
    const file = join(directory.path, "tiny.onnx");
    await writeTinyModel(file);
    loaded = await loadModel(file);
    model = await ZkmlTracedModel.create(MODEL, loaded);
  });

  afterEach(async () => {
    await model.close();
  });

  const tensorsOf = () => {
    const program = lowerProgram(loaded.graph);
    const input = { elementType: "uint8", shape: [1, 4], data: INPUT } as const;
    return { program, input, tensors: interpretTrace(program, loaded.graph, input) };
  };

  /** The trace with one bit of the tensor at `entry` flipped. */
  const flipped = (entry: number) => {
    const { program, tensors } = tensorsOf();
    const tensor = tensors[entry];
    if (!tensor) throw new Error(`no entry ${entry}`);
    const data = tensor.data.slice();
    data[1] = (data[1] as number) ^ 1;
    tensors[entry] = { ...tensor, data } as typeof tensor;
    return new ZkmlTrace(commitTraceSync(program, tensors));
  };

  it("runs in ONNX Runtime and in the interpreter to the same trace and output", async () => {
    const { program, tensors } = tensorsOf();
    const expected = commitTraceSync(program, tensors).root;
    const [run, replay] = [await model.run(INPUT), await model.replay(INPUT)];
    expect(run.trace.root).to.equal(expected);
    expect(replay.trace.root).to.equal(expected);
    const output = tensors[traceEntry(program, program.outputs[0] as number)];
    expect(run.output).to.deep.equal(encodeTensor(output as never));
    expect(replay.output).to.deep.equal(run.output);
  });

  it("commits to an input as the first tensor of its trace", async () => {
    const { input } = tensorsOf();
    const { trace } = await model.run(INPUT);
    expect(model.inputRoot(INPUT)).to.equal(hexlify(trace.committed.tensors[0]?.root ?? ""));
    const name = model.input.name;
    expect(model.inputRoot(INPUT)).to.equal(
      hexlify(tensorRoot(input, layoutOf(loaded.graph, name))),
    );
    await nodeFailureOf("INPUT_MISMATCH", () => model.inputRoot(INPUT.subarray(1)));
  });

  it("unpacks an input from the chunks of its tensor", async () => {
    const { trace } = await model.run(INPUT);
    const packed = trace.committed.tensors[0]?.packed ?? new Uint8Array(0);
    expect(model.inputChunks).to.equal(packed.length / 1024);
    expect(model.unpackInput([packed])).to.deep.equal(INPUT);
  });

  it("finds the step that a flipped bit contradicts, and no fault without one", async () => {
    const { trace } = await model.run(INPUT);
    expect(model.findFault(trace, trace, result())).to.equal(undefined);
    const fault = model.findFault(trace, flipped(2), result());
    expect(fault?.kind).to.equal("step");
    expect(fault?.what).to.equal('element 1 of "biased" (Add, step 1)');
    expect(fault?.evidence).to.match(/^0x[0-9a-f]+$/);
  });

  it("finds an input that is not the ordered one, and an output that was stated beside the trace", async () => {
    const { trace } = await model.run(INPUT);
    const input = model.findFault(trace, flipped(0), result());
    expect(input).to.include({ kind: "trace", what: "the trace's input" });
    const { tensors } = trace.committed;
    const [right, wrong] = [tensors.at(-1), tensors[0]].map((one) => hexlify(one?.root ?? ""));
    expect(model.findFault(trace, trace, result({ outputRoot: right as string }))).to.equal(
      undefined,
    );
    const stated = model.findFault(trace, trace, result({ outputRoot: wrong as string }));
    expect(stated).to.include({ kind: "trace", what: "the trace's output" });
  });

  it("opens chunks of the output; of those behind the last, the last one", async () => {
    const { trace } = await model.run(INPUT);
    const { tree, tensors } = trace.committed;
    for (const [first, count] of [
      [0, 1],
      [0, 16],
      [3, 2],
    ] as const) {
      const opening = model.openOutput(trace, first, count);
      expect(opening.traceTree).to.equal(hexlify(tree.root));
      expect(opening.output.chunkIndices).to.deep.equal([0]);
      expect(opening.output.chunks).to.equal(hexlify(tensors.at(-1)?.packed ?? ""));
    }
  });
});
