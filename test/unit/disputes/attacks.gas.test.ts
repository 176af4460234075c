import { encodeStepEvidence } from "@lattice/sdk";
import { type IntegerGraph, knownTrace, openStep } from "@lattice/zkml";
import { expect } from "chai";
import { network } from "hardhat";
import { GraphBuilder } from "../../../packages/zkml/src/ir/builder.ts";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { randomTensor } from "../../../packages/zkml/test/helpers/random-tensors.ts";
import { deployReferee, rootsOf } from "../../helpers/disputes/referee.ts";

/** Of a transaction (EIP-7825), less what the game does around the referee. */
const MOST_GAS = 16_777_216n - 2_000_000n;

const random = new SeededRandom(0x6a5);
const referee = await deployReferee(await network.create());

/** Few terms to a run: what a referee does for each run is all that it does. */
function scatteredConv(channels: number, columns: boolean, left: number): IntegerGraph {
  const [height, width] = [4096 / (2 * channels), 2];
  const builder = new GraphBuilder("scattered");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, channels, height, width] });
  builder.addConstant("w", randomTensor(random, "uint8", [1, channels, height, width]));
  builder.addNode({
    ...{ op: "ConvInteger", name: "conv", inputs: ["x", "w"], output: "y" },
    ...{ xZeroPoint: 3, wZeroPoint: 7, groups: 1 },
    window: {
      kernel: [height, width],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [0, left, 0, 0],
    },
  });
  if (!columns) return builder.finish(["y"]);
  // As right operands image and filter are packed by columns: the channels of a tap lie apart.
  builder.addConstant("a", randomTensor(random, "uint8", [1, height]));
  for (const operand of ["x", "w"]) {
    builder.addNode({
      ...{ op: "MatMulInteger", name: `by-${operand}`, inputs: ["a", operand] },
      ...{ output: `p-${operand}`, aZeroPoint: 0, bZeroPoint: 0 },
    });
  }
  return builder.finish(["y", "p-x", "p-w"]);
}

function longConcat(operands: number): IntegerGraph {
  const builder = new GraphBuilder("long");
  const shape = Array.from({ length: 8 }, () => 1);
  builder.addInput({ name: "v0", elementType: "uint8", shape });
  const names = Array.from({ length: operands }, (_, i) => `v${i}`);
  for (const [i, output] of names.entries()) {
    if (i === 0) continue;
    const inputs = [`v${i - 1}`] as const;
    builder.addNode({ op: "Clip", name: `clip-${i}`, inputs, output, min: 0, max: 255 });
  }
  builder.addNode({ op: "Concat", name: "join", inputs: names, output: "y", axis: 7 });
  return builder.finish(["y"]);
}

const GRAPHS: Readonly<Record<string, () => IntegerGraph>> = {
  "a filter whose channels lie apart": () => scatteredConv(2, true, 0),
  "a filter whose channels lie apart, in padding": () => scatteredConv(4, true, 1),
  "a filter of many rows, half in padding": () => scatteredConv(1, false, 1),
  "the longest concatenation": () => longConcat(255),
};

describe("OperatorReferee", () => {
  for (const [name, graphOf] of Object.entries(GRAPHS)) {
    it(`attack: ${name} takes no more gas than a transaction has`, async () => {
      const run = committedRun(graphOf(), random);
      const roots = rootsOf(run, run.trace);
      // The nodes of the operator under attack are the first ones, or the last.
      for (const node of new Set([0, 1, run.program.nodes.length - 1])) {
        const evidence = encodeStepEvidence(
          openStep(run, knownTrace(run.trace), { node, element: 0 }),
        );
        const gas = await referee.contract.isWrongStep.estimateGas(roots, evidence);
        expect(gas, `node ${node}`).to.be.below(MOST_GAS);
      }
    });
  }
});
