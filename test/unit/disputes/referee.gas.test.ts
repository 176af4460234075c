import { encodeStepEvidence } from "@lattice/sdk";
import { type IntegerGraph, knownTrace, openStep } from "@lattice/zkml";
import { expect } from "chai";
import { dataLength } from "ethers";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { deployReferee, rootsOf } from "../../helpers/disputes/referee.ts";
import { convolution, denseRow, sumApart } from "../../helpers/disputes/steps.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";

const connection = await network.create();
const { contract } = await deployReferee(connection);
const random = new SeededRandom(0x6a5);

interface Cost {
  readonly name: string;
  readonly graph: IntegerGraph;
  /** Of the step: the node, counted from the last one, and a place in its packing order. */
  readonly element: number;
  /** Chunks of each operand. */
  readonly chunks: readonly number[];
  /** Of a transaction that is nothing but the call, its base and call data included. */
  readonly mostGas: number;
}

const COSTS: readonly Cost[] = [
  {
    name: "a row of 1,024 terms",
    graph: denseRow(random, 1024),
    element: 5,
    chunks: [1, 1],
    mostGas: 210_000,
  },
  {
    name: "a window of 3 × 3 × 64",
    graph: convolution(random, { channels: 64, size: 3, extent: 14 }),
    element: 4 * (14 * 5 + 5),
    chunks: [3, 1],
    mostGas: 320_000,
  },
  {
    name: "a window of 8 × 8 × 64, the most terms and chunks that a step has",
    graph: convolution(random, { channels: 64, size: 8, extent: 64 }),
    element: 4 * (59 * 30 + 30),
    chunks: [16, 4],
    mostGas: 900_000,
  },
  {
    name: "a window of 60 × 60 in one of 4 channels, each tap on its own",
    graph: convolution(random, { channels: 4, groups: 4, size: 60, extent: 64 }),
    element: 4 * 3,
    chunks: [15, 4],
    mostGas: 1_000_000,
  },
  {
    name: "a sum of 1,921 terms that lie apart, the most of a part",
    graph: sumApart(1921),
    element: 1,
    chunks: [16],
    mostGas: 650_000,
  },
];

describe("OperatorReferee", () => {
  describe("isWrongStep, gas", () => {
    for (const { name, graph, element, chunks, mostGas } of COSTS) {
      itMeasuresGas(`of ${name}: at most ${mostGas}`, async () => {
        const run = committedRun(graph, random);
        const node = run.program.nodes.length - 1;
        const evidence = openStep(run, knownTrace(run.trace), { node, element });
        expect(evidence.operands.map((operand) => operand.chunkIndices.length)).to.deep.equal(
          chunks,
        );
        const roots = rootsOf(run, run.trace);
        const bytes = encodeStepEvidence(evidence);
        expect(await contract.isWrongStep(roots, bytes)).to.equal(false);
        const gas = await contract.isWrongStep.estimateGas(roots, bytes);
        expect(gas).to.be.at.most(mostGas);
        expect(dataLength(bytes)).to.be.at.most(1024 * (chunks.reduce((a, b) => a + b) + 6));
      });
    }
  });
});
