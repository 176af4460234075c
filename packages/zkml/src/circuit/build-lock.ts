import { link, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 200;
/** A process id may belong to somebody else by then. */
const STALE_MS = 15 * 60_000;

/**
 * Runs `work` while holding a lock file, so that processes which need the same circuit build it
 * once. It saves work and is no more than that: results are published by an atomic rename, so two
 * builders that both hold the lock do no harm. A lock whose process is gone is taken over.
 */
export async function withBuildLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  while (!(await acquire(path))) await sleep(POLL_MS, undefined, signal ? { signal } : {});
  try {
    return await work();
  } finally {
    await unlinkIfPresent(path);
  }
}

async function acquire(path: string): Promise<boolean> {
  // A link appears with its content: nobody ever reads a lock without an owner.
  const claim = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(claim, `${process.pid}`);
  try {
    await link(claim, path);
    return true;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    await unlinkIfPresent(claim);
  }
  if (await isAbandoned(path)) await unlinkIfPresent(path);
  return false;
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const [owner, { mtimeMs }] = [Number(await readFile(path, "utf8")), await stat(path)];
    return Date.now() - mtimeMs > STALE_MS || !isRunning(owner);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** Whether a process of this id exists on this machine. */
export function isRunning(pid: number): boolean {
  // Zero and negative numbers would ask about process groups.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ESRCH" || code === "EPERM") return code === "EPERM";
    throw error;
  }
}

async function unlinkIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
