import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const START_TIMEOUT_MS = 60_000;

/** A Hardhat node in a process of its own, on loopback. */
export interface LocalChain {
  readonly url: string;
  close(): Promise<void>;
}

async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? new Error(
              `Port ${port} on 127.0.0.1 is in use. End what listens there, or choose another one: npm start -- --port ${port === 65535 ? 8545 : port + 1}`,
              { cause },
            )
          : new Error(`Cannot listen on port ${port} of 127.0.0.1: ${cause.message}.`, { cause }),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  server.close();
  await once(server, "close");
}

async function answers(url: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  return fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } }).then(
    (response) => response.ok,
    () => false,
  );
}

/** Starts a chain and waits until it answers. Throws when the port is taken or the node ends early. */
export async function startChain(port: number, signal: AbortSignal): Promise<LocalChain> {
  await requireFreePort(port);
  const child = spawn("hardhat", ["node", "--hostname", "127.0.0.1", "--port", String(port)], {
    stdio: ["ignore", "ignore", "pipe"],
    // Its own process group: Ctrl-C reaches the main job alone, which ends the chain last.
    detached: process.platform !== "win32",
    shell: process.platform === "win32",
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null)
      throw new Error(`The local chain ended before it answered:\n${complaints.trim()}`);
    if (signal.aborted || Date.now() > deadline) {
      await stop(child);
      throw new Error(
        signal.aborted
          ? "Interrupted."
          : `The local chain did not answer within ${START_TIMEOUT_MS / 1000} s.`,
      );
    }
    await sleep(100);
  }
  return { url, close: () => stop(child) };
}

/** Ends a child process, by force after five seconds. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}
