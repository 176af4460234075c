import { type TypedDataDomain, TypedDataEncoder } from "ethers";
import { RECEIPT_TYPES, type Receipt } from "./signing/receipt.ts";

/** EIP-712 domain of receipts. */
export function receiptDomain(chainId: bigint | number, equivocation: string): TypedDataDomain {
  return { name: "Lattice Equivocation", version: "1", chainId, verifyingContract: equivocation };
}

/** Digest that a provider signs, as `IEquivocation.receiptDigest` computes it. */
export function receiptDigest(domain: TypedDataDomain, receipt: Receipt): string {
  return TypedDataEncoder.hash(domain, RECEIPT_TYPES, receipt);
}
