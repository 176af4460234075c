import { expect } from "chai";
import { toHex } from "../../src/commitments/hash.ts";
import { programOf, programRoot, rootOfProgram } from "../../src/commitments/model-roots.ts";
import { decodeProgram, encodeProgram } from "../../src/commitments/program-file.ts";
import { tensorRoot } from "../../src/commitments/tensor-root.ts";
import { traceCommitment } from "../../src/commitments/trace-root.ts";
import { trace } from "../../src/interpreter/interpret.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { randomTensor } from "../helpers/random-tensors.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

const graph = smallConvnet(new SeededRandom(8));

describe("a program as bytes", () => {
  const bytes = encodeProgram(programOf(graph));

  it("leads to the model's program root", () => {
    expect(rootOfProgram(decodeProgram(bytes))).to.equal(programRoot(graph));
  });

  it("leads to another root with a byte changed, or is refused", () => {
    for (let i = 0; i < bytes.length; i += 5) {
      const changed = bytes.slice();
      changed[i] = (changed[i] as number) ^ 1;
      let root: string | undefined;
      try {
        root = rootOfProgram(decodeProgram(changed));
      } catch (error) {
        expect(error).to.have.property("code", "MODEL_CORRUPT");
      }
      expect(root, `byte ${i}`).to.not.equal(programRoot(graph));
    }
  });

  it("is refused when it is cut short or goes on", async () => {
    for (let length = 0; length < bytes.length; length++) {
      const short = bytes.subarray(0, length);
      await expectZkmlError(() => decodeProgram(short), { code: "MODEL_CORRUPT" });
    }
    const long = Uint8Array.of(...bytes, 0);
    await expectZkmlError(() => decodeProgram(long), {
      code: "MODEL_CORRUPT",
      message: /followed by 1 bytes/,
    });
  });
});

describe("the trace of a run", () => {
  const [image] = graph.inputs;
  if (image === undefined) throw new Error("The network has no input.");
  const input = randomTensor(new SeededRandom(9), image.elementType, image.shape);
  const run = trace(graph, input);
  const { traceRoot, outputRoots } = traceCommitment(graph, run);

  it("commits to the output as a tensor", () => {
    expect(outputRoots).to.deep.equal([toHex(tensorRoot(run.output))]);
  });

  it("is another with one element of any computed value changed", () => {
    for (const name of [image.name, ...graph.nodes.map(({ output }) => output)]) {
      const tensor = run.values.get(name) as IntegerTensor;
      const data = tensor.data.slice();
      data[data.length - 1] = (data.at(-1) as number) === 0 ? 1 : 0;
      const values = new Map(run.values).set(name, { ...tensor, data });
      expect(traceCommitment(graph, { values }).traceRoot, name).to.not.equal(traceRoot);
    }
  });

  it("leaves the constants to the weights root", () => {
    const values = new Map(run.values);
    for (const name of graph.constants.keys()) values.delete(name);
    expect(traceCommitment(graph, { values }).traceRoot).to.equal(traceRoot);
  });
});
