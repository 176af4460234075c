import { expect } from "chai";
import { commitConstants, commitTraceSync } from "../../src/commitments/commit-trace.ts";
import { hashParts, toHex } from "../../src/commitments/hash.ts";
import { lowerProgram, traceLength } from "../../src/commitments/lowered-program.ts";
import { MerkleTree } from "../../src/commitments/merkle.ts";
import {
  programOf,
  programRoot,
  rootOfProgram,
  weightsRoot,
} from "../../src/commitments/model-roots.ts";
import { decodeProgram, encodeProgram } from "../../src/commitments/program-file.ts";
import { tensorRoot } from "../../src/commitments/tensor-root.ts";
import { layoutOf } from "../../src/commitments/value-layout.ts";
import { trace } from "../../src/interpreter/interpret.ts";
import { interpretTrace } from "../../src/interpreter/interpret-trace.ts";
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
  const program = lowerProgram(graph);
  const tensors = interpretTrace(program, graph, input);
  const committed = commitTraceSync(program, tensors);

  it("commits to the input, then to what each node gave", () => {
    const run = trace(graph, input);
    const names = [image.name, ...graph.nodes.map(({ output }) => output)];
    const roots = names.map((name) =>
      tensorRoot(run.values.get(name) as IntegerTensor, layoutOf(graph, name)),
    );
    const count = Uint8Array.of(0, 0, 0, names.length);
    const expected = hashParts("trace", count, new MerkleTree(roots).root);
    expect(committed.root).to.equal(toHex(expected));
  });

  it("is another with one element of any value changed", () => {
    for (const [entry, tensor] of tensors.entries()) {
      const data = tensor.data.slice();
      data[data.length - 1] = (data.at(-1) as number) === 0 ? 1 : 0;
      const changed = commitTraceSync(program, tensors.with(entry, { ...tensor, data }));
      expect(changed.root, `tensor ${entry}`).to.not.equal(committed.root);
    }
  });

  it("leaves the constants to the weights root", () => {
    expect(commitConstants(program, graph).root).to.equal(weightsRoot(graph));
    expect(committed.tensors).to.have.length(traceLength(program));
  });
});
