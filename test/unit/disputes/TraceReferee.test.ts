import { encodeTraceEvidence, type TraceEvidence, TraceFault } from "@lattice/sdk";
import {
  type CommittedTrace,
  type TraceFault as FaultPlace,
  findFault,
  knownTrace,
  traceEvidence,
  traceOf,
} from "@lattice/zkml";
import { expect } from "chai";
import { hexlify, zeroPadValue } from "ethers";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import {
  withByte,
  withChunkFiller,
  withHeader,
  withTensorFiller,
} from "../../../packages/zkml/test/helpers/forged-traces.ts";
import { threeChunks } from "../../helpers/disputes/graphs.ts";
import { deployTraceReferee, rootsOf } from "../../helpers/disputes/referee.ts";

const connection = await network.create();
const { contract } = await deployTraceReferee(connection);
const random = new SeededRandom(0x7ace);
/** Three tensors in a tree of four; the last one has three chunks, and zeros behind its last element. */
const run = committedRun(threeChunks(), random);
const { program, trace } = run;
const [INPUT, CLIPPED, OUTPUT] = trace.tensors.map(({ root }) => root) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const LAST = 2;
const WORD = zeroPadValue("0x77", 32);

const evidenceOf = (of: CommittedTrace, place: FaultPlace): TraceEvidence =>
  traceEvidence(program, knownTrace(of), place);

function judge(of: CommittedTrace, evidence: TraceEvidence, stated = {}) {
  return contract.isWrongTrace(rootsOf(run, of, stated), encodeTraceEvidence(evidence));
}

const STATED = { input: INPUT, output: OUTPUT };

interface Forgery {
  readonly name: string;
  readonly place: FaultPlace;
  readonly forged: CommittedTrace;
}

const FORGERIES: readonly Forgery[] = [
  { name: "a tensor less", place: { fault: "count" }, forged: traceOf(trace.tensors.slice(0, 2)) },
  {
    name: "a tensor more",
    place: { fault: "count" },
    forged: traceOf([...trace.tensors, ...trace.tensors.slice(0, 1)]),
  },
  { name: "another input", place: { fault: "input" }, forged: withByte(trace, 0, 1, (b) => b ^ 1) },
  {
    name: "another output than the stated one",
    place: { fault: "output" },
    forged: withByte(trace, LAST, 1, (b) => b ^ 1),
  },
  {
    name: "another layout",
    place: { fault: "header", entry: 1 },
    forged: withHeader(trace, 1, (header) => header.with(1, 2)),
  },
  {
    name: "another shape",
    place: { fault: "header", entry: LAST },
    forged: withHeader(trace, LAST, (header) => Uint8Array.of(...header, 0, 0, 0, 1).with(2, 2)),
  },
  {
    name: "something behind the last tensor",
    place: { fault: "tensorFiller", leaf: 3 },
    forged: withTensorFiller(trace, 3),
  },
  {
    name: "something behind the last chunk",
    place: { fault: "chunkFiller", entry: LAST, leaf: 3 },
    forged: withChunkFiller(trace, LAST, 3),
  },
  {
    name: "something behind the last element",
    place: { fault: "padding", entry: LAST },
    forged: withByte(trace, LAST, 3 * 1024 - 1, () => 1),
  },
];

