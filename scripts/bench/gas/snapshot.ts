import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../../solc/compile.ts";

export type Numbers = Readonly<Record<string, number>>;

const DIRECTORY = join(ROOT, "test", "snapshots");
export const GAS_SNAPSHOT = join(DIRECTORY, "gas.json");
export const SIZE_SNAPSHOT = join(DIRECTORY, "bytecode.json");

/** Drift that passes, millionths either way. */
const TOLERANCE_PPM = 20_000;

export const UPDATE_ADVICE =
  "When the change is meant, commit what this writes: npm run bench:gas -- --snapshot";

export async function readSnapshot(file: string): Promise<Numbers> {
  return JSON.parse(await readFile(file, "utf8")) as Numbers;
}

export async function writeSnapshot(file: string, numbers: Numbers): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(numbers, null, 2)}\n`);
}

/** A line for everything that is more than two per cent away from the snapshot, is new in it, or is gone. */
export function driftFrom(snapshot: Numbers, measured: Numbers): string[] {
  const names = new Set([...Object.keys(snapshot), ...Object.keys(measured)]);
  return [...names].sort().flatMap((name) => {
    const [before, now] = [snapshot[name], measured[name]];
    if (before === undefined) return [`${name}: ${now}, not in the snapshot`];
    if (now === undefined) return [`${name}: in the snapshot, no longer measured`];
    const drift = now - before;
    if (Math.abs(drift) * 1_000_000 <= before * TOLERANCE_PPM) return [];
    const percent = ((100 * drift) / before).toFixed(1);
    return [`${name}: ${before} in the snapshot, ${now} now (${drift > 0 ? "+" : ""}${percent} %)`];
  });
}

/** Path as people read it. */
export function shown(file: string): string {
  return relative(ROOT, file);
}
