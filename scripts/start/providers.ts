import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NodeEvent } from "@lattice/node";
import type { HDNodeWallet } from "ethers";
import { blsSeed } from "./accounts.ts";
import { stop } from "./chain.ts";

/** An event of a provider process, as its JSON line has it: amounts and ids are decimal strings. */
export type ProviderEvent = { readonly event: NodeEvent["event"] } & Readonly<
  Record<string, unknown>
>;

export interface ProviderOptions {
  readonly wallet: HDNodeWallet;
  readonly name: string;
  readonly rpcUrl: string;
  readonly addressesFile: string;
  readonly dataDir: string;
  readonly artifactsDir: string;
  readonly buildDir: string;
  readonly modelVersion: string;
  /** Ask a job, LAT wei. */
  readonly ask: bigint;
  /** LAT, whole. */
  readonly stake: bigint;
}

/** One `lattice provider start` in a process of its own. */
export class ProviderProcess extends EventEmitter<{ event: [ProviderEvent]; exit: [string] }> {
  readonly name: string;
  readonly address: string;
  readonly #child: ChildProcess;
  #complaints = "";
  #stopping = false;

  constructor(options: ProviderOptions) {
    super();
    this.name = options.name;
    this.address = options.wallet.address;
    this.#child = spawn(process.execPath, commandLine(options), {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        LATTICE_PROVIDER_KEY: options.wallet.privateKey,
        LATTICE_PROVIDER_BLS_SEED: blsSeed(options.wallet),
      },
      // Its own process group: Ctrl-C reaches the main job alone, which ends the providers before the chain.
      detached: process.platform !== "win32",
    });
    this.#listen();
  }

  /** Resolves with the first event of this kind; rejects when the process ends before. */
  waitFor(kind: ProviderEvent["event"], signal: AbortSignal): Promise<ProviderEvent> {
    return new Promise((resolve, reject) => {
      const clean = () => {
        this.off("event", onEvent);
        this.off("exit", onExit);
        signal.removeEventListener("abort", onAbort);
      };
      const onEvent = (event: ProviderEvent) => {
        if (event.event !== kind) return;
        clean();
        resolve(event);
      };
      const onExit = (reason: string) => {
        clean();
        reject(new Error(reason));
      };
      const onAbort = () => {
        clean();
        reject(new Error("Interrupted."));
      };
      this.on("event", onEvent);
      this.on("exit", onExit);
      signal.addEventListener("abort", onAbort);
    });
  }

  /** Ends the process and waits for it. */
  async close(): Promise<void> {
    this.#stopping = true;
    await stop(this.#child);
  }

  #listen(): void {
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error(`Provider ${this.name} has no output streams.`);
    createInterface({ input: stdout }).on("line", (line) => this.emit("event", JSON.parse(line)));
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000);
    });
    this.#child.on("error", (error) =>
      this.emit("exit", `Provider ${this.name} did not start: ${error.message}`),
    );
    this.#child.on("exit", (code, signal) => {
      if (this.#stopping) return;
      this.emit(
        "exit",
        `Provider ${this.name} ended (${signal ?? `exit code ${code}`}):\n${this.#complaints.trim()}`,
      );
    });
  }
}

function commandLine(options: ProviderOptions): string[] {
  return [
    join("packages", "node", "bin", "lattice.mjs"),
    "provider",
    "start",
    ...["--rpc", options.rpcUrl],
    ...["--addresses", options.addressesFile],
    ...["--data", options.dataDir],
    ...["--artifacts", options.artifactsDir],
    ...["--build-dir", options.buildDir],
    ...["--key-env", "LATTICE_PROVIDER_KEY"],
    ...["--bls-seed-env", "LATTICE_PROVIDER_BLS_SEED"],
    ...["--model", `${options.modelVersion}:${options.ask}`],
    ...["--stake", String(options.stake)],
    ...["--endpoint", `local:${options.name}`],
    "--json",
  ];
}
