// Compiles the contracts and fails when the committed bindings in typechain-types, or the SDK's tables made from them,
// are not what the build writes. The generator lists contracts in the order of the file system, so lines are compared
// as sets; files that differ in order alone are put back as they were.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSdkTables } from "../release/sdk-tables.ts";

const directory = "typechain-types";

/** Text of every file below the folder, by path. */
function contents(): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path, "utf8")];
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

const committed = contents();
rmSync(directory, { recursive: true });
const build = spawnSync("hardhat", ["build", "--force"], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (build.status !== 0) process.exit(build.status ?? 1);
const generated = contents();
const changed: string[] = [];
for (const path of new Set([...committed.keys(), ...generated.keys()])) {
  const before = committed.get(path);
  if (sortedLines(before) !== sortedLines(generated.get(path))) changed.push(path);
  else if (before !== undefined) writeFileSync(path, before);
}
changed.push(...(await writeSdkTables()));
if (changed.length > 0) {
  console.error(
    `The committed bindings were stale and have been written again; commit them:\n${changed.sort().join("\n")}`,
  );
  process.exit(1);
}
