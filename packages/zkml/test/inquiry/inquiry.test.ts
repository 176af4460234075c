import { expect } from "chai";
import { traceOf } from "../../src/commitments/commit-trace.ts";
import type { CommittedTensor, CommittedTrace } from "../../src/commitments/committed-trace.ts";
import { treeDepth } from "../../src/commitments/hash-tree.ts";
import { lowerProgram } from "../../src/commitments/lowered-program.ts";
import { type Fault, findFault } from "../../src/disputes/find-fault.ts";
import { type Answer, answerQuestion } from "../../src/disputes/inquiry.ts";
import { InquiryGuide } from "../../src/disputes/inquiry-guide.ts";
import { inquiryRounds } from "../../src/disputes/inquiry-places.ts";
import { GraphBuilder } from "../../src/ir/builder.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { isWrongStep } from "../helpers/check-step.ts";
import { isWrongTrace } from "../helpers/check-trace.ts";
import { type CommittedRun, committedRun, rootsOf } from "../helpers/committed-runs.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import {
  withByte,
  withChunkFiller,
  withHeader,
  withTensorFiller,
} from "../helpers/forged-traces.ts";
import { LARGE_GRAPHS } from "../helpers/large-graphs.ts";
import { randomProgram } from "../helpers/random-programs.ts";

interface Game {
  readonly fault: Fault | undefined;
  readonly answers: readonly Answer[];
}

/** Provider and inquirer play it out; a new guide, which knows the answers only, makes every move. */
function play(run: CommittedRun, suspect: CommittedTrace): Game {
  const answers: Answer[] = [];
  const path: number[] = [];
  for (;;) {
    const move = new InquiryGuide(run, run.trace, suspect.root).next(answers);
    if (move.kind === "nothing") return { fault: undefined, answers };
    if (move.kind === "evidence") return { fault: move.fault, answers };
    if (move.kind === "ask") path.push(move.child);
    else expect(answers).to.have.length(0);
    answers.push(answerQuestion(suspect, path));
  }
}

/** Plays, and has the evidence checked as the contracts do. */
function expectConviction(run: CommittedRun, suspect: CommittedTrace): Game & { fault: Fault } {
  const game = play(run, suspect);
  if (game.fault === undefined) throw new Error("nothing was found");
  expect(game.fault).to.deep.equal(findFault(run, run.trace, suspect));
  const input = (run.trace.tensors[0] as CommittedTensor).root;
  const roots = { ...rootsOf(run, suspect), input: `0x${Buffer.from(input).toString("hex")}` };
  const convinces =
    game.fault.kind === "step"
      ? isWrongStep(game.fault.evidence, roots as never)
      : isWrongTrace(game.fault.evidence, roots as never);
  expect(convinces, JSON.stringify(game.fault.at)).to.equal(true);
  return { ...game, fault: game.fault };
}

function manyRuns(random: SeededRandom): CommittedRun[] {
  const graphs = [
    ...Array.from({ length: 25 }, () => randomProgram(random, { steps: 24 })),
    ...Object.values(LARGE_GRAPHS).map((make) => make(random)),
  ];
  return graphs
    .map((graph) => committedRun(graph, random))
    .filter(({ program }) => program.nodes.length > 0);
}

describe("an inquiry", () => {
  it("finds a falsified byte of any tensor, and the first of several", () => {
    const random = new SeededRandom(0x1a);
    for (const run of manyRuns(random)) {
      const { trace } = run;
      for (const [entry, { packed }] of trace.tensors.entries()) {
        const byte = random.integer(0, packed.length - 1);
        const wrong = withByte(trace, entry, byte, (old) => old ^ 8);
        const last = trace.tensors.length - 1;
        const game = expectConviction(
          run,
          withByte(wrong, last, 0, (old) => old ^ 4),
        );
        expect(game.answers.length).to.be.at.most(inquiryRounds(run.program));
      }
    }
  });

  it("finds a number of tensors that is not the program's", () => {
    const random = new SeededRandom(0x1b);
    for (const run of manyRuns(random)) {
      const { tensors } = run.trace;
      const [first] = tensors as [CommittedTensor];
      for (const suspect of [traceOf([...tensors, first]), traceOf(tensors.slice(0, -1))]) {
        const { fault, answers } = expectConviction(run, suspect);
        expect(fault.at).to.deep.equal({ fault: "count" });
        expect(answers).to.have.length(1);
      }
    }
  });

  it("finds a header that is not the program's, of the same or another size", () => {
    const random = new SeededRandom(0x1c);
    for (const run of manyRuns(random)) {
      const entry = random.integer(0, run.trace.tensors.length - 1);
      const layout = withHeader(run.trace, entry, (header) => header.with(1, 2));
      const rank = withHeader(run.trace, entry, (header) => Uint8Array.of(...header, 0, 0, 0, 1));
      for (const suspect of [layout, rank]) {
        if (suspect.root === run.trace.root) continue;
        expect(expectConviction(run, suspect).fault.at).to.deep.equal({ fault: "header", entry });
      }
    }
  });

  it("finds what stands behind the last tensor and behind the last chunk", () => {
    const random = new SeededRandom(0x1d);
    let [tensorFillings, chunkFillings] = [0, 0];
    for (const run of manyRuns(random)) {
      const { tensors, tree } = run.trace;
      if (2 ** tree.depth > tensors.length) {
        const leaf = random.integer(tensors.length, 2 ** tree.depth - 1);
        const { fault } = expectConviction(run, withTensorFiller(run.trace, leaf));
        expect(fault.at).to.deep.equal({ fault: "tensorFiller", leaf });
        tensorFillings++;
      }
      for (const [entry, { chunks }] of tensors.entries()) {
        if (entry < run.program.inputs || 2 ** chunks.depth === chunks.count) continue;
        const leaf = random.integer(chunks.count, 2 ** chunks.depth - 1);
        const { fault } = expectConviction(run, withChunkFiller(run.trace, entry, leaf));
        expect(fault.at).to.deep.equal({ fault: "chunkFiller", entry, leaf });
        chunkFillings++;
      }
    }
    expect(tensorFillings).to.be.above(10);
    expect(chunkFillings).to.be.above(3);
  });

  it("finds nothing in the right trace, and the output stated beside it when that is another", () => {
    const run = committedRun(
      randomProgram(new SeededRandom(0x1e), { steps: 12 }),
      new SeededRandom(1),
    );
    expect(play(run, run.trace)).to.deep.equal({ fault: undefined, answers: [] });
    const output = new Uint8Array(32).fill(1);
    const move = new InquiryGuide(run, run.trace, run.trace.root, { output }).next([]);
    expect(move).to.have.nested.property("fault.at.fault", "output");
  });
});

