import { type Lattice, latticeDomain, SIGNING_DOMAINS } from "@lattice/sdk";
import { isHexString } from "ethers";
import { required, wrongUse } from "./guard.ts";

/** A session id of the command line. @throws NodeError USAGE. */
export function parseSession(text: string): string {
  if (isHexString(required("id", text), 32)) return text.toLowerCase();
  throw wrongUse(`--id ${text} is not a 32-byte id; session:open prints it`);
}

/** EIP-712 domain of this deployment's vouchers. */
export function domainOf({ addresses }: Lattice) {
  return latticeDomain(SIGNING_DOMAINS.VoucherSettlement, {
    chainId: addresses.chainId,
    verifyingContract: addresses.contracts.VoucherSettlement,
  });
}
