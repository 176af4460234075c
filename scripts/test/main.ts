import { spawn } from "node:child_process";
import { stripVTControlCharacters, styleText } from "node:util";
import { type Counts, countSuite, formatCounts, totalCounts } from "./counts.ts";
import { SUITES, type Suite } from "./suites.ts";

/** Runs one suite, shows its output as it comes, and returns its numbers. */
function runSuite({ kind, command: [program, ...args] }: Suite): Promise<Counts> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        output += text;
        process.stdout.write(text);
      });
    }
    child.on("error", reject);
    child.on("close", (code) =>
      resolve(countSuite(kind, code ?? 1, stripVTControlCharacters(output))),
    );
  });
}

const filter = process.argv[2];
const selected = SUITES.filter(({ name }) => filter === undefined || name.includes(filter));
if (selected.length === 0) {
  console.error(
    `No suite matches "${filter}". Suites: ${SUITES.map(({ name }) => name).join("; ")}.`,
  );
  process.exit(2);
}

const lines: string[] = [];
const results: Counts[] = [];
for (const suite of selected) {
  console.log(styleText("bold", `\n== ${suite.name}`));
  const started = performance.now();
  const counts = await runSuite(suite);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  results.push(counts);
  lines.push(
    `${counts.failed === 0 ? "ok  " : "FAIL"} ${suite.name}: ${formatCounts(counts)} (${seconds} s)`,
  );
}
const total = totalCounts(results);
console.log(`\n${lines.join("\n")}\n`);
console.log(formatCounts(total));
process.exitCode = total.failed === 0 ? 0 : 1;
