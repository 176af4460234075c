import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const LATTICE = fileURLToPath(new URL("../../bin/lattice.mjs", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lattice` in a process of its own. */
export function lattice(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const clean = { ...process.env };
  delete clean.LATTICE_RPC_URL;
  delete clean.LATTICE_ADDRESSES;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LATTICE, ...args], { env: { ...clean, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
