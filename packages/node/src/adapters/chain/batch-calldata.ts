import { AssignmentMode, type BatchItem, type BatchTerms, type Order, Tier } from "@lattice/sdk";
import { getAddress, toBeHex, ZeroAddress } from "ethers";

const MASK_96 = 2n ** 96n - 1n;
const high = (word: bigint) => getAddress(toBeHex(word >> 96n, 20));

/** The signed order behind an item of a bonded batch: what the call says once and the lane fixes, put together. */
export function orderOfItem(terms: BatchTerms, item: BatchItem, provider: string): Order {
  const bits = (shift: bigint, width: bigint) => (item.limits >> shift) & (2n ** width - 1n);
  const requester = terms.requesters[Number(bits(136n, 8n))];
  if (!requester) throw new RangeError("the item names no requester of its batch");
  return {
    requester: high(requester.payment),
    sponsor: high(requester.backing),
    nonce: bits(72n, 64n),
    validUntil: Number(bits(32n, 40n)),
    modelVersion: terms.modelVersion,
    inputCommitment: item.inputCommitment,
    inputDigest: item.inputDigest,
    paymentToken: terms.paymentToken,
    maxPrice: requester.payment & MASK_96,
    collateral: requester.backing & MASK_96,
    tier: Tier.Optimistic,
    mode: Number(terms.mode) as AssignmentMode,
    provider: Number(terms.mode) === AssignmentMode.Direct ? provider : ZeroAddress,
    epoch: BigInt(terms.epoch),
    redundancy: 1,
    bidSeconds: 0,
    assignSeconds: 0,
    commitSeconds: 0,
    proveSeconds: 0,
    challengeSeconds: Number(bits(0n, 32n)),
  };
}
