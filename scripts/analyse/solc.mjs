#!/usr/bin/env node
// Stands in for a native solc: Slither asks for the version, then compiles standard JSON from stdin.
import { readFileSync } from "node:fs";
import solc from "../solc/solc.js";

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
}
