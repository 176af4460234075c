// Compiles the contracts and fails when the committed bindings in typechain-types are not what the build writes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const directory = "typechain-types";

/** Digest of every file below the folder, by path. */
function digests(): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}

const committed = digests();
rmSync(directory, { recursive: true });
const build = spawnSync("hardhat", ["build", "--force"], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (build.status !== 0) process.exit(build.status ?? 1);
const generated = digests();
const paths = new Set([...committed.keys(), ...generated.keys()]);
const changed = [...paths].filter((path) => committed.get(path) !== generated.get(path)).sort();
if (changed.length > 0) {
  console.error(
    `The committed bindings were stale and have been written again; commit them:\n${changed.join("\n")}`,
  );
  process.exit(1);
}
