import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const manifestFile = fileURLToPath(new URL("../circuits/MANIFEST.json", import.meta.url));

const manifestSchema = z.record(
  z.string(),
  z.object({
    keyStatus: z.enum(["development", "ceremony"]),
    contract: z.object({ name: z.string() }),
  }),
);

/** Verifiers that a deployment puts on the chain, and those it refuses there, by contract name. */
export interface VerifierPlan {
  readonly deploy: readonly string[];
  readonly refused: readonly string[];
}

/**
 * Which generated verifiers go on a chain. The secrets of development keys are published, so anyone could forge
 * proofs for them: only local chains get them.
 * @param wanted "all", "none", or contract names separated by commas.
 * @throws Error when a name is unknown, or names a development verifier for a public network.
 */
export async function planVerifiers(wanted: string, local: boolean): Promise<VerifierPlan> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(manifestFile, "utf8")));
  const status = new Map(
    Object.values(manifest).map((entry) => [entry.contract.name, entry.keyStatus]),
  );
  const allowed = (name: string) => local || status.get(name) === "ceremony";
  if (wanted === "none") return { deploy: [], refused: [] };
  if (wanted === "all") {
    const names = [...status.keys()].sort();
    return { deploy: names.filter(allowed), refused: names.filter((name) => !allowed(name)) };
  }
  const names = wanted.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!status.has(name)) {
      throw new Error(
        `There is no verifier ${name}; circuits/MANIFEST.json lists: ${[...status.keys()].join(", ")}.`,
      );
    }
    if (!allowed(name)) {
      throw new Error(
        `${name} holds a development key, whose secret is published: anyone could forge proofs for it, so it is refused on a public network. Run a key ceremony for its circuit first.`,
      );
    }
  }
  return { deploy: names, refused: [] };
}
