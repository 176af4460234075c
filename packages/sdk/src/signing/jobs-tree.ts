import { concat, dataLength, keccak256, toBeHex, ZeroHash } from "ethers";

const LEAF = "0x00";
const NODE = "0x01";

/** A proof that a job is the one at `index` among `count`. */
export interface JobProof {
  readonly index: number;
  readonly count: number;
  /** From the leaf up; levels at which the node has no sibling have none. */
  readonly siblings: readonly string[];
}

/** Entry of a batch's job: its index among the accepted ones, its order, its result. */
export function batchJob(
  index: number,
  orderHash: string,
  outputCommitment: string,
  outputDigest: string,
): string {
  return concat([toBeHex(index, 32), orderHash, outputCommitment, outputDigest]);
}

/** Bytes of an entry: a bare hash, a job of a session (`sessionJob`), a job of a batch (`batchJob`). */
const ENTRY_BYTES: readonly number[] = [32, 64, 128];

/** Hash of a job's entry; leaves and nodes begin differently, so that neither passes for the other. */
export function jobLeaf(job: string): string {
  const length = dataLength(job);
  if (!ENTRY_BYTES.includes(length)) {
    throw new RangeError(`A job's entry is ${ENTRY_BYTES.join(", ")} bytes, not ${length}.`);
  }
  return keccak256(concat([LEAF, job]));
}

const parent = (left: string, right: string) => keccak256(concat([NODE, left, right]));

/**
 * The Merkle tree behind the `jobsRoot` of a voucher or a batch: entries in the order of the jobs, a node without a
 * sibling moves up as it is.
 */
export class JobsTree {
  /** From the leaves up to the root. */
  readonly #levels: string[][];

  /** @throws RangeError without jobs, or for an entry of another length. */
  constructor(jobs: readonly string[]) {
    if (jobs.length === 0) throw new RangeError("A jobs root needs at least one job.");
    let level = jobs.map(jobLeaf);
    this.#levels = [level];
    while (level.length > 1) {
      const below = level;
      level = Array.from({ length: Math.ceil(below.length / 2) }, (_, position) => {
        const [left = "", right] = below.slice(2 * position, 2 * position + 2);
        return right === undefined ? left : parent(left, right);
      });
      this.#levels.push(level);
    }
  }

  get root(): string {
    return this.#levels.at(-1)?.[0] ?? "";
  }

  /** @throws RangeError when there is no job at `index`. */
  proof(index: number): JobProof {
    const count = this.#levels[0]?.length ?? 0;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(`There is no job ${index} among ${count}.`);
    }
    const siblings = this.#levels.flatMap((level, height) => level[(index >> height) ^ 1] ?? []);
    return { index, count, siblings };
  }
}

/** Root of the tree of these entries; zero when there are none. */
export function jobsRoot(jobs: readonly string[]): string {
  return jobs.length === 0 ? ZeroHash : new JobsTree(jobs).root;
}

/** Whether `job` is the entry at the proof's index of a tree of the proof's count with this root. */
export function verifyJobProof(root: string, job: string, proof: JobProof): boolean {
  const { index, count, siblings } = proof;
  if (!Number.isInteger(index) || index < 0 || index >= count) return false;
  let hash = jobLeaf(job);
  let used = 0;
  for (let position = index, width = count; width > 1; position >>= 1, width = (width + 1) >> 1) {
    // The last node of an odd level has no sibling.
    if (position % 2 === 0 && position === width - 1) continue;
    const sibling = siblings[used++];
    if (sibling === undefined) return false;
    hash = position % 2 === 0 ? parent(hash, sibling) : parent(sibling, hash);
  }
  return used === siblings.length && hash === root.toLowerCase();
}
