import { spawn } from "node:child_process";
import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { Simplification } from "./simplification.ts";
import { includedSources } from "./sources.ts";

const require = createRequire(import.meta.url);

export interface CompileOptions {
  /** Default: full. */
  readonly simplification?: Simplification;
  /** For one attempt; the compiler has been seen to hang, so a timed-out one is repeated once. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT_MS = 240_000;
const FLAGS = { full: "--O2", quick: "--O1" } as const;
const ATTEMPTS = 2;
const LOG_TAIL = 2_000;

/**
 * Compiles circom source into `directory`: circuit.circom, circuit.r1cs, circuit.wasm. All included files are copied beside it, because the
 * WebAssembly build of circom cannot read outside its working directory.
 * @throws ZkmlError CIRCUIT_COMPILE_FAILED with the compiler's last lines; the signal's reason.
 */
export async function compileCircuit(
  source: string,
  directory: string,
  { simplification = "full", timeoutMs = DEFAULT_TIMEOUT_MS, signal }: CompileOptions = {},
): Promise<void> {
  await writeFile(join(directory, "circuit.circom"), source);
  for (const { name, path } of await includedSources(source)) {
    await copyFile(path, join(directory, name));
  }
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const outcome = await runCompiler(directory, FLAGS[simplification], timeoutMs, signal);
    signal?.throwIfAborted();
    if (outcome.code === 0) break;
    if (outcome.code === null && attempt < ATTEMPTS) continue;
    throw failure(outcome, timeoutMs);
  }
  await rename(join(directory, "circuit_js", "circuit.wasm"), join(directory, "circuit.wasm"));
}

/** Version of the circom compiler in use. */
export async function compilerVersion(): Promise<string> {
  const manifest = await readFile(require.resolve("circom2/package.json"), "utf8");
  return `circom2@${(JSON.parse(manifest) as { version: string }).version}`;
}

interface Outcome {
  /** Null when it was killed, by the time limit or from outside. */
  readonly code: number | null;
  readonly log: string;
}

function runCompiler(
  directory: string,
  flag: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const flags = ["circuit.circom", "--r1cs", "--wasm", flag, "-o", "."];
    const child = spawn(process.execPath, [require.resolve("circom2/cli.js"), ...flags], {
      cwd: directory,
      // Its terminal handling waits on an open standard input.
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_OPTIONS: "" },
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    let log = "";
    const keep = (chunk: Buffer): void => {
      log = (log + chunk.toString("utf8")).slice(-LOG_TAIL);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const abort = (): void => void child.kill("SIGKILL");
    signal?.addEventListener("abort", abort, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      signal?.removeEventListener("abort", abort);
      resolve({ code, log });
    });
  });
}

function failure({ code, log }: Outcome, timeoutMs: number): ZkmlError {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
  const tail = log.replace(escapes, "").trim().split("\n").slice(-8).join("\n");
  const problem =
    code === null
      ? `was killed ${ATTEMPTS} times (limit ${timeoutMs / 1000} s); raise timeoutMs or free memory`
      : `exited with code ${code}`;
  return new ZkmlError("CIRCUIT_COMPILE_FAILED", `the circom compiler ${problem}\n${tail}`, {
    exitCode: code ?? "killed",
  });
}
