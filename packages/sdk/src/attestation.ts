import { AbiCoder, Contract, type ContractTransactionReceipt, ZeroAddress, ZeroHash } from "ethers";
import type { Lattice } from "./client.ts";
import * as eas from "./eas.ts";
import { SdkError } from "./errors.ts";

/** Fields of an attestation of capabilities, as `AttestationGate.schema` gives them. */
export const SCHEMA =
  "uint16 accelerator,uint16 executionProviders,uint32 memoryMiB,uint64 maxTensorBytes,uint8 tiers,bytes32 evidence";

/** Id of that schema: no resolver, revocable. */
export const SCHEMA_UID = eas.schemaUid(SCHEMA, ZeroAddress, true);

/** Bits of `accelerator`. */
export const ACCELERATORS = {
  cpu: 1,
  cuda: 2,
  rocm: 4,
  webgpu: 8,
  coreml: 16,
  directml: 32,
} as const;

/** Bits of `executionProviders`. */
export const EXECUTION_PROVIDERS = {
  cpu: 1,
  cuda: 2,
  tensorrt: 4,
  rocm: 8,
  openvino: 16,
  directml: 32,
  coreml: 64,
  webgpu: 128,
} as const;

/** What an attestor says of a machine. Attested is not proven. */
export interface AttestedCapabilities {
  /** Bit mask of ACCELERATORS. */
  readonly accelerator: number;
  /** Bit mask of EXECUTION_PROVIDERS. */
  readonly executionProviders: number;
  readonly memoryMiB: number;
  readonly maxTensorBytes: bigint;
  /** Bit mask: bit i is Tier i. */
  readonly tiers: number;
  /** Hash of what the attestor looked at. */
  readonly evidence: string;
}

/** An attestation of the service. Times are Unix seconds; zero: never. */
export interface Attestation {
  readonly uid: string;
  readonly schema: string;
  readonly time: number;
  readonly expiresAt: number;
  readonly revokedAt: number;
  readonly recipient: string;
  readonly attestor: string;
  readonly revocable: boolean;
  readonly data: string;
}

/** A class for which a provider presented an attestation. */
export interface AttestedClass {
  readonly classId: number;
  readonly uid: string;
  readonly attestor: string;
  readonly expiresAt: number;
  /** Neither expired nor reported revoked, and the attestor is trusted. */
  readonly holds: boolean;
  /** Revoked in the service: anyone may report it. */
  readonly revokedAt: number;
  readonly capabilities: AttestedCapabilities;
}

// The words of `SCHEMA`, one by one.
const FIELDS = SCHEMA.split(",").map((field) => field.split(" ")[0] as string);

/** Capabilities as the data of an attestation (hex). Throws when a value does not fit its field. */
export function encodeCapabilities(capabilities: AttestedCapabilities): string {
  const { accelerator, executionProviders, memoryMiB, maxTensorBytes, tiers, evidence } =
    capabilities;
  return AbiCoder.defaultAbiCoder().encode(FIELDS, [
    accelerator,
    executionProviders,
    memoryMiB,
    maxTensorBytes,
    tiers,
    evidence,
  ]);
}

/** Reads the data of an attestation. Throws when they do not follow the schema. */
export function decodeCapabilities(data: string): AttestedCapabilities {
  const [accelerator, executionProviders, memoryMiB, maxTensorBytes, tiers, evidence] =
    AbiCoder.defaultAbiCoder().decode(FIELDS, data);
  return {
    accelerator: Number(accelerator),
    executionProviders: Number(executionProviders),
    memoryMiB: Number(memoryMiB),
    maxTensorBytes,
    tiers: Number(tiers),
    evidence,
  };
}

