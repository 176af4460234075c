import { expect } from "chai";
import { traceOf } from "../../src/commitments/commit-trace.ts";
import type { CommittedTensor, CommittedTrace } from "../../src/commitments/committed-trace.ts";
import { toHex } from "../../src/commitments/hash.ts";
import { treeDepth } from "../../src/commitments/hash-tree.ts";
import {
  type ProgramValue,
  traceEntry,
  valueOfEntry,
} from "../../src/commitments/lowered-program.ts";
import { coordinatesAt, packedPosition, packedStrides } from "../../src/commitments/packing.ts";
import { TRACE_FAULTS } from "../../src/disputes/evidence-types.ts";
import { type Fault, findFault } from "../../src/disputes/find-fault.ts";
import { knownTrace } from "../../src/disputes/suspect-trace.ts";
import { chunkCount, type TraceFault, traceEvidence } from "../../src/disputes/trace-evidence.ts";
import type { OperatorName } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { rowMajorStrides } from "../../src/ir/shapes.ts";
import { ELEMENT_BYTES, type IntegerTensor } from "../../src/ir/tensor.ts";
import { isWrongStep } from "../helpers/check-step.ts";
import { isWrongTrace, type StatedCheckedRoots } from "../helpers/check-trace.ts";
import { type CommittedRun, committedRun, rootsOf } from "../helpers/committed-runs.ts";
import {
  withByte,
  withChunkFiller,
  withConsequences,
  withHeader,
  withTensorFiller,
} from "../helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { RANDOM_GRAPHS } from "../helpers/random-graphs.ts";
import { randomProgram } from "../helpers/random-programs.ts";
import { smallConvnet } from "../helpers/small-convnet.ts";

function statedRoots(run: CommittedRun, trace: CommittedTrace): StatedCheckedRoots {
  const { program, trace: honest } = run;
  const rootAt = (entry: number) => toHex((honest.tensors[entry] as CommittedTensor).root);
  const output = traceEntry(program, program.outputs[0] as number);
  return { ...rootsOf(run, trace), input: rootAt(0), output: rootAt(output) };
}

function valueAt({ program }: CommittedRun, entry: number): ProgramValue {
  return program.values[valueOfEntry(program, entry)] as ProgramValue;
}

/** The fault that is found, once its evidence has convinced. */
function convicted(run: CommittedRun, suspect: CommittedTrace): Fault {
  const fault = findFault(run, run.trace, suspect);
  if (fault === undefined) throw new Error("no fault was found");
  const roots = statedRoots(run, suspect);
  const convinces =
    fault.kind === "step"
      ? isWrongStep(fault.evidence, roots)
      : isWrongTrace(fault.evidence, roots);
  expect(convinces, JSON.stringify(fault.at)).to.equal(true);
  return fault;
}

/** Falsifies a random element of a random node's output; the rest follows from it or stays. */
function checkFalsified(run: CommittedRun, random: SeededRandom): void {
  const { program, trace, tensors } = run;
  const node = random.integer(0, program.nodes.length - 1);
  const entry = program.inputs + node;
  const { shape, layout, elementType } = valueAt(run, entry);
  const tensor = tensors[entry] as IntegerTensor;
  const index = random.integer(0, tensor.data.length - 1);
  const coordinates = coordinatesAt(shape, rowMajorStrides(shape), index);
  const element = packedPosition(packedStrides(shape, layout), coordinates);
  const data = tensor.data.slice();
  data[index] = (data[index] as number) ^ (1 << random.integer(0, 6));
  const last = element * ELEMENT_BYTES[elementType] + ELEMENT_BYTES[elementType] - 1;
  const suspects = [
    withConsequences(run, entry, { ...tensor, data }),
    withByte(trace, entry, last, (byte) => byte ^ 64),
  ];
  for (const suspect of suspects) {
    const fault = convicted(run, suspect);
    expect(fault.kind).to.equal("step");
    expect(fault.at).to.include({ node, element });
  }
}

