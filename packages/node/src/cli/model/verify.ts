import { dirname, join } from "node:path";
import {
  loadModel,
  type ProofWords,
  parseVerificationKey,
  proofWords,
  type VerificationKey,
  verifyProof,
  ZkmlError,
} from "@lattice/zkml";
import { askVerifier } from "../../adapters/chain/groth16-verifier.ts";
import { messageOf, NodeError } from "../../shared/errors.ts";
import { type Output, printRecord } from "../output.ts";
import type { VerifyOptions } from "./commands.ts";
import { circuitWithProgress, readJson, readText } from "./support.ts";

const SIGNALS = ["context", "input commitment", "output commitment"];

/** `lattice model verify`; fails unless every check that was asked for accepts the proof. */
export async function verify(options: VerifyOptions, output: Output): Promise<void> {
  const { proof: file, key, model, rpc, verifier } = options;
  if (key === undefined && model === undefined && verifier === undefined) {
    throw new NodeError("USAGE", "give --key or --model, or --rpc and --verifier");
  }
  if ((rpc === undefined) !== (verifier === undefined)) {
    throw new NodeError("USAGE", "--rpc and --verifier go together");
  }
  const proof = await readProof(file);
  const signals = await readSignals(options.public ?? join(dirname(file), "public.json"));
  const accepted: Record<string, boolean> = {};
  if (key !== undefined || model !== undefined) {
    accepted.key = await verifyProof(await keyOf(options, output), signals, proof);
  }
  if (rpc !== undefined && verifier !== undefined) {
    accepted.chain = await askVerifier(rpc, verifier, signals, proof);
  }
  const refusing = Object.keys(accepted).filter((name) => !accepted[name]);
  if (refusing.length > 0) {
    throw new ZkmlError(
      "PROOF_INVALID",
      `the proof does not verify (${refusing.join(", ")}): another key, other public signals, or no proof`,
    );
  }
  printRecord(options.json, output, { valid: true, accepted, publicSignals: signals }, [
    ["proof", "valid"],
    ...Object.keys(accepted).map((name): [string, string] => [
      "accepted by",
      name === "key" ? (key ?? `the key of ${model}`) : `${verifier}`,
    ]),
    ...signals.map((signal, i): [string, string] => [
      signals.length === SIGNALS.length ? (SIGNALS[i] as string) : `public signal ${i}`,
      `${signal}`,
    ]),
  ]);
}

async function keyOf(options: VerifyOptions, output: Output): Promise<VerificationKey> {
  const { key, model } = options;
  if (key !== undefined) return await parseVerificationKey(await readText(key, "key"));
  const loaded = await loadModel(model as string);
  return (await circuitWithProgress(loaded, options, output)).verificationKey;
}

async function readProof(file: string): Promise<ProofWords> {
  const parsed = await readJson(file, "proof");
  try {
    return proofWords(parsed as Parameters<typeof proofWords>[0]);
  } catch (error) {
    const message = `${file} is no Groth16 proof of snarkjs (${messageOf(error)})`;
    throw new NodeError("USAGE", message);
  }
}

async function readSignals(file: string): Promise<bigint[]> {
  const parsed = await readJson(file, "public signals");
  const wellFormed =
    Array.isArray(parsed) &&
    parsed.every((item) => typeof item === "string" && /^(0x[0-9a-fA-F]+|\d+)$/.test(item));
  if (wellFormed) return parsed.map(BigInt);
  throw new NodeError("USAGE", `${file} is no list of public signals: decimal strings`);
}
