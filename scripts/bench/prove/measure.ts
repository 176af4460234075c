import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProveSignalsRequest } from "@lattice/zkml";

/** What a proof took, in a process that did nothing else. */
export interface ProofFigures {
  readonly proof: readonly string[];
  readonly witnessSeconds: number;
  readonly proveSeconds: number;
  readonly peakBytes: number;
}

const PROCESS = fileURLToPath(new URL("prove-process.ts", import.meta.url));

/** Makes one proof in a fresh process; `binary` is a program with rapidsnark's command line. */
export async function measureProof(
  request: ProveSignalsRequest,
  binary?: string,
): Promise<ProofFigures> {
  const folder = await mkdtemp(join(tmpdir(), "lattice-bench-"));
  try {
    const task = join(folder, "task.json");
    await writeFile(task, encodeTask(request));
    const parameters = [PROCESS, task, ...(binary === undefined ? [] : [binary])];
    return JSON.parse(await output(parameters)) as ProofFigures;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function output(parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`the proving process ended with ${code}`));
    });
  });
}

const BIGINT = "bigint:";

export function encodeTask({ circuit, signals, publicSignals }: ProveSignalsRequest): string {
  const { name, wasmPath, zkeyPath, verificationKey } = circuit;
  const request = {
    circuit: { name, wasmPath, zkeyPath, verificationKey },
    signals,
    publicSignals,
  };
  return JSON.stringify(request, (_, value: unknown) =>
    typeof value === "bigint" ? `${BIGINT}${value}` : value,
  );
}

export function decodeTask(text: string): ProveSignalsRequest {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(BIGINT)
      ? BigInt(value.slice(BIGINT.length))
      : value,
  ) as ProveSignalsRequest;
}
