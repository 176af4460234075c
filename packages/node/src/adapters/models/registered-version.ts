import type { LoadedModel } from "@lattice/zkml";
import { Tier } from "../../core/order.ts";
import { NodeError } from "../../shared/errors.ts";
import type { ChainConnection } from "../chain/connection.ts";

/** What the registry holds of a model version. */
export interface Registered {
  readonly artifactDigest: string;
  readonly programRoot: string;
  readonly weightsRoot: string;
  readonly verifierSelector: string;
  readonly tiers: bigint;
}

/** Tiers that a node runs for others. */
const RUN_TIERS: readonly Tier[] = [Tier.Zk, Tier.Optimistic];

/** Those of a version's tiers in which a node can run it. */
export function runnableTiers({ tiers }: Pick<Registered, "tiers">): ReadonlySet<Tier> {
  return new Set(RUN_TIERS.filter((tier) => ((tiers >> BigInt(tier)) & 1n) === 1n));
}

/** @throws NodeError MODEL_UNKNOWN when nobody published it, or it has no tier that is run here. */
export async function registeredVersion(
  { lattice, read }: ChainConnection,
  modelVersion: string,
): Promise<Registered> {
  const publisher = await read("ModelRegistry.publisherOf", () =>
    lattice.models.publisherOf(modelVersion),
  );
  if (BigInt(publisher) === 0n) {
    throw new NodeError(
      "MODEL_UNKNOWN",
      `nobody published the model version ${modelVersion}; check the id, or publish it (npx hardhat model:publish)`,
      { modelVersion },
    );
  }
  const version = await read("ModelRegistry.versionOf", () =>
    lattice.models.versionOf(modelVersion),
  );
  if (runnableTiers(version).size === 0) {
    throw new NodeError(
      "MODEL_UNKNOWN",
      `model version ${modelVersion} supports neither tier Zk nor tier Optimistic`,
      { modelVersion },
    );
  }
  return version;
}

/**
 * The artifact must be what was registered. The roots are those of the canonical program, in which
 * long sums are split: no other can be disputed.
 * @throws NodeError MODEL_MISMATCH.
 */
export function requireRegistered(
  modelVersion: string,
  registered: Registered,
  { programRoot, weightsRoot }: LoadedModel,
): void {
  for (const [what, expected, actual] of [
    ["programRoot", registered.programRoot, programRoot],
    ["weightsRoot", registered.weightsRoot, weightsRoot],
  ] as const) {
    if (expected === actual) continue;
    throw new NodeError(
      "MODEL_MISMATCH",
      `the artifact of model version ${modelVersion} has the canonical ${what} ${actual}, registered is ${expected}; its publisher made a mistake, so it cannot be served`,
      { modelVersion, what, expected, actual },
    );
  }
}
