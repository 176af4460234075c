#!/usr/bin/env node
// Makes a checkout ready and runs a command of the suite. Needs Node >= 18 and npm, nothing else: no imports but
// Node's own, and no syntax newer than Node 18. Set-up output goes to stderr, so stdout stays the command's own.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const runtime = "node@24";
const guard = "LATTICE_BOOTSTRAP";

const commands = {
  start: "scripts/start/main.ts",
  test: "scripts/test/main.ts",
  "test:deep": "scripts/test/deep.ts",
  "bench:gas": "scripts/bench/gas/main.ts",
  "bench:prove": "scripts/bench/prove/main.ts",
  "bench:trace": "scripts/bench/trace/main.ts",
};

function fail(message) {
  process.stderr.write(`lattice set-up: ${message}\n`);
  process.exit(1);
}

function note(message) {
  process.stderr.write(`lattice set-up: ${message}\n`);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** npm exports its own state to lifecycle scripts; a nested npm must not inherit it. */
function cleanEnvironment() {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_)/i.test(name) && !/^INIT_CWD$/i.test(name),
  );
  return { ...Object.fromEntries(entries), [guard]: "1", ONNXRUNTIME_NODE_INSTALL: "skip" };
}

/**
 * True when the native parts that this platform needs are there. npm running under Node < 22 skips Hardhat's EVM
 * binding without a word, because the binding's `engines` field asks for Node 22.
 */
function hasEvmBinding() {
  const manifest = join(modules, "@nomicfoundation", "edr", "package.json");
  if (!existsSync(manifest)) return false;
  const names = Object.keys({
    ...readJson(manifest).optionalDependencies,
    ...readJson(manifest).dependencies,
  }).filter((name) => name.includes(`edr-${process.platform}-${process.arch}`));
  return (
    names.length === 0 || names.some((name) => existsSync(join(modules, name, "package.json")))
  );
}

/** Why dependencies must be installed, or undefined. npm writes its marker only when an install completed. */
function staleReason() {
  const marker = join(modules, ".package-lock.json");
  if (!existsSync(marker))
    return existsSync(modules) ? "an earlier install was interrupted" : "first run";
  if (statSync(join(root, "package-lock.json")).mtimeMs > statSync(marker).mtimeMs) {
    return "package-lock.json changed";
  }
  if (!hasEvmBinding()) return "the native EVM binding for this platform is missing";
  return existsSync(nodeBinary()) ? undefined : "the bundled Node runtime is missing";
}

function nodeBinary() {
  return join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node");
}

function install(reason) {
  note(`installing dependencies under ${runtime} (${reason}); this takes a minute`);
  const result = spawnSync(
    "npx",
    ["-y", "-p", runtime, "--", "npm", "ci", "--no-audit", "--no-fund"],
    {
      cwd: root,
      env: cleanEnvironment(),
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    },
  );
  if (result.error)
    fail(`could not start npx (${result.error.message}). Install npm, then run this again.`);
  if (result.signal)
    fail(`the install was interrupted (${result.signal}). Run the same command again.`);
  if (result.status !== 0) {
    fail(
      "npm ci failed, see above. Check that the package registry can be reached, then run the same command again.",
    );
  }
  if (!hasEvmBinding()) fail(`Hardhat has no EVM build for ${process.platform}-${process.arch}.`);
}

function run(command, args) {
  const script = join(root, commands[command]);
  const path = [join(modules, ".bin"), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(nodeBinary(), [script, ...args], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  // Ctrl-C reaches the whole process group by itself; SIGTERM does not. The child decides how to end.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`could not run ${script}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}

const [major] = process.versions.node.split(".").map(Number);
if (major < 18) fail(`Node ${process.versions.node} is too old; Node 18 or newer is needed.`);

const [command, ...args] = process.argv.slice(2);
if (command === "postinstall") {
  // A plain `npm ci` under Node < 22 ends here without the binding: repair it once.
  if (!process.env[guard] && !hasEvmBinding()) install("npm ran under an older Node");
} else if (command in commands) {
  const reason = staleReason();
  if (reason) install(reason);
  run(command, args);
} else {
  fail(
    `unknown command ${String(command)}; use one of: ${Object.keys(commands).join(", ")}, postinstall.`,
  );
}
