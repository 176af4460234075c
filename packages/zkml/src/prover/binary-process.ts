import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { ZkmlError } from "../errors/zkml-error.ts";

export interface BinaryOptions {
  readonly timeoutMs: number;
  readonly maxMemoryMiB: number;
  readonly signal: AbortSignal;
}

const STDERR_TAIL = 2_000;
const SHOWN_LINES = 8;
const WATCH_MS = 50;
const MIB = 2 ** 20;

/**
 * Runs a program to its end, without a shell and with closed standard input.
 * @returns the largest resident size seen, in bytes; 0 where the system has no /proc.
 * @throws ZkmlError PROVER_FAILED with the last lines it wrote, PROVER_TIMEOUT, PROVER_MEMORY; the
 * signal's reason. It has ended by then in every case.
 */
export function runBinary(
  path: string,
  parameters: readonly string[],
  { timeoutMs, maxMemoryMiB, signal }: BinaryOptions,
): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(path, parameters, { stdio: ["ignore", "ignore", "pipe"] });
  return new Promise<number>((resolve, reject) => {
    let [peak, tail] = [0, ""];
    let reason: unknown;
    const kill = (why: unknown): void => {
      reason ??= why;
      child.kill("SIGKILL");
    };
    const abort = (): void => kill(signal.reason);
    const timer = setTimeout(() => kill(timeout(path, timeoutMs)), timeoutMs);
    const watch = setInterval(async () => {
      peak = Math.max(peak, await residentPeak(child.pid));
      if (peak > maxMemoryMiB * MIB) kill(tooMuchMemory(path, maxMemoryMiB));
    }, WATCH_MS);
    const settle = (error: unknown): void => {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener("abort", abort);
      if (error === undefined) resolve(peak);
      else reject(error);
    };
    signal.addEventListener("abort", abort, { once: true });
    child.stderr.on("data", (chunk: Buffer) => {
      tail = (tail + chunk.toString("utf8")).slice(-STDERR_TAIL);
    });
    child.once("error", (cause) => settle(reason ?? notStarted(path, cause)));
    child.once("close", (code, killedBy) => {
      if (reason !== undefined) settle(reason);
      else settle(code === 0 ? undefined : failed(path, code ?? killedBy ?? "unknown", tail));
    });
  });
}

/** Largest resident size so far, as Linux keeps it; 0 elsewhere and for a process that has ended. */
async function residentPeak(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function notStarted(path: string, cause: Error): ZkmlError {
  return new ZkmlError(
    "PROVER_FAILED",
    `the prover ${path} could not be started: ${cause.message}; check its path and permissions`,
    { path },
    { cause },
  );
}

function failed(path: string, exit: number | string, tail: string): ZkmlError {
  const said = tail.trim().split("\n").slice(-SHOWN_LINES).join("\n");
  return new ZkmlError("PROVER_FAILED", `the prover ${path} ended with ${exit}\n${said}`, {
    path,
    exit,
  });
}

function timeout(path: string, timeoutMs: number): ZkmlError {
  return new ZkmlError(
    "PROVER_TIMEOUT",
    `the prover ${path} took longer than ${timeoutMs / 1000} s; raise timeoutMs or prove a smaller circuit`,
    { path, timeoutMs },
  );
}

function tooMuchMemory(path: string, maxMemoryMiB: number): ZkmlError {
  return new ZkmlError(
    "PROVER_MEMORY",
    `the prover ${path} needs more than ${maxMemoryMiB} MiB; raise maxMemoryMiB or prove a smaller circuit`,
    { path, maxMemoryMiB },
  );
}