describe("TraceReferee", () => {
  describe("isWrongTrace", () => {
    for (const { name, place, forged } of FORGERIES) {
      it(`is true of a trace with ${name}, false of the right one (DIS-7, DIS-5)`, async () => {
        expect(await judge(forged, evidenceOf(forged, place), STATED)).to.equal(true);
        expect(await judge(trace, evidenceOf(trace, place), STATED)).to.equal(false);
      });
    }

    it("is true of what the search for faults finds", async () => {
      for (const { name, forged } of FORGERIES) {
        if (name.startsWith("another output")) continue;
        const fault = findFault(run, trace, forged);
        if (fault?.kind !== "trace") throw new Error(`${name}: ${fault?.kind}`);
        expect(await judge(forged, fault.evidence, STATED), name).to.equal(true);
      }
    });

    it("reverts when neither input nor output is stated", async () => {
      for (const [place, fault] of [
        [{ fault: "input" }, TraceFault.Input],
        [{ fault: "output" }, TraceFault.Output],
      ] as const) {
        await expect(judge(trace, evidenceOf(trace, place)))
          .to.be.revertedWithCustomError(contract, "TraceRefereeNotStated")
          .withArgs(fault);
      }
    });

    it("reverts when the trace is another, or was made with another count", async () => {
      const forged = withByte(trace, 0, 0, (byte) => byte ^ 1);
      await expect(judge(trace, evidenceOf(forged, { fault: "count" })))
        .to.be.revertedWithCustomError(contract, "TraceOpeningTrace")
        .withArgs(forged.root, trace.root);
      const miscounted = { ...evidenceOf(trace, { fault: "count" }), count: 4 };
      await expect(judge(trace, miscounted))
        .to.be.revertedWithCustomError(contract, "TraceOpeningTrace")
        .withArgs((computed: string) => computed !== trace.root, trace.root);
    });

    it("reverts when the program is another", async () => {
      const evidence = evidenceOf(trace, { fault: "count" });
      const other = { ...evidence, program: { ...evidence.program, values: WORD } };
      await expect(judge(trace, other))
        .to.be.revertedWithCustomError(contract, "TraceProgramRoot")
        .withArgs((computed: string) => computed !== program.root, program.root);
    });

    it("reverts when a tensor is opened that the trace does not have there", async () => {
      for (const [place, fault, members] of [
        [{ fault: "input" }, TraceFault.Input, { tensorRoot: CLIPPED }],
        [{ fault: "output" }, TraceFault.Output, { tensorRoot: CLIPPED }],
        [{ fault: "header", entry: 1 }, TraceFault.Header, { header: "0x0300020000000100000001" }],
        [{ fault: "tensorFiller", leaf: 3 }, TraceFault.TensorFiller, { tensorRoot: WORD }],
        [
          { fault: "chunkFiller", entry: LAST, leaf: 3 },
          TraceFault.ChunkFiller,
          { chunkRoot: WORD },
        ],
      ] as const) {
        const evidence = { ...evidenceOf(trace, place), ...members };
        await expect(judge(trace, evidence, STATED), place.fault)
          .to.be.revertedWithCustomError(contract, "TraceRefereeOpening")
          .withArgs(fault, (c: string) => c !== hexlify(trace.tree.root), hexlify(trace.tree.root));
      }
    });

    it("reverts when chunks are opened that the tensor does not have there", async () => {
      const chunks = hexlify(trace.tensors[LAST]?.chunks.root as Uint8Array);
      const filler = evidenceOf(trace, { fault: "chunkFiller", entry: LAST, leaf: 3 });
      const padding = evidenceOf(trace, { fault: "padding", entry: LAST });
      for (const [fault, evidence] of [
        [TraceFault.ChunkFiller, { ...filler, tensorRoot: WORD }],
        [TraceFault.Padding, { ...padding, chunk: new Uint8Array(1024) }],
      ] as const) {
        await expect(judge(trace, evidence))
          .to.be.revertedWithCustomError(contract, "TraceRefereeOpening")
          .withArgs(fault, (computed: string) => computed !== chunks, chunks);
      }
      await expect(judge(trace, { ...padding, chunk: new Uint8Array(1023) }))
        .to.be.revertedWithCustomError(contract, "TensorReaderLength")
        .withArgs(1023, 1024);
    });

    it("reverts when a leaf is not where the fault would be", async () => {
      const filler = evidenceOf(trace, { fault: "tensorFiller", leaf: 3 });
      const padding = evidenceOf(trace, { fault: "padding", entry: LAST });
      const chunkFiller = evidenceOf(trace, { fault: "chunkFiller", entry: LAST, leaf: 3 });
      for (const [evidence, index] of [
        [{ ...filler, index: 2 }, 2],
        [{ ...filler, index: 4 }, 4],
        [{ ...chunkFiller, chunkIndex: 2 }, 2],
        [{ ...chunkFiller, chunkIndex: 4 }, 4],
        [{ ...padding, chunkIndex: 1 }, 1],
      ] as const) {
        await expect(judge(trace, evidence))
          .to.be.revertedWithCustomError(contract, "MerkleOpeningIndex")
          .withArgs(index, 3);
      }
    });

    it("reverts when the fault is none, or the encoding goes on", async () => {
      const bytes = encodeTraceEvidence(evidenceOf(trace, { fault: "count" }));
      const roots = rootsOf(run, trace);
      await expect(contract.isWrongTrace(roots, `${bytes}00`))
        .to.be.revertedWithCustomError(contract, "EvidenceLayoutLength")
        .withArgs(bytes.length / 2, bytes.length / 2 - 1);
      const unknown = { ...evidenceOf(trace, { fault: "count" }), fault: 7 };
      await expect(judge(trace, unknown)).to.be.revertedWithoutReason(connection.ethers);
    });
  });
});
