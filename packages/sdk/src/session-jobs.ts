import { AbiCoder, concat, keccak256 } from "ethers";

const LEAF = "0x00";
const NODE = "0x01";

/** Names one job of a session, counted from zero: what the provider's receipt for it names. */
export function jobSubject(session: string, index: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint64"], [session, index]));
}

/** Leaf of the job with this result. */
export function jobLeaf(subject: string, outputCommitment: string): string {
  return keccak256(concat([LEAF, subject, outputCommitment]));
}

/** Leaves of a session's jobs, given the commitment of each output in the order of the jobs. */
export function jobLeaves(session: string, outputCommitments: readonly string[]): string[] {
  return outputCommitments.map((output, index) =>
    jobLeaf(jobSubject(session, BigInt(index)), output),
  );
}

/** One level up: a node without a sibling moves up as it is. */
function parents(level: readonly string[]): string[] {
  const next: string[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i] as string, level[i + 1]];
    next.push(right === undefined ? left : keccak256(concat([NODE, left, right])));
  }
  return next;
}

/** Root over all jobs of a session; zero when there are none. */
export function jobsRoot(leaves: readonly string[]): string {
  let level = leaves;
  while (level.length > 1) level = parents(level);
  return level[0] ?? `0x${"00".repeat(32)}`;
}

/** Siblings from the leaf at `index` up, none where a node moves up without one. @throws RangeError beyond the leaves. */
export function jobProof(leaves: readonly string[], index: number): string[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`There is no job ${index} among ${leaves.length}.`);
  }
  const proof: string[] = [];
  let place = index;
  for (let level = leaves; level.length > 1; level = parents(level)) {
    const sibling = level[place ^ 1];
    if (sibling !== undefined) proof.push(sibling);
    place >>= 1;
  }
  return proof;
}
