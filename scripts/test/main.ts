import { spawn } from "node:child_process";
import { stripVTControlCharacters, styleText } from "node:util";
import { type Counts, countSuite, formatCounts, totalCounts } from "./counts.ts";
import { BUILD, LANES, type Suite } from "./suites.ts";

interface Finished {
  readonly line: string;
  readonly counts: Counts;
  /** The end of what a failed suite printed. */
  readonly trace: string;
}

/** Lines of a failed suite that are said again beside the totals, where readers of a long log look first. */
const TRACE_LINES = 12;

/** Runs one suite. Its output is shown when it ends, so that suites side by side stay readable. */
async function runSuite({ name, kind, command: [program, ...args] }: Suite): Promise<Finished> {
  console.log(styleText("dim", `.. ${name}`));
  const started = performance.now();
  const { output, code } = await new Promise<{ output: string; code: number }>(
    (resolve, reject) => {
      const child = spawn(program, args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
        shell: process.platform === "win32",
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
      }
      child.on("error", reject);
      child.on("close", (status) => resolve({ output: text, code: status ?? 1 }));
    },
  );
  const counts = countSuite(kind, code, stripVTControlCharacters(output));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${styleText("bold", `\n== ${name}`)}\n${output.trimEnd()}\n`);
  const failed = counts.failed > 0;
  const line = `${failed ? "FAIL" : "ok  "} ${name}: ${formatCounts(counts)} (${seconds} s)`;
  const end = output.trimEnd().split("\n").slice(-TRACE_LINES).join("\n");
  return { line, counts, trace: failed ? `-- ${name} ended with\n${end}\n` : "" };
}

async function runAll(suites: readonly Suite[]): Promise<Finished[]> {
  const finished: Finished[] = [];
  for (const suite of suites) finished.push(await runSuite(suite));
  return finished;
}

const filter = process.argv[2];
const chosen = (suite: Suite) => filter === undefined || suite.name.includes(filter);
const lanes = LANES.map(({ before, after }) => {
  return { before: before.filter(chosen), after: after.filter(chosen) };
});
if (!chosen(BUILD) && lanes.every(({ before, after }) => before.length + after.length === 0)) {
  const names = [BUILD, ...LANES.flatMap(({ before, after }) => [...before, ...after])];
  console.error(
    `No suite matches "${filter}". Suites: ${names.map(({ name }) => name).join("; ")}.`,
  );
  process.exit(2);
}
const isBuildNeeded = chosen(BUILD) || lanes.some(({ after }) => after.length > 0);
const building = runAll(isBuildNeeded ? [BUILD] : []);
const running = lanes.map(async ({ before, after }) => {
  const early = await runAll(before);
  await building;
  return [...early, ...(await runAll(after))];
});
const finished = [...(await building), ...(await Promise.all(running)).flat()];
const total = totalCounts(finished.map(({ counts }) => counts));
console.log(finished.map(({ trace }) => trace).join(""));
console.log(`${finished.map(({ line }) => line).join("\n")}\n`);
console.log(formatCounts(total));
process.exitCode = total.failed === 0 ? 0 : 1;
