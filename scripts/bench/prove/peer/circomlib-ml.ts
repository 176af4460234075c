import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseVerificationKey } from "@lattice/zkml";
import { compileCircuit } from "../../../../packages/zkml/src/circuit/compile.ts";
import { runKeyWorker } from "../../../../packages/zkml/src/keys/run-key-worker.ts";
import { ROOT } from "../../../solc/compile.ts";
import type { BuildContext, BuiltSubject } from "../subject.ts";

/** GPL-3.0, and used by nothing but this benchmark: installed when it runs. */
export const PEER = "circomlib-ml@1.4.4";
const PEER_DIR = join(ROOT, "build", "bench", "prove", "peer");
const COMPILE_TIMEOUT_MS = 1_800_000;

type PeerCircuit = Pick<BuiltSubject, "circuit" | "constraints" | "compileSeconds" | "keySeconds">;

/** Folder of the peer's circuits. */
async function peerCircuits(onProgress: BuildContext["onProgress"]): Promise<string> {
  const folder = join(PEER_DIR, "node_modules", "circomlib-ml", "circuits");
  if (existsSync(folder)) return folder;
  onProgress(`install: ${PEER}`);
  await mkdir(PEER_DIR, { recursive: true });
  await writeFile(join(PEER_DIR, "package.json"), '{ "private": true }\n');
  const flags = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", PEER];
  const { status, stderr } = spawnSync("npm", flags, { cwd: PEER_DIR, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm could not install ${PEER}:\n${stderr}`);
  return folder;
}

/** Compiles a circuit of the peer's templates with our compiler and makes its key as ours is made. */
export async function buildPeerCircuit(
  name: string,
  source: string,
  { cacheDir, onProgress }: BuildContext,
): Promise<PeerCircuit> {
  const hash = createHash("sha256").update(`${PEER}\n${source}`).digest("hex").slice(0, 16);
  const dir = join(cacheDir, `${name}-${hash}`);
  if (!existsSync(join(dir, "peer.json"))) {
    const work = `${dir}.tmp`;
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    await cp(await peerCircuits(onProgress), work, { recursive: true });
    await makePeerCircuit(source, work, onProgress);
    await rm(dir, { recursive: true, force: true });
    await rename(work, dir);
  }
  const record = JSON.parse(await readFile(join(dir, "peer.json"), "utf8")) as PeerRecord;
  const key = await readFile(join(dir, "verification_key.json"), "utf8");
  const circuit = {
    name,
    wasmPath: join(dir, "circuit.wasm"),
    zkeyPath: join(dir, "circuit.zkey"),
    verificationKey: await parseVerificationKey(key),
  };
  return { circuit, ...record };
}

type PeerRecord = Omit<PeerCircuit, "circuit">;

async function makePeerCircuit(
  source: string,
  work: string,
  onProgress: BuildContext["onProgress"],
): Promise<void> {
  onProgress("compile");
  const started = performance.now();
  await compileCircuit(source, work, { timeoutMs: COMPILE_TIMEOUT_MS });
  const compiled = performance.now();
  onProgress("key");
  const key = await runKeyWorker(join(work, "circuit.r1cs"), join(work, "circuit.zkey"));
  const record: PeerRecord = {
    constraints: key.constraints,
    compileSeconds: (compiled - started) / 1000,
    keySeconds: (performance.now() - compiled) / 1000,
  };
  await writeFile(join(work, "verification_key.json"), JSON.stringify(key.verificationKey));
  await writeFile(join(work, "peer.json"), JSON.stringify(record));
}
