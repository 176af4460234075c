// Runs Slither over the contracts and compares what it finds with docs/security/static-analysis.md (npm run analyse).
// Fails on a finding without a verdict there, and on a verdict for what is not found any more.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { protocolSources, ROOT, sourcesWithImports } from "../solc/compile.ts";
import { compareFindings, readFindings, readVerdicts } from "./findings.ts";

const VERSION = "0.11.6";
const DIRECTORY = join(ROOT, "build", "analyse");
const DOCUMENT = "docs/security/static-analysis.md";
const program = process.env.SLITHER ?? "slither";

function fail(text: string): never {
  console.error(text);
  process.exit(1);
}

const installed = spawnSync(program, ["--version"], { encoding: "utf8" });
if (installed.error) {
  fail(
    `Slither is not here (${program}). Install it outside of the repository, and put it on PATH or name it in SLITHER:\n  python3 -m venv ~/.slither && ~/.slither/bin/pip install slither-analyzer==${VERSION}\n  SLITHER=~/.slither/bin/slither npm run analyse`,
  );
}

// Slither looks at the files that the compiler's output names, so they lie beside the input under the same names.
rmSync(DIRECTORY, { recursive: true, force: true });
const sources = sourcesWithImports(protocolSources());
for (const [path, content] of Object.entries(sources)) {
  const file = join(DIRECTORY, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const output = ["abi", "evm.bytecode", "evm.deployedBytecode", "devdoc", "userdoc", "metadata"];
const input = {
  language: "Solidity",
  sources: Object.fromEntries(
    Object.entries(sources).map(([path, content]) => [path, { content }]),
  ),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 1000 },
    outputSelection: { "*": { "*": output, "": ["ast"] } },
  },
};
writeFileSync(join(DIRECTORY, "input.json"), JSON.stringify(input));

const report = join(DIRECTORY, "report.json");
const parameters = [
  "input.json",
  "--compile-force-framework",
  "Solc-json",
  "--solc",
  join(ROOT, "scripts", "analyse", "solc.mjs"),
  "--filter-paths",
  "@openzeppelin",
  "--json",
  report,
];
const run = spawnSync(program, parameters, { cwd: DIRECTORY, encoding: "utf8" });
let findings: ReturnType<typeof readFindings>;
try {
  findings = readFindings(JSON.parse(readFileSync(report, "utf8")));
} catch (cause) {
  fail(`${run.stderr}\n${(cause as Error).message}`);
}
const verdicts = readVerdicts(readFileSync(join(ROOT, DOCUMENT), "utf8"));
const { open, stale } = compareFindings(findings, verdicts);
for (const { detector, impact, place, description } of open) {
  console.error(`${impact} | \`${detector}\` | ${place}\n${description}\n`);
}
for (const { detector, place } of stale) {
  console.error(`Not found any more: ${detector} in ${place}. Remove it from ${DOCUMENT}.`);
}
console.log(
  `Slither ${installed.stdout.trim()}: ${findings.length} findings, ${open.length} without a verdict in ${DOCUMENT}`,
);
process.exitCode = open.length + stale.length === 0 ? 0 : 1;
