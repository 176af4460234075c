import { readFile } from "node:fs/promises";
import { FIELD_ORDER, type IntegerTensor, type ModelCircuit, snarkjsProof } from "@lattice/zkml";
import { groth16, type MemoryFile, wtns, zKey } from "snarkjs";
import { proofWords } from "../../packages/zkml/src/keys/groth16.ts";
import { encodeProvingKey } from "../../packages/zkml/src/keys/proving-key.ts";
import { readR1cs } from "../../packages/zkml/src/keys/r1cs.ts";
import { developmentSecrets } from "../../packages/zkml/src/keys/secrets.ts";
import type { VerificationKey } from "../../packages/zkml/src/keys/verification-key.ts";
import { forgeProof } from "../../packages/zkml/test/keys/forgery.ts";
import type { Proof } from "./orders.ts";

interface UnsafeKey {
  readonly zkey: Uint8Array;
  readonly verificationKey: VerificationKey;
}

let made: Promise<UnsafeKey> | undefined;

/** The circuit's key as it stands right after `zkey new`: no contribution, so delta equals gamma. */
function skippedPhaseKey({ r1csPath }: ModelCircuit): Promise<UnsafeKey> {
  made ??= (async () => {
    const r1cs = readR1cs(await readFile(r1csPath));
    const secrets = { ...developmentSecrets(Buffer.from("skipped")), gamma: 1n, delta: 1n };
    const zkey = await encodeProvingKey(r1cs, secrets);
    const file: MemoryFile = { type: "mem", data: zkey };
    return { zkey, verificationKey: (await zKey.exportVerificationKey(file)) as VerificationKey };
  })();
  return made;
}

async function accepts(key: VerificationKey, statement: readonly bigint[], proof: Proof) {
  return groth16.verify(key, statement.map(String), snarkjsProof(proof));
}

/** Proves a true statement under the unsafe key. */
export async function proveWithSkippedPhase(
  circuit: ModelCircuit,
  context: bigint,
  input: IntegerTensor,
) {
  const { zkey, verificationKey } = await skippedPhaseKey(circuit);
  const witness: MemoryFile = { type: "mem" };
  const elements = Array.from(input.data, (value) => (BigInt(value) + FIELD_ORDER) % FIELD_ORDER);
  await wtns.calculate(
    { contextIn: context, [circuit.inputSignal]: elements },
    circuit.wasmPath,
    witness,
  );
  const made = await groth16.prove({ type: "mem", data: zkey }, witness, undefined, {
    singleThread: true,
  });
  const proof = [...proofWords(made.proof)] as Proof;
  const statement = made.publicSignals.map(BigInt);
  return { proof, acceptedByItsKey: await accepts(verificationKey, statement, proof) };
}

/** Forges any statement under the unsafe key, and tries the same against the circuit's own key. */
export async function forgeWithSkippedPhase(circuit: ModelCircuit, statement: readonly bigint[]) {
  const { verificationKey } = await skippedPhaseKey(circuit);
  const proof = [...(await forgeProof(verificationKey, statement))] as Proof;
  return {
    proof,
    acceptedByItsKey: await accepts(verificationKey, statement, proof),
    againstDeployedKey: [...(await forgeProof(circuit.verificationKey, statement))] as Proof,
  };
}

/** snarkjs keeps a curve with worker threads for the whole process. */
export async function stopSnarkjs(): Promise<void> {
  const { curve_bn128: curve } = globalThis as { curve_bn128?: { terminate(): Promise<void> } };
  await curve?.terminate();
}
