import type { ProgramOpening, TensorOpening } from "@lattice/sdk";
import { CHUNK_BYTES, type CommittedTensor, type LoweredProgram } from "@lattice/zkml";
import { expect } from "chai";
import { concat, hexlify, toBeHex, zeroPadValue } from "ethers";
import { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { manyChunks, threeChunks } from "../../helpers/disputes/graphs.ts";
import { lyingProgram } from "../../helpers/disputes/lies.ts";
import { deployTraceReferee, rootsOf } from "../../helpers/disputes/referee.ts";

const { contract } = await deployTraceReferee(await network.create());
const random = new SeededRandom(0x09e4);
const run = committedRun(threeChunks(), random);
const ROOTS = rootsOf(run, run.trace);
const ENTRY = 2;
const OUTPUT = run.trace.tensors[ENTRY] as CommittedTensor;
const ROOT = hexlify(OUTPUT.root);
const WORD = zeroPadValue("0x77", 32);

const opened = ({ header, valueTree, nodeTree }: LoweredProgram): ProgramOpening => ({
  header,
  values: valueTree.root,
  nodes: nodeTree.root,
});
const PROGRAM = opened(run.program);

/** Chunks of the output on their own: nothing leads from the tensor to a trace. */
function chunksOf(chunkIndices: readonly number[]): TensorOpening {
  const { header, packed, chunks } = OUTPUT;
  return {
    header,
    headerSiblings: [],
    chunkRoot: chunks.root,
    siblings: [],
    chunkIndices,
    chunks: concat(
      chunkIndices.map((i) => packed.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)),
    ),
    chunkProof: chunks.multiproof(chunkIndices),
  };
}

/** The output as it stands in the trace. */
const inTrace = (chunkIndices: readonly number[]): TensorOpening => ({
  ...chunksOf(chunkIndices),
  headerSiblings: run.program.valueTree.siblings(run.program.outputs[0] as number),
  siblings: run.trace.tree.siblings(ENTRY),
});

// Bindings take lists that can be written to.
type Given = Parameters<typeof contract.requireChunks>[1];
const requireChunks = (root: string, tensor: TensorOpening, first: number, count: number) =>
  contract.requireChunks(root, tensor as Given, first, count);
const openOutput = (tensor: TensorOpening, tree: Uint8Array | string = run.trace.tree.root) =>
  contract.openOutput(ROOTS, PROGRAM, tree, tensor as Given);

describe("TraceReferee", () => {
  describe("requireChunks", () => {
    it("takes the chunks that are asked for", async () => {
      for (const [first, count] of [
        [0, 1],
        [0, 3],
        [1, 2],
        [2, 1],
      ] as const) {
        const asked = Array.from({ length: count }, (_, i) => first + i);
        await requireChunks(ROOT, chunksOf(asked), first, count);
      }
    });

    it("reverts when the tensor is another", async () => {
      await expect(requireChunks(WORD, chunksOf([0]), 0, 1))
        .to.be.revertedWithCustomError(contract, "TensorReaderRoot")
        .withArgs(ROOT, WORD);
    });

    it("reverts when the chunks are others, or not as many", async () => {
      for (const given of [
        [0, 2],
        [0, 1],
      ]) {
        await expect(requireChunks(ROOT, chunksOf(given), 1, 2))
          .to.be.revertedWithCustomError(contract, "TensorReaderMissing")
          .withArgs(1);
      }
      await expect(requireChunks(ROOT, chunksOf([0, 2]), 0, 2))
        .to.be.revertedWithCustomError(contract, "TensorReaderMissing")
        .withArgs(0);
      await expect(requireChunks(ROOT, chunksOf([0, 1]), 0, 1))
        .to.be.revertedWithCustomError(contract, "TensorReaderChunks")
        .withArgs(2, 1);
      await expect(requireChunks(ROOT, chunksOf([]), 0, 0))
        .to.be.revertedWithCustomError(contract, "TensorReaderChunks")
        .withArgs(0, 24);
    });

    it("reverts when a byte is another", async () => {
      const attack = { ...chunksOf([1]), chunks: new Uint8Array(CHUNK_BYTES) };
      await expect(requireChunks(ROOT, attack, 1, 1))
        .to.be.revertedWithCustomError(contract, "TensorReaderRoot")
        .withArgs((c: string) => c !== hexlify(OUTPUT.chunks.root), hexlify(OUTPUT.chunks.root));
    });

    it("takes an output as it stands in the trace, which is opened before", async () => {
      for (const chunks of [[0], [1, 2]]) {
        const output = inTrace(chunks);
        await requireChunks(await openOutput(output), output, chunks[0] as number, chunks.length);
      }
    });
  });

  describe("openOutput", () => {
    it("gives the root of the first output's tensor", async () => {
      for (const chunks of [[0], [1, 2], [0, 1, 2]]) {
        expect(await openOutput(inTrace(chunks))).to.equal(ROOT);
      }
    });

    it("reverts when the trace is another", async () => {
      await expect(openOutput(inTrace([0]), WORD))
        .to.be.revertedWithCustomError(contract, "TraceOpeningTrace")
        .withArgs((computed: string) => computed !== ROOTS.trace, ROOTS.trace);
    });

    it("reverts when the tensor, its header or its chunks are others", async () => {
      const id = run.program.outputs[0];
      await expect(openOutput({ ...inTrace([0]), chunkRoot: WORD }))
        .to.be.revertedWithCustomError(contract, "TraceOpeningTensor")
        .withArgs(id, (c: string) => c !== hexlify(run.trace.tree.root), run.trace.tree.root);
      const header = Uint8Array.from(OUTPUT.header).with(0, 2);
      await expect(openOutput({ ...inTrace([0]), header }))
        .to.be.revertedWithCustomError(contract, "TraceProgramOpening")
        .withArgs((c: string) => c !== hexlify(PROGRAM.values), PROGRAM.values);
      await expect(openOutput({ ...inTrace([0]), chunks: new Uint8Array(CHUNK_BYTES) }))
        .to.be.revertedWithCustomError(contract, "TensorReaderRoot")
        .withArgs((c: string) => c !== hexlify(OUTPUT.chunks.root), hexlify(OUTPUT.chunks.root));
    });

    it("reverts when the first output is a constant", async () => {
      const model = committedRun(manyChunks(random), random);
      const constant = model.program.inputs;
      const header = concat([model.program.header.slice(0, 16), toBeHex(constant, 4)]);
      const program = lyingProgram(model.program, { header: Buffer.from(header.slice(2), "hex") });
      const roots = rootsOf({ ...model, program }, model.trace);
      const tensor = chunksOf([0]) as Given;
      await expect(contract.openOutput(roots, opened(program), model.trace.tree.root, tensor))
        .to.be.revertedWithCustomError(contract, "TraceRefereeConstantOutput")
        .withArgs(constant);
    });
  });
});
