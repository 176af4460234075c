import { attestation } from "@lattice/sdk";
import { type ContractTransactionReceipt, id, Result } from "ethers";
import { joinAsProvider } from "./joining.ts";
import { type Chain, deploySystem, type Signer, type System } from "./system.ts";

/** A class of the tests: a GPU with 16 GiB, by one of two runtimes, in two tiers. */
export const GPU_CLASS = 7;
export const GPU_REQUIREMENTS = {
  accelerator: 2n | 4n,
  executionProviders: 2n | 4n,
  memoryMiB: 16_384n,
  maxTensorBytes: 1n << 28n,
  tiers: 3n,
};

/** A machine that just meets it. */
export const GPU_MACHINE: attestation.AttestedCapabilities = {
  accelerator: 1 | 2,
  executionProviders: 1 | 4,
  memoryMiB: 16_384,
  maxTensorBytes: 1n << 28n,
  tiers: 7,
  evidence: id("benchmark"),
};

export const ATTESTED_SECONDS = 86_400;

/** What a test changes of an attestation that counts. */
export interface Changes {
  readonly attestor?: Signer;
  readonly capabilities?: Partial<attestation.AttestedCapabilities>;
  readonly data?: string;
  readonly expiresAt?: number;
  readonly revocable?: boolean;
  readonly schema?: string;
}

/** `attestor` (the system's) says what machine `provider` has. Returns the attestation's id and its end. */
export async function attestTo(
  { chain, eas, actors }: System,
  provider: Signer,
  { attestor = actors.attestor, capabilities = {}, schema, ...data }: Changes = {},
): Promise<{ uid: string; expiresAt: number }> {
  const latest = await chain.networkHelpers.time.latest();
  const { expiresAt = latest + ATTESTED_SECONDS, ...changes } = data;
  const request = attestation.attestationRequest({
    provider: provider.address,
    expiresAt,
    capabilities: { ...GPU_MACHINE, ...capabilities },
  });
  const changed = {
    schema: schema ?? request.schema,
    data: { ...request.data, ...changes },
  };
  const sent = await eas.connect(attestor).getFunction("attest").send(changed);
  const receipt = (await sent.wait()) as ContractTransactionReceipt;
  const [log] = receipt.logs;
  const uid = log && eas.interface.parseLog(log)?.args.uid;
  if (!uid) throw new Error("EAS logged no attestation");
  return { uid, expiresAt };
}

/** The attestor takes its word back. Returns when, Unix seconds. */
export async function revoke({ chain, eas, actors }: System, uid: string): Promise<number> {
  const request = attestation.revocationRequest(uid);
  await (await eas.connect(actors.attestor).getFunction("revoke").send(request)).wait();
  return chain.networkHelpers.time.latest();
}

/** Governance trusts the attestor and defines the class. */
export async function openGate({ gate, actors }: System): Promise<void> {
  const governed = gate.connect(actors.governance);
  await governed.setAttestor(actors.attestor, true);
  await governed.defineClass(GPU_CLASS, GPU_REQUIREMENTS);
}

/** A system with an open gate and one provider, ada. */
export async function deployGate(chain: Chain) {
  const system = await deploySystem(chain, { beacon: "steered" });
  await openGate(system);
  await joinAsProvider(system, system.actors.ada);
  return system;
}

/** Attests to `provider` and presents it for the class. */
export async function giveClass(system: System, provider: Signer, changes: Changes = {}) {
  const attested = await attestTo(system, provider, changes);
  await system.gate.connect(provider).present(GPU_CLASS, attested.uid);
  return attested;
}

/** Members of a struct that a contract returned, by name. */
export function membersOf(struct: unknown): Record<string, unknown> {
  if (!(struct instanceof Result)) throw new Error("not a struct of a contract");
  return struct.toObject();
}
