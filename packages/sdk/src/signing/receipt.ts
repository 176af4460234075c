import { type TypedDataDomain, TypedDataEncoder } from "ethers";
import { type LatticeDomain, latticeDomain, SIGNING_DOMAINS } from "./domain.ts";
import { type SignatureCheck, type TypedDataSigner, verifyTypedData } from "./signature.ts";

/** A provider's word on a result. Two that contradict each other on one subject are ground for a slash. */
export interface Receipt {
  readonly market: string;
  /** What the result is of, as the market names it: an order's digest, a job of a session. */
  readonly subject: string;
  readonly outputCommitment: string;
}

export const RECEIPT_TYPES = {
  Receipt: [
    { name: "market", type: "address" },
    { name: "subject", type: "bytes32" },
    { name: "outputCommitment", type: "bytes32" },
  ],
};

/** Domain of receipts: that of the contract that slashes for equivocation. */
export function receiptDomain(chainId: bigint | number, equivocation: string): LatticeDomain {
  return latticeDomain(SIGNING_DOMAINS.Equivocation, { chainId, verifyingContract: equivocation });
}

/** Digest that a provider signs, as `IEquivocation.receiptDigest` computes it. */
export function receiptDigest(domain: TypedDataDomain, receipt: Receipt): string {
  return TypedDataEncoder.hash(domain, RECEIPT_TYPES, receipt);
}

/** Signs a receipt in its domain (`receiptDomain`). */
export function signReceipt(
  signer: TypedDataSigner,
  domain: LatticeDomain,
  receipt: Receipt,
): Promise<string> {
  return signer.signTypedData(domain, RECEIPT_TYPES, { ...receipt });
}

/** Whether the contract would take the signature as the provider's. */
export function verifyReceiptSignature(
  domain: LatticeDomain,
  receipt: Receipt,
  check: SignatureCheck,
): Promise<boolean> {
  return verifyTypedData(domain, RECEIPT_TYPES, { ...receipt }, check);
}
