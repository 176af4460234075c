// Storage layouts of upgradeable contracts (UPG-1).
//   check    fails when an upgrade from the released layouts would corrupt state, or a layout was never released
//   release  writes the layouts; refuses one that live contracts could not be upgraded to, unless --reset is given
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { protocolSources, ROOT } from "../solc/compile.ts";
import { extractLayouts } from "./layout.ts";
import { readReleased, releaseFaults, unreleased, writeReleased } from "./released.ts";

const DIRECTORY = join(ROOT, "storage-layouts");
const [command, ...options] = process.argv.slice(2);

function fail(texts: readonly string[], advice: string): never {
  console.error(`${texts.join("\n\n")}\n\n${advice}`);
  process.exit(1);
}

if (command !== "check" && command !== "release") {
  console.error("Usage: node scripts/layout/main.ts check | release [--reset]");
  process.exit(2);
}
const { layouts, faults } = extractLayouts(protocolSources());
if (faults.length > 0) fail(faults, "Mend the storage declarations above.");
const released = readReleased(DIRECTORY);
const broken = options.includes("--reset") ? [] : releaseFaults(released, layouts);
if (broken.length > 0) {
  fail(
    broken,
    "Live contracts could not be upgraded to this. Keep every variable in its place and append new ones at the end of their struct. Where nothing deployed has the released layout: npm run layout:release -- --reset",
  );
}
const changed = unreleased(released, layouts);
if (command === "release") {
  mkdirSync(DIRECTORY, { recursive: true });
  writeReleased(DIRECTORY, layouts);
  console.log(
    `${layouts.length} layouts in storage-layouts, changed: ${changed.join(", ") || "none"}`,
  );
} else if (changed.length > 0) {
  fail(
    [`Compatible with what is released, but newer: ${changed.join(", ")}.`],
    "Commit what is new: npm run layout:release",
  );
} else {
  console.log(`${layouts.length} layouts are as released`);
}
