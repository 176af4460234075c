import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HDNodeWallet } from "ethers";
import { eventually } from "../../helpers/processes.ts";

/** The command line, as a script for Node. */
export const LATTICE = join("packages", "node", "bin", "lattice.mjs");

/** A line of a provider's output: amounts and ids are decimal strings. */
export type ProviderEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

/** One `lattice provider start` in a process of its own, and what it said so far. */
export class ProviderProcess {
  readonly address: string;
  readonly events: ProviderEvent[] = [];
  readonly #child: ChildProcess;
  #stderr = "";

  constructor(wallet: HDNodeWallet, args: readonly string[]) {
    this.address = wallet.address;
    this.#child = spawn(
      process.execPath,
      [LATTICE, "provider", "start", "--key-env", "TEST_PROVIDER_KEY", "--json", ...args],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, TEST_PROVIDER_KEY: wallet.privateKey },
      },
    );
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error("the provider has no output");
    createInterface({ input: stdout }).on("line", (line) => this.events.push(JSON.parse(line)));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  /** What it logged and complained about. */
  get stderr(): string {
    return this.#stderr;
  }

  of(kind: string, jobId?: bigint): ProviderEvent[] {
    const wanted = jobId === undefined ? undefined : String(jobId);
    return this.events.filter(
      (event) => event.event === kind && (wanted === undefined || event.jobId === wanted),
    );
  }

  /** The first event of a kind; fails when the process ends before. */
  async saw(kind: string, jobId?: bigint): Promise<ProviderEvent> {
    return await eventually(`${kind} of ${this.address}`, async () => {
      const [event] = this.of(kind, jobId);
      if (!event && this.#child.exitCode !== null) {
        throw new Error(`the provider ended (${this.#child.exitCode}):\n${this.#stderr}`);
      }
      return event;
    });
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
