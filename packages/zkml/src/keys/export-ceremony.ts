import { sha256 } from "./development-key.ts";
import { exportBatchVerifier } from "./solidity-batch-verifier.ts";
import { exportVerifier } from "./solidity-verifier.ts";
import type { VerifiedCeremony } from "./verify-ceremony.ts";

export interface ExportOptions {
  /** Ends in Verifier and does not contain Dev. */
  readonly contract: string;
  /** Also write the verifier of batches; its name is the contract's with BatchVerifier at the end. */
  readonly batch?: boolean;
}

/** What a ceremony's key is used with: file names and contents. */
export interface ExportedCeremony {
  readonly files: Readonly<Record<string, string>>;
  /** As in circuits/MANIFEST.json, with the ceremony beside it. */
  readonly manifestEntry: Readonly<Record<string, unknown>>;
}

const GENERATED = "contracts/verification/generated";

/**
 * The verifying key, the Solidity verifiers and the manifest entry of a verified ceremony.
 * @throws ZkmlError KEY_FAILED for a name that is none of a ceremony's verifier, or for a batch of
 * a circuit with several jobs.
 */
export async function exportCeremony(
  { transcript, verificationKey }: VerifiedCeremony,
  { contract, batch = false }: ExportOptions,
): Promise<ExportedCeremony> {
  const { name, model, circuit, powersOfTau, circuitHash, contributions } = transcript;
  const single = {
    name: contract,
    source: await exportVerifier(verificationKey, contract, "ceremony"),
  };
  const contracts = { contract: single, ...(batch ? { batchContract: await batchOf() } : {}) };
  const keyText = json(verificationKey);
  const listed = Object.entries(contracts).map(([place, { name: file, source }]) => [
    place,
    { name: file, path: `${GENERATED}/${file}.sol`, sha256: sha256(source) },
  ]);
  const manifestEntry = {
    keyStatus: "ceremony",
    ...(circuit.jobsPerProof === 1 ? {} : { jobsPerProof: circuit.jobsPerProof }),
    ...(model === null ? {} : { model }),
    ...Object.fromEntries(listed),
    constraints: circuit.constraints,
    publicSignals: circuit.publicSignals,
    compiler: circuit.compiler,
    sourceSha256: circuit.sourceSha256,
    r1csSha256: circuit.r1csSha256,
    zkeySha256: contributions.at(-1)?.sha256,
    verificationKeySha256: sha256(keyText),
    ceremony: {
      powersOfTau,
      circuitHash,
      contributions: contributions.map(({ file: _, sha256: __, ...entry }) => entry),
    },
  };
  const sources = Object.values(contracts).map(({ name: file, source }) => [`${file}.sol`, source]);
  const files = {
    "verification_key.json": keyText,
    "manifest.json": json({ [name]: manifestEntry }),
    ...Object.fromEntries(sources),
  };
  return { files, manifestEntry };

  async function batchOf() {
    const batchName = contract.replace(/Verifier$/, "BatchVerifier");
    const source = await exportBatchVerifier(verificationKey, batchName, "ceremony");
    return { name: batchName, source };
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
