import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { IntegerGraph, ValueInfo } from "../ir/graph.ts";
import { sha256 } from "../keys/development-key.ts";
import { runKeyWorker } from "../keys/run-key-worker.ts";
import { DEVELOPMENT_LABEL } from "../keys/secrets.ts";
import { parseVerificationKey, type VerificationKey } from "../keys/verification-key.ts";
import { isRunning, withBuildLock } from "./build-lock.ts";
import { compileCircuit, compilerVersion } from "./compile.ts";
import { GENERATOR_VERSION, type GeneratedCircuit, generateCircuit } from "./generate.ts";
import type { ArchitectureOptions } from "./private/architecture.ts";
import { generatePrivateCircuit } from "./private/generate-private.ts";
import type { WeightSignals } from "./private/weight-signals.ts";
import type { Simplification } from "./simplification.ts";
import { includedSources } from "./sources.ts";

export type BuildStep = "generate" | "cached" | "wait" | "compile" | "key" | "done";

export interface BuildSourceOptions {
  /** Letters, digits, dots and hyphens; part of the directory's name. */
  readonly name: string;
  /** Holds one directory per circuit; created when missing. */
  readonly cacheDir: string;
  readonly compileTimeoutMs?: number;
  /** Default: full. */
  readonly simplification?: Simplification;
  readonly onProgress?: (step: BuildStep, detail: string) => void;
  readonly signal?: AbortSignal;
}

export interface BuildOptions extends Omit<BuildSourceOptions, "simplification"> {
  readonly graph: IntegerGraph;
  /** Jobs that one proof covers; default 1. */
  readonly jobsPerProof?: number;
  /** Default "constant": one key a model. "private": one key an architecture, as declared. */
  readonly weights?: "constant" | "private";
  /** With private weights: what the architecture declares. */
  readonly architecture?: ArchitectureOptions;
}

interface BuildRecord {
  readonly constraints: number;
  readonly sourceHash: string;
  readonly r1csHash: string;
  readonly zkeyHash: string;
  /** What building took, on the machine that built it. */
  readonly seconds: { readonly compile: number; readonly key: number };
}

/** A compiled circuit with its development key. */
export interface BuiltCircuit extends BuildRecord {
  readonly name: string;
  readonly dir: string;
  readonly r1csPath: string;
  readonly wasmPath: string;
  readonly zkeyPath: string;
  readonly verificationKey: VerificationKey;
  readonly cached: boolean;
}

/** The circuit of a model. */
export interface ModelCircuit extends BuiltCircuit {
  readonly jobsPerProof: number;
  /** Name of the circuit's input signal array; with several jobs, of all inputs in a row. */
  readonly inputSignal: string;
  readonly input: ValueInfo;
  readonly output: ValueInfo;
  /** Only when the weights are inputs of the circuit. */
  readonly weights?: WeightSignals;
}

/**
 * Generates, compiles and keys the circuit of a model, or finds it built; see `buildCircuit`.
 * @throws ZkmlError as the generator, the compiler and the key maker do; the signal's reason.
 */
export async function buildModelCircuit(options: BuildOptions): Promise<ModelCircuit> {
  const { graph, signal, onProgress = () => {} } = options;
  requireName(options.name);
  signal?.throwIfAborted();
  onProgress("generate", `circuit of ${graph.nodes.length} operators`);
  const { source, ...generated } = generate(options);
  const { simplification } = generated;
  return { ...(await buildCircuit(source, { ...options, simplification })), ...generated };
}

/**
 * Compiles and keys a circuit, or finds it built. The directory's name covers the source, every
 * file that it includes, the compiler's version and the key's secret. A build appears there whole, by a
 * rename; an interrupted one leaves nothing behind that is used again. Safe to call from several
 * processes at once.
 * @throws ZkmlError as the compiler and the key maker do; the signal's reason.
 */
