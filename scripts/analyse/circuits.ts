// Runs circomspect over the circuit library and every generated circuit and compares what it finds with
// docs/security/circuits.md (npm run analyse:circuits). Fails on a finding without a verdict there, and on a verdict
// for what is not found any more.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { generateCircuit, generatePrivateCircuit, loadModel } from "@lattice/zkml";
import { circuitSources } from "../../packages/zkml/src/circuit/sources.ts";
import { readInstances } from "../../packages/zkml/src/cli/manifest.ts";
import { trainingSource } from "../../packages/zkml/src/training/circuit.ts";
import { ROOT } from "../solc/compile.ts";
import { readCircuitFindings } from "./circuit-findings.ts";
import { compareFindings, type Finding, readVerdicts } from "./findings.ts";

const DIRECTORY = join(ROOT, "build", "analyse-circuits");
const DOCUMENT = "docs/security/circuits.md";
const LIMIT_MS = 300_000;
const program = createRequire(import.meta.url).resolve("circomspect/cli.js");

/**
 * Circuits beside the library: those that circuits.json lists, models each again with private
 * weights.
 */
async function generatedSources(): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  const { models, training } = await readInstances();
  for (const { name, shape } of training.steps) sources[`${name}.circom`] = trainingSource(shape);
  for (const { name, model, jobsPerProof = 1 } of models) {
    const { graph } = await loadModel(join(ROOT, model));
    sources[`${name}.circom`] = generateCircuit(graph, { jobsPerProof }).source;
    sources[`${name}-private.circom`] = generatePrivateCircuit(graph, { jobsPerProof }).source;
  }
  return sources;
}

/** Findings in one file; circomspect reads what it includes, and reports on the file alone. */
function analyse(file: string, sources: Readonly<Record<string, string>>): Finding[] {
  const report = `${file}.sarif`;
  const run = spawnSync(process.execPath, [program, "--sarif-file", report, file], {
    cwd: DIRECTORY,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
  });
  // It exits with 1 when it finds something and when it fails; only the former writes a report.
  if (!readdirSync(DIRECTORY).includes(report)) {
    throw new Error(
      `circomspect failed on ${file}: ${run.error ?? ""}\n${run.stdout}${run.stderr}`,
    );
  }
  return readCircuitFindings(JSON.parse(readFileSync(join(DIRECTORY, report), "utf8")), sources);
}

rmSync(DIRECTORY, { recursive: true, force: true });
mkdirSync(DIRECTORY, { recursive: true });
const library = (await circuitSources()).map(({ name, path }) => {
  return { name, text: readFileSync(path, "utf8"), ours: path.startsWith(join(ROOT, "circuits")) };
});
const generated = await generatedSources();
const sources = {
  ...Object.fromEntries(library.map(({ name, text }) => [name, text])),
  ...generated,
};
for (const [name, text] of Object.entries(sources)) writeFileSync(join(DIRECTORY, name), text);
const files = [
  ...library.filter(({ ours }) => ours).map(({ name }) => name),
  ...Object.keys(generated),
];
const findings = files.flatMap((file) => analyse(file, sources));
const verdicts = readVerdicts(readFileSync(join(ROOT, DOCUMENT), "utf8"));
const { open, stale } = compareFindings(findings, verdicts);
for (const { detector, impact, place, description } of open) {
  console.error(`${impact} | \`${detector}\` | ${place}\n${description}\n`);
}
for (const { detector, place } of stale) {
  console.error(`Not found any more: ${detector} in ${place}. Remove it from ${DOCUMENT}.`);
}
console.log(
  `circomspect: ${files.length} files, ${findings.length} findings, ${open.length} without a verdict in ${DOCUMENT}`,
);
process.exitCode = open.length + stale.length === 0 ? 0 : 1;
