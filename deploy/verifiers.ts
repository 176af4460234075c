import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { VerifierMembers } from "@lattice/sdk";
import { z } from "zod";

const manifestFile = fileURLToPath(new URL("../circuits/MANIFEST.json", import.meta.url));

const contractSchema = z.object({ name: z.string() });
const manifestSchema = z.record(
  z.string(),
  z.object({
    model: z.object({ digest: z.string() }),
    keyStatus: z.enum(["development", "ceremony"]),
    contract: contractSchema,
    batchContract: contractSchema.optional(),
    setOf: z.string().optional(),
    jobsPerProof: z.number().int().optional(),
  }),
);

/** Verifiers of one model, by contract name, that the router gets as one set. */
export type PlannedSet = VerifierMembers<string>;

/** Sets that a deployment puts on the chain, and contracts it refuses there, by name. */
export interface VerifierPlan {
  readonly deploy: readonly PlannedSet[];
  readonly refused: readonly string[];
}

interface Member {
  readonly name: string;
  readonly development: boolean;
}

interface KnownSet {
  readonly modelDigest: string;
  readonly single: Member;
  readonly batch: Member | undefined;
  readonly multi: Member | undefined;
  readonly jobsPerProof: number | undefined;
}

/**
 * Which generated verifiers go on a chain. The secrets of development keys are published, so anyone could forge
 * proofs for them: only local chains get them, alone or in a set.
 * @param wanted "all", "none", or names of contracts separated by commas; each brings the set it belongs to.
 * @throws Error when a name is unknown, or names a development verifier for a public network.
 */
export async function planVerifiers(wanted: string, local: boolean): Promise<VerifierPlan> {
  if (wanted === "none") return { deploy: [], refused: [] };
  return choose(await readKnownSets(), wanted, local);
}

/** Addresses of the verifiers of a model that came with a deployment; undefined when it has none. */
export async function deployedSet(
  modelDigest: string,
  addresses: Readonly<Record<string, string>>,
): Promise<VerifierMembers<string> | undefined> {
  const known = (await readKnownSets()).find((set) => set.modelDigest === modelDigest);
  const verifier = known && addresses[known.single.name];
  if (!known || !verifier) return undefined;
  const multiVerifier = known.multi && addresses[known.multi.name];
  return {
    verifier,
    batchVerifier: known.batch && addresses[known.batch.name],
    multiVerifier,
    jobsPerProof: multiVerifier === undefined ? undefined : known.jobsPerProof,
  };
}

async function readKnownSets(): Promise<KnownSet[]> {
  return knownSets(manifestSchema.parse(JSON.parse(await readFile(manifestFile, "utf8"))));
}

/** The plan for the sets of a manifest. */
export function choose(known: readonly KnownSet[], wanted: string, local: boolean): VerifierPlan {
  const allowed = ({ development }: Member) => local || !development;
  const members = known.flatMap(membersOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  const chosen = wanted === "all" ? undefined : wanted.split(",").map((name) => name.trim());
  for (const name of chosen ?? []) requireAllowed(name, members, allowed);
  const sets = known.filter(
    (set) => !chosen || membersOf(set).some(({ name }) => chosen.includes(name)),
  );
  return {
    deploy: sets.filter(({ single }) => allowed(single)).map((set) => planned(set, allowed)),
    refused: chosen ? [] : members.filter((member) => !allowed(member)).map(({ name }) => name),
  };
}

/** The sets of a manifest: every circuit of one job, with the circuit of several jobs that names it. */
export function knownSets(manifest: z.infer<typeof manifestSchema>): KnownSet[] {
  const entries = Object.entries(manifest);
  return entries
    .filter(([, { setOf }]) => setOf === undefined)
    .map(([name, { model, keyStatus, contract, batchContract }]) => {
      const multi = entries.find(([, { setOf }]) => setOf === name)?.[1];
      const member = (of: { name: string }, status = keyStatus): Member => ({
        name: of.name,
        development: status === "development",
      });
      return {
        modelDigest: model.digest,
        single: member(contract),
        batch: batchContract && member(batchContract),
        multi: multi && member(multi.contract, multi.keyStatus),
        jobsPerProof: multi?.jobsPerProof,
      };
    });
}

function membersOf({ single, batch, multi }: KnownSet): Member[] {
  return [single, batch, multi].filter((member) => member !== undefined);
}

/** A set without the members that the chain may not have. */
function planned(set: KnownSet, allowed: (member: Member) => boolean): PlannedSet {
  const multi = set.multi && allowed(set.multi);
  return {
    verifier: set.single.name,
    batchVerifier: set.batch && allowed(set.batch) ? set.batch.name : undefined,
    multiVerifier: multi ? set.multi?.name : undefined,
    jobsPerProof: multi ? set.jobsPerProof : undefined,
  };
}

function requireAllowed(
  name: string,
  members: readonly Member[],
  allowed: (member: Member) => boolean,
): void {
  const member = members.find((each) => each.name === name);
  if (!member) {
    const names = members.map((each) => each.name).join(", ");
    throw new Error(`There is no verifier ${name}; circuits/MANIFEST.json lists: ${names}.`);
  }
  if (!allowed(member)) {
    throw new Error(
      `${name} holds a development key, whose secret is published: anyone could forge proofs for it, so it is refused on a public network. Run a key ceremony for its circuit first.`,
    );
  }
}
