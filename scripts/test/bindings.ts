// Compiles the contracts and fails when the committed bindings in typechain-types, or the SDK's tables made from them,
// are not what the build writes. The build writes them beside, so that tests may read the committed ones meanwhile. The
// generator lists contracts in the order of the file system, so lines are compared as sets.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { writeSdkTables } from "../release/sdk-tables.ts";

const COMMITTED = "typechain-types";
const GENERATED = join("build", "typechain-types");

/** Text of every file below the folder, by its path in there. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, "utf8")];
    }),
  );
}

function sortedLines(text: string | undefined): string | undefined {
  return text
    ?.split("\n")
    .map((line) => line.trim())
    .sort()
    .join("\n");
}

rmSync(GENERATED, { recursive: true, force: true });
const build = spawnSync("hardhat", ["build", "--force"], {
  stdio: "inherit",
  env: { ...process.env, LATTICE_TYPECHAIN_DIR: GENERATED },
  shell: process.platform === "win32",
});
if (build.status !== 0) process.exit(build.status ?? 1);
const [committed, generated] = [contents(COMMITTED), contents(GENERATED)];
const changed: string[] = [];
for (const file of new Set([...committed.keys(), ...generated.keys()])) {
  if (sortedLines(committed.get(file)) === sortedLines(generated.get(file))) continue;
  const path = join(COMMITTED, file);
  if (generated.has(file)) cpSync(join(GENERATED, file), path);
  else if (existsSync(path)) rmSync(path);
  changed.push(path);
}
changed.push(...(await writeSdkTables()));
if (changed.length > 0) {
  console.error(
    `The committed bindings were stale and have been written again; commit them:\n${changed.sort().join("\n")}`,
  );
  process.exit(1);
}
