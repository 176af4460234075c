import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { compile, ROOT, type SolcOutput, type Sources } from "../solc/compile.ts";

const OPTIMIZER = { optimizer: { enabled: true, runs: 1000 }, metadata: { bytecodeHash: "none" } };
const IMPORT = /^import\s[^;"]*"([^"]+)";/gm;

/** The settings of hardhat.config.ts's fast build: mutants are judged by behaviour, not by gas. */
const SETTINGS = {
  ...OPTIMIZER,
  outputSelection: { "*": { "*": ["evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

/** A copy of the project whose sources may be broken. */
export class Workspace {
  readonly directory: string;

  constructor(name: string) {
    this.directory = join(ROOT, "build", "mutation", name);
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true });
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    for (const file of files.split("\n").filter(Boolean)) {
      cpSync(join(ROOT, file), join(this.directory, file));
    }
    for (const built of ["artifacts", "cache"]) {
      cpSync(join(ROOT, built), join(this.directory, built), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.directory, "node_modules"));
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  /** Runs a command of Hardhat; true when it succeeds within the time. */
  hardhat(parameters: readonly string[], timeoutMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const child = spawn("hardhat", parameters, {
        cwd: this.directory,
        env: { ...process.env, LATTICE_FAST_BUILD: "1" },
        stdio: "ignore",
        shell: process.platform === "win32",
        timeout: timeoutMs,
        killSignal: "SIGKILL",
      });
      child.on("error", reject);
      child.on("close", (code) => resolve(code === 0));
    });
  }
}

/** Which contracts to compile again when one file changes: those that import it, directly or through others. */
export class Dependents {
  readonly #imports: ReadonlyMap<string, readonly string[]>;
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#imports = new Map(
      Object.entries(sources).map(([file, text]) => [
        file,
        [...text.matchAll(IMPORT)].map(([, target = ""]) =>
          target.startsWith(".") ? posix.join(dirname(file), target) : target,
        ),
      ]),
    );
  }

  /** The file itself and all that reach it. */
  of(file: string): string[] {
    return Object.keys(this.#sources).filter((each) => this.#reach(each).has(file));
  }

  /** Compiles `file` with another text and everything that depends on it. */
  compile(file: string, text: string): SolcOutput {
    const dependents = this.of(file);
    const needed = new Set(dependents.flatMap((each) => [...this.#reach(each)]));
    const sources = Object.fromEntries(
      Object.entries(this.#sources).filter(([each]) => needed.has(each)),
    );
    const selected = Object.fromEntries(
      dependents.map((each) => [each, SETTINGS.outputSelection["*"]]),
    );
    return compile({ ...sources, [file]: text }, { ...SETTINGS, outputSelection: selected });
  }

  #reach(file: string): ReadonlySet<string> {
    const reached = new Set([file]);
    for (const each of reached) for (const next of this.#imports.get(each) ?? []) reached.add(next);
    return reached;
  }
}

/** Puts compiled code where Hardhat's tests take it from, without a build. */
export function installArtifacts(workspace: Workspace, { contracts = {} }: SolcOutput): void {
  for (const [file, compiled] of Object.entries(contracts)) {
    for (const [name, { evm }] of Object.entries(compiled)) {
      const path = join("artifacts", file, `${name}.json`);
      const artifact = JSON.parse(workspace.read(path)) as Record<string, unknown>;
      const [bytecode, deployedBytecode] = [evm?.bytecode.object, evm?.deployedBytecode.object];
      const changed = { bytecode: `0x${bytecode}`, deployedBytecode: `0x${deployedBytecode}` };
      workspace.write(path, JSON.stringify({ ...artifact, ...changed }));
    }
  }
}
