import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NodeError } from "../../shared/errors.ts";

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function holderOf(file: string): Promise<number | undefined> {
  try {
    const pid = Number(await readFile(file, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 && isRunning(pid) ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Linking a finished file is atomic: nobody sees a lock without its holder. */
async function tryLock(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Keeps a data directory to one process; two with the same key would spoil each other's nonces. A
 * lock whose process has ended is taken over.
 * @returns Releases the lock.
 * @throws NodeError DATA_LOCKED.
 */
export async function lockData(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, "lock");
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await tryLock(file)) return () => rm(file, { force: true });
    const holder = await holderOf(file);
    if (holder !== undefined && holder !== process.pid) {
      throw new NodeError(
        "DATA_LOCKED",
        `process ${holder} uses ${directory}; stop it, or give this provider a directory of its own (--data)`,
        { directory, holder },
      );
    }
    await rm(file, { force: true });
  }
  throw new NodeError("DATA_LOCKED", `another process keeps taking ${directory}`, { directory });
}
