// The invariants and fuzz tests at greater length: 10 000 runs each, of 32 calls where a run is a sequence of calls; random
// disputes by the ten thousand. Takes an hour or so; `npm run test:deep -- JobMarket` runs the files whose path contains the word. One file after the
// other, so that a run that is stopped has shown something; the tests of a file run side by side.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Counts, countSuite, formatCounts, totalCounts } from "./counts.ts";

const PROGRESS_SECONDS = 30;
const SOLIDITY = ".t.sol";

/** Files with tests that take random inputs. */
function deepFiles(words: readonly string[]): string[] {
  return readdirSync("test", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(SOLIDITY) || name.endsWith(".fuzz.test.ts"))
    .map((name) => join("test", name))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort();
}

function clock(since: number): string {
  const seconds = Math.round((performance.now() - since) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs Hardhat with the deep configuration (see hardhat.config.ts), showing its output as it comes. */
function runDeep(command: readonly string[]): Promise<{ code: number; output: string }> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn("hardhat", command, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LATTICE_DEEP: "1" },
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      output += part;
      process.stdout.write(part);
    });
    const progress = setInterval(
      () => process.stderr.write(`.. ${clock(started)}\n`),
      PROGRESS_SECONDS * 1000,
    );
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(progress);
      resolve({ code: code ?? 1, output });
    });
  });
}

const files = deepFiles(process.argv.slice(2));
if (files.length === 0) {
  console.error(`No file of random tests matches ${process.argv.slice(2).join(", ")}.`);
  process.exit(2);
}
// The tests deploy the protocol from its artifacts.
const build = await runDeep(["build", "--quiet"]);
if (build.code !== 0) process.exit(build.code);
const counts: Counts[] = [];
for (const [i, file] of files.entries()) {
  const started = performance.now();
  console.log(`\n[${i + 1}/${files.length}] ${file}`);
  const { code, output } = await runDeep([
    "test",
    file.endsWith(SOLIDITY) ? "solidity" : "mocha",
    file,
  ]);
  const finished = countSuite("runner", code, stripVTControlCharacters(output));
  counts.push(finished);
  console.log(`[${i + 1}/${files.length}] ${formatCounts(finished)} (${clock(started)})`);
}
const total = totalCounts(counts);
console.log(`\n${formatCounts(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
