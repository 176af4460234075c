import { expect } from "chai";
import { network } from "hardhat";
import { encodeIntegers } from "../../../packages/zkml/src/commitments/encode.ts";
import { lyingJudge, OPERATORS } from "../../helpers/disputes/lying-judge.ts";

const { contract, runOf, judge, judgeNode } = await lyingJudge(await network.create());

describe("OperatorReferee", () => {
  describe("isWrongStep", () => {
    describe("in a program that no graph has", () => {
      it("reverts when no operator has the code", async () => {
        for (const op of [0, 22, 255]) {
          await expect(judgeNode("Add", { op }))
            .to.be.revertedWithCustomError(contract, "OperatorStepUnknown")
            .withArgs(op);
        }
      });

      it("reverts when an operator has another number of parameters", async () => {
        for (const op of OPERATORS) {
          const { parameters, operands } = runOf(op).parts;
          // A sum that names no axis has one parameter, and axes are as many as given.
          const given = op === "ReduceSum" ? [1] : [...parameters, 0];
          await expect(judgeNode(op, { parameters: given }), op)
            .to.be.revertedWithCustomError(contract, "OperatorStepArity")
            .withArgs(runOf(op).parts.op, operands.length, given.length);
        }
      });

      it("reverts when an operator gives another type", async () => {
        for (const op of OPERATORS) {
          const { run, parts } = runOf(op);
          const header = run.program.values[parts.output]?.header.slice() as Uint8Array;
          header[0] = header[0] === 3 ? 1 : 3;
          const attack = judge(op, { values: { [parts.output]: header } });
          await expect(attack, op)
            .to.be.revertedWithCustomError(contract, "OperatorStepType")
            .withArgs(runOf(op).parts.op);
        }
      });

      it("reverts when an operator gives another shape", async () => {
        for (const op of OPERATORS) {
          const { run, parts } = runOf(op);
          const value = run.program.values[parts.output];
          // One axis more, of dimension one, in row-major order.
          const dims = encodeIntegers(4, [1, ...(value?.shape ?? [])]);
          const type = value?.header[0] as number;
          const header = Uint8Array.of(type, 0, dims.length / 4, ...dims);
          const attack = judge(op, { values: { [parts.output]: header } });
          // A reshape may do that.
          if (op === "Reshape") expect(await attack).to.equal(false);
          else if (op === "Transpose") {
            await expect(attack, op).to.be.revertedWithCustomError(contract, "OperatorStepArity");
          } else {
            await expect(attack, op)
              .to.be.revertedWithCustomError(contract, "OperatorStepShape")
              .withArgs(runOf(op).parts.op);
          }
        }
      });

      it("reverts when parameters are out of range", async () => {
        for (const [op, index, value] of [
          ["MatMulInteger", 0, 256],
          ["MatMulInteger", 1, 4096],
          ["ConvInteger", 0, -1],
          ["ConvInteger", 2, 0],
          ["ConvInteger", 5, 0],
          ["ConvInteger", 12, -1],
          ["Cast", 0, 4],
          ["MaxPool", 0, 2 ** 16],
          ["Concat", 0, 8],
          ["Transpose", 0, -1],
          ["ReduceSum", 0, 2],
          ["ReduceSum", 1, 8],
          ["ArgMax", 0, -1],
          ["ArgMax", 1, 2],
        ] as const) {
          const parameters = runOf(op).parts.parameters.with(index, value);
          const attack = judgeNode(op, { parameters });
          await expect(attack, `${op} ${index}`)
            .to.be.revertedWithCustomError(contract, "OperatorStepParameter")
            .withArgs(runOf(op).parts.op, index, value);
        }
      });

      it("reverts when an axis is named twice", async () => {
        const { parameters } = runOf("ReduceSum").parts;
        const axis = parameters[1] as number;
        await expect(judgeNode("ReduceSum", { parameters: [0, axis, axis] }))
          .to.be.revertedWithCustomError(contract, "OperatorStepParameter")
          .withArgs(runOf("ReduceSum").parts.op, 2, axis);
      });

      it("reverts when a part's range is none of the sum's", async () => {
        const { parameters } = runOf("MatMulInteger").parts;
        const { run } = runOf("MatMulInteger");
        const terms = run.program.values[0]?.shape.at(-1) as number;
        for (const [from, to] of [
          [0, 0],
          [0, terms + 1],
          [0, -1],
        ] as const) {
          await expect(
            judgeNode("MatMulInteger", { op: 18, parameters: [...parameters, from, to] }),
          )
            .to.be.revertedWithCustomError(contract, "OperatorStepTerms")
            .withArgs(
              runOf("MatMulInteger").parts.op,
              from,
              (value: bigint) => BigInt.asIntN(256, value) === BigInt(to),
              terms,
            );
        }
      });
    });
  });
});
