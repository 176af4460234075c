import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HDNodeWallet } from "ethers";

/** The command line, as a script for Node. */
export const LATTICE = join("packages", "node", "bin", "lattice.mjs");

/** A line of output: amounts and ids are decimal strings. */
export type LatticeEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

const KEY = "TEST_LATTICE_KEY";

/** One `lattice` command with `--json` in a process of its own, and what it said so far. */
export abstract class LatticeProcess {
  readonly events: LatticeEvent[] = [];
  readonly #what: string;
  readonly #child: ChildProcess;
  #stderr = "";

  /** @param what Who runs there, for errors. */
  protected constructor(what: string, wallet: HDNodeWallet, parameters: readonly string[]) {
    this.#what = what;
    this.#child = spawn(process.execPath, [LATTICE, ...parameters, "--json", "--key-env", KEY], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, [KEY]: wallet.privateKey },
    });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error(`${what} has no output`);
    createInterface({ input: stdout }).on("line", (line) => this.events.push(JSON.parse(line)));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  /** What it logged and complained about. */
  get stderr(): string {
    return this.#stderr;
  }

  /** @throws Error when the process ended by itself. */
  protected requireRunning(): void {
    if (this.#child.exitCode === null) return;
    throw new Error(`${this.#what} ended (${this.#child.exitCode}):\n${this.#stderr}`);
  }

  /** Ends it with a signal; resolves with its exit code, null after SIGKILL. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return this.#child.exitCode;
    }
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    const [code] = await ended;
    return code;
  }
}