export async function buildCircuit(
  source: string,
  options: BuildSourceOptions,
): Promise<BuiltCircuit> {
  const { name, cacheDir, signal, onProgress = () => {} } = options;
  requireName(name);
  signal?.throwIfAborted();
  const dir = join(resolve(cacheDir), `${name}-${await buildKey(source, options.simplification)}`);
  await mkdir(cacheDir, { recursive: true });
  const found = await load(dir, name, true);
  if (found !== undefined) {
    onProgress("cached", `${found.constraints} constraints`);
    return found;
  }
  onProgress("wait", "for the build lock");
  return withBuildLock(`${dir}.lock`, signal, async () => {
    const built = await load(dir, name, true);
    if (built !== undefined) return built;
    await build(options, source, dir);
    const fresh = await load(dir, name, false);
    if (fresh === undefined) throw new Error(`${dir} vanished while it was built; build again`);
    onProgress("done", `${fresh.constraints} constraints`);
    return fresh;
  });
}

function generate({
  graph,
  jobsPerProof = 1,
  weights,
  architecture,
}: BuildOptions): GeneratedCircuit {
  if (weights === "private")
    return generatePrivateCircuit(graph, { jobsPerProof, ...architecture });
  return generateCircuit(graph, { jobsPerProof });
}

function requireName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name)) return;
  throw new TypeError(`"${name}" is no circuit name; use letters, digits, dots and hyphens`);
}

async function build(
  { compileTimeoutMs, simplification = "full", onProgress = () => {}, signal }: BuildSourceOptions,
  source: string,
  dir: string,
): Promise<void> {
  // What is there did not load, so it is damaged; only the holder of the lock removes it.
  await rm(dir, { recursive: true, force: true });
  await removeAbandoned(dir);
  const work = `${dir}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  await mkdir(work);
  try {
    const started = performance.now();
    onProgress("compile", `${Math.round(source.length / 1024)} KiB of circom`);
    const timeout = compileTimeoutMs === undefined ? {} : { timeoutMs: compileTimeoutMs };
    await compileCircuit(source, work, { ...timeout, simplification, signal });
    const compiled = performance.now();
    onProgress("key", "development key");
    const key = await runKeyWorker(join(work, "circuit.r1cs"), join(work, "circuit.zkey"), signal);
    const record: BuildRecord = {
      constraints: key.constraints,
      sourceHash: sha256(source),
      r1csHash: key.r1csHash,
      zkeyHash: key.zkeyHash,
      seconds: { compile: seconds(started, compiled), key: seconds(compiled, performance.now()) },
    };
    await writeFile(join(work, "verification_key.json"), json(key.verificationKey));
    await writeFile(join(work, "build.json"), json(record));
    await publish(work, dir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Working directories of builders that were killed: their names end in the process and a suffix. */
async function removeAbandoned(dir: string): Promise<void> {
  for (const name of await readdir(dirname(dir))) {
    if (!name.startsWith(`${basename(dir)}.`) || !name.endsWith(".tmp")) continue;
    const owner = Number(name.split(".").at(-3));
    if (isRunning(owner)) continue;
    await rm(join(dirname(dir), name), { recursive: true, force: true });
  }
}

async function publish(work: string, dir: string): Promise<void> {
  try {
    await rename(work, dir);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Another builder was faster; its result is the same.
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

/** The build in `dir`, or undefined when there is none or its key is not the one it recorded. */
async function load(dir: string, name: string, cached: boolean): Promise<BuiltCircuit | undefined> {
  const zkeyPath = join(dir, "circuit.zkey");
  try {
    const record = JSON.parse(await readFile(join(dir, "build.json"), "utf8")) as BuildRecord;
    const key = await readFile(join(dir, "verification_key.json"), "utf8");
    const [r1csPath, wasmPath] = [join(dir, "circuit.r1cs"), join(dir, "circuit.wasm")];
    await stat(wasmPath);
    if (sha256(await readFile(zkeyPath)) === record.zkeyHash) {
      const verificationKey = await parseVerificationKey(key);
      return { ...record, dir, r1csPath, wasmPath, zkeyPath, name, verificationKey, cached };
    }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!missing && !(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

async function buildKey(source: string, simplification: Simplification = "full"): Promise<string> {
  const hash = createHash("sha256");
  hash.update(`${GENERATOR_VERSION}\n${await compilerVersion()}\n${DEVELOPMENT_LABEL}\n`);
  hash.update(`${simplification}\n${sha256(source)}`);
  for (const { name, path } of await includedSources(source)) {
    hash.update(`\n${name} ${sha256(await readFile(path))}`);
  }
  return hash.digest("hex").slice(0, 16);
}

function seconds(from: number, to: number): number {
  return Math.round(to - from) / 1000;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