describe("the first fault of a trace", () => {
  it("is none for an honest run", () => {
    const random = new SeededRandom(701);
    const run = committedRun(smallConvnet(random), random);
    const output = run.trace.tensors.at(-1)?.root as Uint8Array;
    expect(findFault(run, run.trace, run.trace, { output })).to.equal(undefined);
  });

  for (const op of Object.keys(RANDOM_GRAPHS) as OperatorName[]) {
    it(`is the element of ${op} that was falsified`, () => {
      const random = new SeededRandom(702);
      for (let i = 0; i < 20; i++) {
        checkFalsified(committedRun(RANDOM_GRAPHS[op](random), random), random);
      }
    });
  }

  for (const [name, make] of Object.entries(LARGE_GRAPHS)) {
    it(`is the element of ${name} that was falsified`, () => {
      const random = new SeededRandom(703);
      for (let i = 0; i < 3; i++) checkFalsified(committedRun(make(random), random), random);
    });
  }

  it("is the element of a random program that was falsified", () => {
    const random = new SeededRandom(704);
    for (let i = 0; i < 60; i++) {
      const graph = randomProgram(random, { steps: 12 });
      if (graph.nodes.length > 0) checkFalsified(committedRun(graph, random), random);
    }
  });

  describe("beside its elements", () => {
    const random = new SeededRandom(705);
    // Three chunks of filters' sums fill a tree of four leaves; twelve tensors one of sixteen.
    const run = committedRun(smallConvnet(random), random);
    const { trace, program } = run;
    const expectFault = (suspect: CommittedTrace, at: TraceFault) => {
      const fault = convicted(run, suspect);
      expect(fault.kind).to.equal("trace");
      expect(fault.at).to.deep.equal(at);
    };

    it("is a tensor too many or too few", () => {
      const { tensors } = trace;
      expectFault(traceOf(tensors.slice(0, -1)), { fault: "count" });
      expectFault(traceOf([...tensors, tensors[0] as CommittedTensor]), { fault: "count" });
    });

    it("is another input", () =>
      expectFault(
        withByte(trace, 0, 161, (byte) => byte ^ 1),
        { fault: "input" },
      ));

    it("is another output than the one stated", () => {
      const output = new Uint8Array(32).fill(9);
      const fault = findFault(run, trace, trace, { output });
      expect(fault?.at).to.deep.equal({ fault: "output" });
      if (fault?.kind !== "trace") throw new Error("the fault is none of the trace");
      const roots = { ...statedRoots(run, trace), output: toHex(output) };
      expect(isWrongTrace(fault.evidence, roots)).to.equal(true);
    });

    it("is a header of another type, layout or shape, or none at all", () => {
      for (const entry of trace.tensors.keys()) {
        for (const byte of [0, 1, 2, 6]) {
          const forged = withHeader(trace, entry, (header) =>
            header.with(byte, (header[byte] as number) ^ 1),
          );
          expectFault(forged, { fault: "header", entry });
        }
        const empty = withHeader(trace, entry, () => new Uint8Array(0));
        expectFault(empty, { fault: "header", entry });
      }
    });

    it("is a byte behind the last element", () => {
      for (const entry of trace.tensors.keys()) {
        if (entry < program.inputs) continue;
        const { packed } = trace.tensors[entry] as CommittedTensor;
        const { shape, elementType } = valueAt(run, entry);
        const used = shape.reduce((product, d) => product * d, ELEMENT_BYTES[elementType]);
        for (const byte of [used, packed.length - 1]) {
          if (byte < used) continue;
          expectFault(
            withByte(trace, entry, byte, () => 1),
            { fault: "padding", entry },
          );
        }
      }
    });

    it("is a leaf behind the last chunk", () => {
      const wide = committedRun(
        LARGE_GRAPHS["an image of constants added"]?.(random) as never,
        random,
      );
      const found: number[] = [];
      for (const entry of wide.trace.tensors.keys()) {
        const chunks = chunkCount(valueAt(wide, entry));
        const leaves = 2 ** treeDepth(chunks);
        if (entry < wide.program.inputs || leaves === chunks) continue;
        for (const leaf of [chunks, leaves - 1]) {
          const fault = convicted(wide, withChunkFiller(wide.trace, entry, leaf));
          expect(fault.at).to.deep.equal({ fault: "chunkFiller", entry, leaf });
          found.push(leaf);
        }
      }
      expect(found).to.not.have.length(0);
    });

    it("is a leaf behind the last tensor", () => {
      const leaves = 2 ** treeDepth(trace.tensors.length);
      expect(leaves).to.be.above(trace.tensors.length);
      for (let leaf = trace.tensors.length; leaf < leaves; leaf++) {
        expectFault(withTensorFiller(trace, leaf), { fault: "tensorFiller", leaf });
      }
    });

    it("convinces nobody of a trace that does not have it", () => {
      const roots = statedRoots(run, trace);
      const at: TraceFault[] = [
        { fault: "count" },
        { fault: "input" },
        { fault: "output" },
        { fault: "tensorFiller", leaf: trace.tensors.length },
        { fault: "header", entry: 3 },
        { fault: "padding", entry: 3 },
      ];
      for (const fault of at) {
        const evidence = traceEvidence(program, knownTrace(trace), fault);
        expect(evidence.fault).to.equal(TRACE_FAULTS[fault.fault]);
        expect(isWrongTrace(evidence, roots), fault.fault).to.equal(false);
      }
    });
  });

  it("cannot be shown of an input that nothing binds", () => {
    const random = new SeededRandom(706);
    let run = committedRun(RANDOM_GRAPHS.Add(random), random);
    while (run.program.inputs < 2) run = committedRun(RANDOM_GRAPHS.Add(random), random);
    const suspect = withByte(run.trace, 1, 3, (byte) => byte ^ 1);
    expect(() => findFault(run, run.trace, suspect)).to.throw(RangeError, "input 1 differs");
  });
});
