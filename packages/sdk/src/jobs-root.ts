import { concat, keccak256, solidityPackedKeccak256, ZeroHash } from "ethers";

/** Leaf of the job at `index` among the accepted ones. */
export function jobLeaf(
  index: number,
  orderHash: string,
  outputCommitment: string,
  outputDigest: string,
): string {
  return solidityPackedKeccak256(
    ["bytes1", "uint256", "bytes32", "bytes32", "bytes32"],
    ["0x00", index, orderHash, outputCommitment, outputDigest],
  );
}

function parents(level: readonly string[]): string[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
    const [left, right] = [level[2 * i] as string, level[2 * i + 1]];
    // A node without a sibling moves up as it is.
    return right === undefined ? left : keccak256(concat(["0x01", left, right]));
  });
}

/** Merkle root of a batch's jobs; zero when there is none. */
export function jobsRoot(leaves: readonly string[]): string {
  let level = [...leaves];
  while (level.length > 1) level = parents(level);
  return level[0] ?? ZeroHash;
}

/** Siblings on the way from leaf `index` to the root, from below. Levels on which it has none are left out. */
export function jobsProof(leaves: readonly string[], index: number): string[] {
  const proof: string[] = [];
  let level = [...leaves];
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) proof.push(sibling);
    level = parents(level);
  }
  return proof;
}

/** Root that a leaf and its siblings lead to, in a tree of `count` leaves. */
export function rootOfProof(
  leaf: string,
  index: number,
  count: number,
  proof: readonly string[],
): string {
  let node = leaf;
  let next = 0;
  for (let at = index, width = count; width > 1; at >>= 1, width = (width + 1) >> 1) {
    if ((at ^ 1) >= width) continue;
    const sibling = proof[next++] ?? ZeroHash;
    node = keccak256(concat(at % 2 === 0 ? ["0x01", node, sibling] : ["0x01", sibling, node]));
  }
  return node;
}
