import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { CeremonyStep, StepReply } from "./ceremony-step.ts";

const PROCESS = fileURLToPath(new URL("ceremony-process.ts", import.meta.url));
const ERROR_TAIL = 400;

/**
 * Takes a step of a second phase in a process that ends with it.
 * @returns what is wrong, as snarkjs says it; nothing when the step succeeded.
 * @throws ZkmlError KEY_FAILED when the process dies; the signal's reason when aborted.
 */
export async function runCeremonyStep(
  step: CeremonyStep,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [PROCESS], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const abort = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", abort, { once: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  try {
    // A child that dies early closes the pipe; how it ended says more than the broken pipe.
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(step));
    const [output, errors, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    signal?.throwIfAborted();
    if (code !== 0 || output === "") {
      throw new ZkmlError(
        "KEY_FAILED",
        `the process of step "${step.action}" ended with ${code ?? "a signal"}; free memory and try again` +
          ` ${errors.slice(-ERROR_TAIL)}`.trimEnd(),
        { action: step.action },
      );
    }
    return (JSON.parse(output) as StepReply).problems;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
