// Generated parts of docs/protocol: what contracts show to the outside, parameters, properties.
//   write   writes them anew; hand-written text stays
//   check   fails when one is stale, a contract has no page, or a link leads nowhere
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../solc/compile.ts";
import { pageFaults, writePages } from "./pages.ts";
import { readProgram } from "./program.ts";

const [command] = process.argv.slice(2);
if (command !== "write" && command !== "check") {
  console.error("Usage: node scripts/docs/main.ts write | check");
  process.exit(2);
}
const program = readProgram();
const pages = await writePages(program);
const stale = pages.filter(({ text, current }) => text !== current);
if (command === "write") {
  for (const { file, current } of stale) writeFileSync(join(ROOT, file), current);
  console.log(
    `${pages.length} pages, changed: ${stale.map(({ file }) => file).join(", ") || "none"}`,
  );
}
const faults = [
  ...(command === "check" ? stale.map(({ file }) => `${file} is older than the code.`) : []),
  ...pageFaults(program, pages),
];
if (faults.length > 0) {
  console.error(`${faults.join("\n")}\n\nWrite the generated parts anew: npm run docs:protocol`);
  process.exitCode = 1;
} else {
  console.log(`${pages.length} pages are as the code, and every link leads somewhere`);
}
