import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { HDNodeWallet } from "ethers";
import { eventually } from "../../helpers/processes.ts";
import type { Marketplace } from "./marketplace.ts";
import { LATTICE, type ProviderEvent } from "./provider-process.ts";

/** One `lattice watch` in a process of its own, and what it said so far. */
export class WatchProcess {
  readonly events: ProviderEvent[] = [];
  readonly #child: ChildProcess;
  #stderr = "";

  constructor({ chain, addressesFile, artifactsDir, folder }: Marketplace, wallet: HDNodeWallet) {
    this.#child = spawn(
      process.execPath,
      [
        ...[LATTICE, "watch", "--json", "--key-env", "TEST_CHALLENGER_KEY", "--poll-ms", "150"],
        ...["--rpc", chain.url, "--addresses", addressesFile, "--artifacts", artifactsDir],
        ...["--data", join(folder, "watch")],
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, TEST_CHALLENGER_KEY: wallet.privateKey },
      },
    );
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error("the challenger has no output");
    createInterface({ input: stdout }).on("line", (line) => this.events.push(JSON.parse(line)));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  /** What it said about one result. */
  about(subject: string): ProviderEvent[] {
    return this.events.filter((event) => event.subject === subject);
  }

  /** The first event of a kind about a result; fails when the process ends, or fails at it, before. */
  async saw(kind: string, subject: string): Promise<ProviderEvent> {
    return await eventually(
      `${kind} of the challenger`,
      async () => {
        const event = this.about(subject).find((one) => one.event === kind);
        if (event) return event;
        if (this.#child.exitCode !== null) {
          throw new Error(`the challenger ended (${this.#child.exitCode}):\n${this.#stderr}`);
        }
        return undefined;
      },
      120,
    ).catch((error: unknown) => {
      const told = this.events.map((event) => JSON.stringify(event)).join("\n");
      throw new Error(`${String(error)}\n${told}\n${this.#stderr}`);
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
