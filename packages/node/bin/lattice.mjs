#!/usr/bin/env node
// Starts the command line. Its sources are TypeScript, which Node strips by itself from 22.18 on; an older Node
// hands over to the one that the `node` package brings.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    return join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    return undefined;
  }
}

if (process.features.typescript) {
  const { main } = await import("../src/cli/main.ts");
  await main(process.argv);
} else {
  const node = bundledNode();
  if (node === undefined) {
    process.stderr.write(`lattice: Node ${process.versions.node} is too old; use Node 24.\n`);
    process.exit(1);
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: "inherit" });
  // Ctrl-C reaches both; the child decides how to end.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`lattice: cannot start ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}
