import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A Chromium of this machine; LATTICE_CHROMIUM names one elsewhere. */
export function findChromium(): string | undefined {
  return [process.env.LATTICE_CHROMIUM ?? "", ...PLACES].find((file) => existsSync(file));
}

/** Runs a script in a page of headless Chromium; answers what its last expression resolves to. */
export async function evaluateInChromium(program: string, script: string): Promise<unknown> {
  const profile = await mkdtemp(join(tmpdir(), "lattice-chromium-"));
  const child = spawn(
    program,
    [
      ...["--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage"],
      ...[
        "--no-first-run",
        "--remote-debugging-port=0",
        `--user-data-dir=${profile}`,
        "about:blank",
      ],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  try {
    const session = await connect(await debuggerOf(child));
    const { targetId } = await session("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await session("Target.attachToTarget", { targetId, flatten: true });
    const { result, exceptionDetails } = await session(
      "Runtime.evaluate",
      { expression: script, awaitPromise: true, returnByValue: true },
      sessionId as string,
    );
    if (exceptionDetails) throw new Error(`the page threw ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: unknown }).value;
  } finally {
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Address of the debugger, which Chromium prints once it listens. */
function debuggerOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${text}`)));
  });
}

type Send = (
  method: string,
  params: Record<string, unknown>,
  sessionId?: string,
) => Promise<Record<string, unknown>>;

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let last = 0;
  return (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
    });
}
