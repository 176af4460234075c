import { encodeStepEvidence } from "@lattice/sdk";
import {
  commitPacked,
  commitTraceSync,
  createTensor,
  GraphBuilder,
  type IntegerGraph,
} from "@lattice/zkml";
import { expect } from "chai";
import { hexlify } from "ethers";
import { network } from "hardhat";
import { encodeIntegers } from "../../../packages/zkml/src/commitments/encode.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { lyingEvidence } from "../../helpers/disputes/lies.ts";
import { lyingJudge } from "../../helpers/disputes/lying-judge.ts";

const { contract, random, runOf, judge, judgeNode } = await lyingJudge(await network.create());

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    describe("in a program that no graph has", () => {
      it("reverts when a node is longer or shorter than its counts say", async () => {
        const { node, bytes } = runOf("Add");
        for (const given of [bytes.slice(0, -1), Uint8Array.of(...bytes, 0)]) {
          await expect(judge("Add", { nodes: { [node]: given } }))
            .to.be.revertedWithCustomError(contract, "TraceProgramNodeLength")
            .withArgs(given.length, bytes.length);
        }
      });

      it("reverts when a node gives another value, or reads one that comes later", async () => {
        const { output, operands } = runOf("Add").parts;
        await expect(judgeNode("Add", { output: output - 1 }))
          .to.be.revertedWithCustomError(contract, "TraceProgramValue")
          .withArgs(output - 1, output);
        await expect(judgeNode("Add", { operands: operands.with(1, output) }))
          .to.be.revertedWithCustomError(contract, "TraceProgramValue")
          .withArgs(output, output);
      });

      it("reverts when a value's header is none", async () => {
        const { run } = runOf("Clip");
        const { output } = runOf("Clip").parts;
        const right = run.program.values[output]?.header as Uint8Array;
        const nine = [3, 0, 9, ...encodeIntegers(4, new Array<number>(9).fill(1))];
        for (const header of [
          right.with(0, 0),
          right.with(0, 4),
          right.with(1, 3),
          right.with(1, 1),
          right.with(2, 1),
          right.slice(0, -1),
          Uint8Array.of(...right.slice(0, 3), ...encodeIntegers(4, [0, 1])),
          Uint8Array.of(...right.slice(0, 3), ...encodeIntegers(4, [2 ** 14, 2 ** 13])),
          Uint8Array.from(nine),
          Uint8Array.of(3, 2, 1, 0, 0, 0, 1),
        ]) {
          await expect(judge("Clip", { values: { [output]: header } }), hexlify(header))
            .to.be.revertedWithCustomError(contract, "TensorReaderHeader")
            .withArgs(hexlify(header));
        }
      });

      it("reverts when the program's header is none", async () => {
        const { run } = runOf("Clip");
        for (const counts of [
          [0, 0, 1, 1, 1],
          [1, 0, 0, 1, 1],
          [1, 0, 1, 0],
          [1, 0, 1, 2, 1],
          [1, 0, 1, 1],
        ]) {
          const header = encodeIntegers(4, counts);
          await expect(judge("Clip", { header }), counts.join())
            .to.be.revertedWithCustomError(contract, "TraceProgramHeader")
            .withArgs(header.length, counts[0], counts[2], counts[3]);
        }
        expect(run.program.header.length).to.equal(20);
      });

      it("reverts when a constant divides by zero", async () => {
        const run = committedRun(divided(), random);
        const zeros = run.constants.tensors.map(({ header, packed }) =>
          commitPacked(header, new Uint8Array(packed.length)),
        );
        const model = { ...run, constants: { ...run.constants, tensors: zeros } };
        const { roots, evidence } = lyingEvidence(model, run.trace, { node: 0, element: 0 }, {});
        await expect(contract.isWrongStep(roots, encodeStepEvidence(evidence)))
          .to.be.revertedWithCustomError(contract, "ElementStepsDivisor")
          .withArgs(0);
      });

      it("reverts when an index is behind the end of the table, or negative", async () => {
        for (const index of [5, -1]) {
          const run = committedRun(lookedUp(), random);
          const wrong = commitTraceSync(run.program, [
            ...run.tensors.slice(0, 1),
            createTensor("int32", [1], [index]),
            createTensor("int32", [1], [0]),
          ]);
          const { roots, evidence } = lyingEvidence(run, wrong, { node: 1, element: 0 }, {});
          await expect(contract.isWrongStep(roots, encodeStepEvidence(evidence)))
            .to.be.revertedWithCustomError(contract, "ElementStepsIndex")
            .withArgs(index, 5);
        }
      });
    });
  });
});

function divided(): IntegerGraph {
  const builder = new GraphBuilder("divided");
  builder.addInput({ name: "x", elementType: "int32", shape: [2] });
  builder.addConstant("d", createTensor("int32", [], [7]));
  builder.addNode({ op: "Div", name: "div", inputs: ["x", "d"], output: "y" });
  return builder.finish(["y"]);
}

function lookedUp(): IntegerGraph {
  const builder = new GraphBuilder("looked up");
  builder.addInput({ name: "x", elementType: "int32", shape: [1] });
  builder.addConstant("t", createTensor("int32", [5], [9, 8, 7, 6, 5]));
  builder.addNode({ op: "Clip", name: "fit", inputs: ["x"], output: "i", min: 0, max: 4 });
  builder.addNode({ op: "Lookup", name: "look", inputs: ["i", "t"], output: "y" });
  return builder.finish(["y"]);
}
