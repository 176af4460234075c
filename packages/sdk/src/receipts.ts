import { type TypedDataDomain, TypedDataEncoder } from "ethers";

/** What a provider signs with each result that it hands over; two that contradict each other are slashed. */
export interface Receipt {
  /** The market of the order or session. */
  readonly market: string;
  /** Struct hash of the order, or of the session's job. */
  readonly subject: string;
  readonly outputCommitment: string;
}

/** EIP-712 type of `Receipt`. */
export const RECEIPT_TYPES = {
  Receipt: [
    { name: "market", type: "address" },
    { name: "subject", type: "bytes32" },
    { name: "outputCommitment", type: "bytes32" },
  ],
};

/** EIP-712 domain of receipts. */
export function receiptDomain(chainId: bigint | number, equivocation: string): TypedDataDomain {
  return { name: "Lattice Equivocation", version: "1", chainId, verifyingContract: equivocation };
}

/** Digest that a provider signs, as `IEquivocation.receiptDigest` computes it. */
export function receiptDigest(domain: TypedDataDomain, receipt: Receipt): string {
  return TypedDataEncoder.hash(domain, RECEIPT_TYPES, receipt);
}