describe("answers", () => {
  const random = new SeededRandom(0x1f);
  const run = committedRun(LARGE_GRAPHS["an image of constants added"]?.(random) as never, random);
  const suspect = withByte(run.trace, 2, 5000, (old) => old ^ 1);
  const { answers } = play(run, suspect);
  const guide = new InquiryGuide(run, run.trace, suspect.root);

  it("that do not open their question are refused", async () => {
    expect(answers.length).to.be.above(3);
    for (const [round, answer] of answers.entries()) {
      const before = answers.slice(0, round);
      const { nodes, data } = answer;
      const wrong: Answer[] = [
        { nodes, data: Uint8Array.of(...data, 0) },
        { nodes: [...nodes, new Uint8Array(32)], data },
      ];
      if (data.length > 0) wrong.push({ nodes, data: data.map((byte) => byte ^ 1) });
      if (nodes.length > 0) {
        wrong.push({ nodes: nodes.slice(1), data });
        wrong.push({ nodes: nodes.with(0, new Uint8Array(32).fill(9)), data });
      }
      for (const each of wrong) {
        await expectZkmlError(() => guide.next([...before, each]), { code: "ANSWER_INVALID" });
      }
    }
  });

  it("behind the evidence are refused", async () => {
    const more = [...answers, answers[0] as Answer];
    await expectZkmlError(() => guide.next(more), {
      code: "ANSWER_INVALID",
      message: /no question/,
    });
  });

  it("are not given to questions that lead out of the trace", () => {
    const filler = run.trace.tensors.length;
    expect(2 ** run.trace.tree.depth).to.be.above(filler);
    expect(() => answerQuestion(run.trace, [filler])).to.throw(RangeError, `no tensor ${filler}`);
    expect(() => answerQuestion(run.trace, [99])).to.throw(RangeError, "no child 99");
    expect(() => answerQuestion(run.trace, [-1])).to.throw(RangeError, "no child -1");
  });
});

describe("rounds of an inquiry", () => {
  it("are at most eight for a trace of a hundred million elements", () => {
    for (const [nodes, shape] of [
      [2, [8192, 8192]],
      [24, [2048, 2048]],
      [250, [640, 640]],
    ] as const) {
      const builder = new GraphBuilder("large");
      builder.addInput({ name: "x0", elementType: "int32", shape });
      builder.addConstant("c", createTensor("int32", [], [0]));
      for (let i = 0; i < nodes; i++) {
        const inputs = [`x${i}`, "c"] as const;
        builder.addNode({ op: "Max", name: `n${i}`, inputs, output: `x${i + 1}` });
      }
      const program = lowerProgram(builder.finish([`x${nodes}`]));
      const elements = (nodes + 1) * shape[0] * shape[1];
      expect(elements).to.be.above(100_000_000);
      const chunks = (4 * shape[0] * shape[1]) / 1024;
      const [over, within] = [treeDepth(nodes + 1), treeDepth(chunks)];
      let walked = 0;
      for (let left = over; left > 0 || walked === 0; left -= 4) walked++;
      for (let left = within, from = walked; left > 0 || walked === from; left -= 4) walked++;
      expect(inquiryRounds(program))
        .to.equal(walked + 1)
        .and.to.be.at.most(8);
    }
  });
});
