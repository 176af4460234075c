import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { IntegerGraph, IntegerTensor } from "@lattice/zkml";
import { lowerProgram } from "../../../packages/zkml/src/commitments/lowered-program.ts";
import { macsOf } from "../../../packages/zkml/src/ir/macs.ts";
import { writeOnnx } from "../../../packages/zkml/src/onnx/write.ts";
import { loadRuntime } from "../../../packages/zkml/src/runtime/onnx-runner.ts";
import { TraceCommitter } from "../../../packages/zkml/src/runtime/trace/trace-committer.ts";
import { TraceRunner } from "../../../packages/zkml/src/runtime/trace/trace-runner.ts";
import type { Subject } from "./subjects.ts";

/** What one model took. */
export interface Row {
  readonly model: string;
  readonly what: string;
  readonly multiplications: number;
  readonly traceBytes: number;
  /** Wall-clock, medians: a plain run, one that keeps every tensor, one that commits to them too. */
  readonly plainSeconds: number;
  readonly keptSeconds: number;
  readonly tracedSeconds: number;
  /** Medians over rounds of traced through kept: of wall-clock, and of processor time of all threads. */
  readonly ratio: number;
  readonly processorRatio: number;
  /** Of the fastest run of either way. */
  readonly bestRatio: number;
  readonly target: number | null;
  /** Of processes that did nothing but keep, or commit to, the tensors of some runs. */
  readonly keptPeakMiB: number;
  readonly tracedPeakMiB: number;
}

interface Cost {
  readonly seconds: number;
  readonly processorSeconds: number;
}

const WARM_UP_ROUNDS = 3;
const PROCESS = fileURLToPath(new URL("memory-process.ts", import.meta.url));

/** Runs a model in the three ways, in turn, so that whatever else the machine does meets them alike. */
export async function measureModel(
  subject: Subject,
  rounds: number,
  threads: number,
): Promise<Row> {
  const { graph, input } = await subject.build();
  const program = lowerProgram(graph);
  const plain = await plainRuns(graph, input, threads);
  const whole = await TraceRunner.create(program, graph, { threads, segments: 1 });
  const cut = await TraceRunner.create(program, graph, { threads });
  const committer = new TraceCommitter({ threads });
  const costs: Record<"plain" | "kept" | "traced", Cost[]> = { plain: [], kept: [], traced: [] };
  let traceBytes = 0;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const ways = {
      kept: await cost(() => whole.run(input)),
      traced: await cost(async () => {
        const { tensors } = await committer.commit(program, cut.stream(input));
        traceBytes = tensors.reduce((sum, { packed }) => sum + packed.length, 0);
      }),
      plain: await cost(plain.run),
    };
    if (round < 0) continue;
    for (const way of ["plain", "kept", "traced"] as const) costs[way].push(ways[way]);
  }
  await committer.close();
  for (const each of [plain, whole, cut]) await each.release();
  const seconds = (way: keyof typeof costs) => median(costs[way].map((each) => each.seconds));
  const ratio = (figure: keyof Cost) =>
    median(costs.traced.map((each, i) => each[figure] / (costs.kept[i] as Cost)[figure]));
  const best = (way: keyof typeof costs) => Math.min(...costs[way].map((each) => each.seconds));
  return {
    model: subject.name,
    what: subject.what,
    multiplications: graph.nodes.reduce((sum, node) => sum + macsOf(graph, node), 0),
    traceBytes,
    plainSeconds: seconds("plain"),
    keptSeconds: seconds("kept"),
    tracedSeconds: seconds("traced"),
    ratio: ratio("seconds"),
    processorRatio: ratio("processorSeconds"),
    bestRatio: best("traced") / best("kept"),
    target: subject.target ?? null,
    keptPeakMiB: await peakMiB(subject.name, "kept", threads),
    tracedPeakMiB: await peakMiB(subject.name, "traced", threads),
  };
}

/** The model as it is, with its own outputs only. */
async function plainRuns(graph: IntegerGraph, input: IntegerTensor, threads: number) {
  const runtime = await loadRuntime();
  const session = await runtime.InferenceSession.create(writeOnnx(graph), {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
  });
  const tensor = new runtime.Tensor(input.elementType, input.data, input.shape);
  const feeds = { [graph.inputs[0]?.name ?? ""]: tensor };
  return { run: () => session.run(feeds), release: () => session.release() };
}

async function cost(action: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await action();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, processorSeconds: (user + system) / 1e6 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] as number;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] as number) + high) / 2;
}

function peakMiB(model: string, way: "kept" | "traced", threads: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const parameters = [PROCESS, model, way, String(threads)];
    const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Math.round(Number(text) / 2 ** 20));
      else reject(new Error(`the process that measures memory ended with ${code}`));
    });
  });
}
