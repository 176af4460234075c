import { expect } from "chai";
import { AbiCoder, getBytes, hexlify } from "ethers";
import type { CommittedTrace } from "../../src/commitments/committed-trace.ts";
import type { ProgramNode, ProgramValue } from "../../src/commitments/lowered-program.ts";
import { estimateChallenge } from "../../src/disputes/estimate-challenge.ts";
import {
  type CallDataSize,
  stepEvidenceSize,
  traceEvidenceSize,
} from "../../src/disputes/evidence-size.ts";
import { type Fault, findFault } from "../../src/disputes/find-fault.ts";
import { readsOf } from "../../src/disputes/reads.ts";
import { stepCost } from "../../src/disputes/step-cost.ts";
import { stepEvidence } from "../../src/disputes/step-evidence.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { type CommittedRun, committedRun } from "../helpers/committed-runs.ts";
import { withByte, withHeader } from "../helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

const PROGRAM = "tuple(bytes header, bytes32 values, bytes32 nodes)";
const TENSOR =
  "tuple(bytes header, bytes32[] headerSiblings, bytes32 chunkRoot, bytes32[] siblings, uint32[] chunkIndices, bytes chunks, bytes32[] chunkProof)";
const STEP = `tuple(${PROGRAM} program, bytes32 traceTree, bytes32 weightsTree, uint32 nodeIndex, bytes node, bytes32[] nodeSiblings, uint32 element, uint32 hint, ${TENSOR} output, ${TENSOR}[] operands)`;
const TRACE = `tuple(uint8 fault, ${PROGRAM} program, uint32 count, bytes32 traceTree, uint32 index, bytes header, bytes valueHeader, bytes32[] valueSiblings, bytes32 chunkRoot, bytes32[] siblings, bytes32 tensorRoot, uint32 chunkIndex, bytes chunk, bytes32[] chunkSiblings)`;

/** Bytes for ethers: hexadecimal wherever there are bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hexlify(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plain(of)]));
}

function expectSize(size: CallDataSize, type: string, evidence: object): void {
  const encoded = getBytes(AbiCoder.defaultAbiCoder().encode([type], [plain(evidence)]));
  expect(size.bytes).to.equal(encoded.length);
  const nonZero = encoded.filter((byte) => byte !== 0).length;
  expect(Math.abs(size.nonZero - nonZero)).to.be.below(nonZero / 50);
}

function runOf(seed: number, graph = smallConvnet(new SeededRandom(seed))): CommittedRun {
  return committedRun(graph, new SeededRandom(seed));
}

describe("the cost of a challenge", () => {
  const run = runOf(801);
  const { trace } = run;

  it("counts the bytes of a step's evidence as the ABI encodes them", () => {
    for (const node of run.program.nodes.keys()) {
      const evidence = stepEvidence(run, trace, { node, element: 0 });
      expectSize(stepEvidenceSize(evidence), STEP, evidence);
    }
  });

  it("counts the bytes of a trace's fault as the ABI encodes them", () => {
    const suspects = [
      withByte(trace, 0, 3, (byte) => byte ^ 1),
      withHeader(trace, 2, (header) => header.with(0, 9)),
      withByte(trace, 3, 1023, () => 1),
    ];
    for (const suspect of suspects) {
      const fault = findFault(run, trace, suspect);
      if (fault?.kind !== "trace") throw new Error("the fault is none of the trace");
      expectSize(traceEvidenceSize(fault.evidence), TRACE, fault.evidence);
    }
  });

  it("is no less than the floor price of its call data, and grows with what is computed", () => {
    const gasOf = (of: CommittedRun) => {
      const entry = of.program.inputs;
      const suspect = withByte(of.trace, entry, 3, (byte) => byte ^ 1);
      const { calldataBytes, gas } = estimateChallenge(
        of.program,
        findFault(of, of.trace, suspect) as Fault,
      );
      expect(gas).to.be.above(21_000 + 10 * calldataBytes);
      return gas;
    };
    const dense = LARGE_GRAPHS["a dense layer"]?.(new SeededRandom(802)) as never;
    expect(gasOf(runOf(802, dense))).to.be.above(gasOf(run) + 100_000);
  });

  it("grows with what a fault beside the elements opens", () => {
    const gasOf = (suspect: CommittedTrace) =>
      estimateChallenge(run.program, findFault(run, trace, suspect) as Fault).gas;
    const input = gasOf(withByte(trace, 0, 3, (byte) => byte ^ 1));
    const header = gasOf(withHeader(trace, 2, (bytes) => bytes.with(0, 9)));
    const padding = gasOf(withByte(trace, 3, 1023, () => 1));
    expect(header).to.be.above(input);
    expect(padding).to.be.above(input + 250_000);
  });

  it("is bounded by what a step reads at most", () => {
    const random = new SeededRandom(803);
    for (const make of Object.values(LARGE_GRAPHS)) {
      const { program } = runOf(803, make(random));
      for (const step of program.nodes) checkBound(step, program.values, program);
    }
  });
});

function checkBound(
  step: ProgramNode,
  values: readonly ProgramValue[],
  program: CommittedRun["program"],
): void {
  const { terms, chunks } = stepCost(program, step);
  expect(chunks).to.have.length(step.operands.length);
  const { shape } = values[step.output] as ProgramValue;
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  for (const element of new Set([0, count >> 1, count - 1])) {
    const deciding = { operand: () => 5, output: () => 0, hint: 1 };
    for (const [i, positions] of readsOf(program, step, element, deciding).entries()) {
      expect(positions.length).to.be.at.most(terms);
      const bytes =
        (values[step.operands[i] as number] as ProgramValue).elementType === "int32" ? 4 : 1;
      const read = new Set(positions.map((position) => Math.floor((position * bytes) / 1024)));
      expect(read.size).to.be.at.most(chunks[i] as number);
    }
  }
}
