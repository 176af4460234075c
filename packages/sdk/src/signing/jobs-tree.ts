import { concat, dataLength, keccak256 } from "ethers";

const LEAF = "0x00";
const NODE = "0x01";

/** A proof that a job is the one at `index` among `count`. */
export interface JobProof {
  readonly index: number;
  readonly count: number;
  /** From the leaf up; levels at which the node has no sibling have none. */
  readonly siblings: readonly string[];
}

/**
 * Hash of a job's entry, one word or two (`sessionJob`); leaves and nodes begin differently, so that neither passes for
 * the other.
 */
export function jobLeaf(job: string): string {
  const length = dataLength(job);
  if (length !== 32 && length !== 64) {
    throw new RangeError(`A job's entry is 64 or 32 bytes, not ${length}.`);
  }
  return keccak256(concat([LEAF, job]));
}

const parent = (left: string, right: string) => keccak256(concat([NODE, left, right]));

/**
 * The Merkle tree behind a voucher's `jobsRoot`: entries in the order of the session, a node without a sibling moves up
 * as it is.
 */
export class JobsTree {
  /** From the leaves up to the root. */
  readonly #levels: string[][];

  /** @throws RangeError without jobs, or for an entry that is neither 32 bytes nor 64. */
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
