import { encodeStepEvidence } from "@lattice/sdk";
import {
  commitConstants,
  commitTraceSync,
  createTensor,
  GraphBuilder,
  knownTrace,
  lowerProgram,
  openStep,
} from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { deployReferee, rootsOf } from "../../helpers/disputes/referee.ts";

const { contract, judgeStep } = await deployReferee(await network.create());

const VALUES = [3, 9, -4, 9, 8];
const CODE = 17;

const model = (() => {
  const builder = new GraphBuilder("largest");
  builder.addInput({ name: "x", elementType: "int8", shape: [VALUES.length] });
  builder.addNode({
    op: "ArgMax",
    name: "largest",
    inputs: ["x"],
    output: "y",
    axis: 0,
    keepDims: false,
  });
  const graph = builder.finish(["y"]);
  const program = lowerProgram(graph);
  return { program, constants: commitConstants(program, graph) };
})();

const claiming = (index: number) =>
  commitTraceSync(model.program, [
    createTensor("int8", [VALUES.length], VALUES),
    createTensor("int32", [], [index]),
  ]);

const judge = (claimed: number, hint: number) =>
  judgeStep(model, claiming(claimed), { node: 0, element: 0, hint });

describe("OperatorReferee", () => {
  describe("isWrongStep of ArgMax", () => {
    it("is false of the first largest element, whatever the hint (DIS-7)", async () => {
      for (const hint of VALUES.keys()) expect(await judge(1, hint)).to.equal(false);
    });

    it("is true when the hint's element is larger, or as large and earlier (DIS-5)", async () => {
      for (const claimed of [0, 2, 3, 4]) expect(await judge(claimed, 1)).to.equal(true);
    });

    it("is false when the hint refutes nothing", async () => {
      for (const [claimed, hint] of [
        [3, 4],
        [3, 3],
        [0, 2],
      ] as const) {
        expect(await judge(claimed, hint)).to.equal(false);
      }
    });

    it("is true of an index out of range, with nothing else opened (DIS-5)", async () => {
      for (const claimed of [-1, VALUES.length, 2 ** 31 - 1, -(2 ** 31)]) {
        const trace = claiming(claimed);
        const evidence = openStep(model, knownTrace(trace), { node: 0, element: 0, hint: 1 });
        expect(evidence.operands[0]?.chunkIndices).to.deep.equal([]);
        const roots = rootsOf(model, trace);
        expect(await contract.isWrongStep(roots, encodeStepEvidence(evidence))).to.equal(true);
      }
    });

    it("reverts when the hint is out of range", async () => {
      const trace = claiming(0);
      const evidence = openStep(model, knownTrace(trace), { node: 0, element: 0, hint: 1 });
      const attack = encodeStepEvidence({ ...evidence, hint: VALUES.length });
      await expect(contract.isWrongStep(rootsOf(model, trace), attack))
        .to.be.revertedWithCustomError(contract, "OperatorStepHint")
        .withArgs(CODE, VALUES.length);
    });
  });
});