/** The argument of the service's `attest`: that `provider` has `capabilities` until `expiresAt` (Unix seconds). */
export function attestationRequest({
  provider,
  expiresAt,
  capabilities,
}: {
  provider: string;
  expiresAt: number;
  capabilities: AttestedCapabilities;
}) {
  return {
    schema: SCHEMA_UID,
    data: {
      recipient: provider,
      expirationTime: expiresAt,
      // The gate takes no other: an attestor must be able to take its word back.
      revocable: true,
      refUID: ZeroHash,
      data: encodeCapabilities(capabilities),
      value: 0,
    },
  };
}

/** The argument of the service's `revoke`. */
export function revocationRequest(uid: string) {
  return { schema: SCHEMA_UID, data: { uid, value: 0 } };
}

/** The service's contract, on the deployment's runner. */
export function serviceOf({ addresses, runner }: Lattice): Contract {
  return new Contract(addresses.external.EAS, eas.ABI, runner);
}

/** Attests as the runner's account, and waits until it is mined. */
export async function attest(
  lattice: Lattice,
  request: ReturnType<typeof attestationRequest>,
): Promise<{ uid: string; receipt: ContractTransactionReceipt }> {
  const service = serviceOf(lattice);
  const sent = await service.getFunction("attest").send(request);
  const receipt = await sent.wait();
  const attested = receipt?.logs
    .filter(({ address }) => address === lattice.addresses.external.EAS)
    .map((log) => service.interface.parseLog(log))
    .find((event) => event?.name === "Attested");
  if (!receipt || !attested) {
    throw new SdkError("ATTESTATION_UNKNOWN", "The transaction was mined without an attestation.", {
      metadata: { transaction: sent.hash },
    });
  }
  return { uid: attested.args.uid, receipt };
}

/** Takes an attestation of the runner's account back, and waits until it is mined. */
export async function revoke(
  lattice: Lattice,
  uid: string,
): Promise<ContractTransactionReceipt | null> {
  const sent = await serviceOf(lattice).getFunction("revoke").send(revocationRequest(uid));
  return sent.wait();
}

/** An attestation of the service. Throws `SdkError` ATTESTATION_UNKNOWN when there is none of this id. */
export async function readAttestation(lattice: Lattice, uid: string): Promise<Attestation> {
  const found = await serviceOf(lattice).getFunction("getAttestation").staticCall(uid);
  if (found.uid !== uid) {
    throw new SdkError(
      "ATTESTATION_UNKNOWN",
      `The attestation service at ${lattice.addresses.external.EAS} has no attestation ${uid}; attest first, or check the id.`,
      { metadata: { uid } },
    );
  }
  return {
    uid,
    schema: found.schema,
    time: Number(found.time),
    expiresAt: Number(found.expirationTime),
    revokedAt: Number(found.revocationTime),
    recipient: found.recipient,
    attestor: found.attester,
    revocable: found.revocable,
    data: found.data,
  };
}

/** Every class for which `provider` presented an attestation that was not removed, in the order of their numbers. */
export async function readAttestedClasses(
  lattice: Lattice,
  provider: string,
): Promise<AttestedClass[]> {
  const { gate, addresses } = lattice;
  const presented = await gate.queryFilter(
    gate.filters.AttestationPresented(provider),
    addresses.fromBlock,
  );
  const classIds = [...new Set(presented.map(({ args }) => Number(args.classId)))];
  const classes = await Promise.all(
    classIds.map((classId) => readClass(lattice, provider, classId)),
  );
  return classes
    .filter((found) => found !== undefined)
    .sort((one, other) => one.classId - other.classId);
}

async function readClass(
  lattice: Lattice,
  provider: string,
  classId: number,
): Promise<AttestedClass | undefined> {
  const { uid, attestor, expiresAt } = await lattice.gate.heldOf(provider, classId);
  if (uid === ZeroHash) return undefined;
  const { data, revokedAt } = await readAttestation(lattice, uid);
  return {
    classId,
    uid,
    attestor,
    expiresAt: Number(expiresAt),
    holds: await lattice.gate.holds(provider, classId),
    revokedAt,
    capabilities: decodeCapabilities(data),
  };
}
