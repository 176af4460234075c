import type { LatticeDomain } from "./domain.ts";
import { type SignatureCheck, type TypedDataSigner, verifyTypedData } from "./signature.ts";

/** A requester's promise in a session. Cumulative: the newest one stands for all before. */
export interface Voucher {
  readonly session: string;
  /** Owed since the session opened, smallest token unit. */
  readonly amount: bigint;
  /** Jobs since the session opened. */
  readonly jobs: bigint;
  /** Merkle root of those jobs' receipts (`JobsTree`). */
  readonly jobsRoot: string;
}

export const VOUCHER_TYPES = {
  Voucher: [
    { name: "session", type: "bytes32" },
    { name: "amount", type: "uint128" },
    { name: "jobs", type: "uint64" },
    { name: "jobsRoot", type: "bytes32" },
  ],
};

/** Signs a voucher for the contract that `domain` names. */
export function signVoucher(
  signer: TypedDataSigner,
  domain: LatticeDomain,
  voucher: Voucher,
): Promise<string> {
  return signer.signTypedData(domain, VOUCHER_TYPES, { ...voucher });
}

/** Whether the contract would take the signature as the requester's. */
export function verifyVoucherSignature(
  domain: LatticeDomain,
  voucher: Voucher,
  check: SignatureCheck,
): Promise<boolean> {
  return verifyTypedData(domain, VOUCHER_TYPES, { ...voucher }, check);
}
