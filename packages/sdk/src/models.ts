import type { Lattice } from "./client.ts";
import { SdkError } from "./errors.ts";
import { Tier } from "./order.ts";

/** States of a verifier. Values are those of the contracts' `IVerifierRouter.Status`. */
export const VerifierStatus = { None: 0, Registered: 1, Reviewed: 2, Stopped: 3 } as const;
export type VerifierStatus = keyof typeof VerifierStatus;

/** A model version as published, with what has become of it. */
export interface PublishedModel {
  readonly versionId: string;
  readonly publisher: string;
  readonly uri: string;
  readonly block: number;
  readonly artifactDigest: string;
  readonly programRoot: string;
  readonly weightsRoot: string;
  readonly quantisationDigest: string;
  readonly royaltyRecipient: string;
  readonly royaltyPpm: number;
  readonly tiers: readonly (keyof typeof Tier)[];
  /** Class of attestation that a provider must hold; zero when none. */
  readonly attestedClass: number;
  /** True when it takes no new orders. */
  readonly retired: boolean;
  /** The contract that checks its proofs; undefined when no tier needs one. */
  readonly verifier:
    | { readonly selector: string; readonly address: string; readonly status: VerifierStatus }
    | undefined;
}

/** Names of the tiers in a bit mask. */
export function tierNames(mask: number | bigint): (keyof typeof Tier)[] {
  const names = Object.keys(Tier) as (keyof typeof Tier)[];
  return names.filter((name) => (BigInt(mask) >> BigInt(Tier[name])) & 1n);
}

async function verifierOf({ router }: Lattice, selector: string) {
  if (BigInt(selector) === 0n) return undefined;
  const { verifier, status } = await router.entryOf(selector);
  const names = Object.keys(VerifierStatus) as VerifierStatus[];
  const name = names.find((candidate) => VerifierStatus[candidate] === Number(status));
  return { selector, address: verifier, status: name ?? "None" };
}

async function publishedEvents({ models, addresses }: Lattice, versionId?: string, by?: string) {
  const filter = models.filters.ModelPublished(versionId, by);
  return await models.queryFilter(filter, addresses.fromBlock);
}

type Published = Awaited<ReturnType<typeof publishedEvents>>[number];

async function fromEvent(lattice: Lattice, { args, blockNumber }: Published) {
  const { versionId, publisher, version, uri } = args;
  const [{ retired }, verifier] = await Promise.all([
    lattice.models.termsOf(versionId),
    verifierOf(lattice, version.verifierSelector),
  ]);
  return {
    ...{ versionId, publisher, uri, retired, verifier },
    block: blockNumber,
    artifactDigest: version.artifactDigest,
    programRoot: version.programRoot,
    weightsRoot: version.weightsRoot,
    quantisationDigest: version.quantisationDigest,
    royaltyRecipient: version.royaltyRecipient,
    royaltyPpm: Number(version.royaltyPpm),
    tiers: tierNames(version.tiers),
    attestedClass: Number(version.attestedClass),
  };
}

/** Every published model version, oldest first, from the registry's events. */
export async function readModels(
  lattice: Lattice,
  { publisher }: { readonly publisher?: string } = {},
): Promise<PublishedModel[]> {
  const events = await publishedEvents(lattice, undefined, publisher);
  return await Promise.all(events.map((event) => fromEvent(lattice, event)));
}

/** One model version. Throws `SdkError` MODEL_UNKNOWN. */
export async function readModel(lattice: Lattice, versionId: string): Promise<PublishedModel> {
  const [event] = await publishedEvents(lattice, versionId);
  if (event) return await fromEvent(lattice, event);
  throw new SdkError(
    "MODEL_UNKNOWN",
    `Nobody published the model version ${versionId}; model:list shows all of them.`,
    { metadata: { versionId } },
  );
}
