// Keeps, or commits to, the tensors of some runs and prints the largest resident size in bytes.
import { lowerProgram } from "../../../packages/zkml/src/commitments/lowered-program.ts";
import { TraceCommitter } from "../../../packages/zkml/src/runtime/trace/trace-committer.ts";
import { TraceRunner } from "../../../packages/zkml/src/runtime/trace/trace-runner.ts";
import { SUBJECTS } from "./subjects.ts";

const RUNS = 8;

const [name, way, threadCount] = process.argv.slice(2);
const subject = SUBJECTS.find((each) => each.name === name);
if (subject === undefined || (way !== "kept" && way !== "traced")) {
  throw new Error("usage: memory-process.ts MODEL kept|traced THREADS");
}
const threads = Number(threadCount);
const { graph, input } = await subject.build();
const program = lowerProgram(graph);
const segments = way === "kept" ? { segments: 1 } : {};
const runner = await TraceRunner.create(program, graph, { threads, ...segments });
const committer = new TraceCommitter({ threads });
for (let run = 0; run < RUNS; run++) {
  if (way === "kept") await runner.run(input);
  else await committer.commit(program, runner.stream(input));
}
await committer.close();
await runner.release();
console.log(process.resourceUsage().maxRSS * 1024);
