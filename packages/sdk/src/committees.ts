import { concat, id, keccak256, solidityPackedKeccak256 } from "ethers";

/** Slots of a committee. */
export const COMMITTEE_SLOTS = 16;

const SEAT_DOMAIN = id("LATTICE-V3-COMMITTEE");

/** Slot of a committee to which the order with this EIP-712 digest belongs. */
export function committeeSlot(orderDigest: string, seed: string): number {
  const word = BigInt(keccak256(concat([orderDigest, seed])));
  return Number(word % BigInt(COMMITTEE_SLOTS));
}

/** The 256 bits that draw a slot of a committee, as `ICommittees.slotRandomness` computes them. */
export function slotRandomness(seed: string, pool: string, slot: number): bigint {
  return BigInt(
    solidityPackedKeccak256(
      ["bytes32", "bytes32", "bytes32", "uint256"],
      [SEAT_DOMAIN, seed, pool, slot],
    ),
  );
}
