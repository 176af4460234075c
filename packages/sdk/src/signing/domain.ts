import type { TypedDataDomain } from "ethers";

/** Names of the contracts that take signatures, as in their EIP-712 domains. Each lane is a contract of its own. */
export const SIGNING_DOMAINS = {
  JobMarket: "Lattice JobMarket",
  OrderSettlement: "Lattice OrderSettlement",
  VoucherSettlement: "Lattice VoucherSettlement",
  QuorumMarket: "Lattice QuorumMarket",
  Equivocation: "Lattice Equivocation",
} as const;
export type SigningDomain = (typeof SIGNING_DOMAINS)[keyof typeof SIGNING_DOMAINS];

/** Domain of a signature: it holds for this contract on this chain alone. */
export interface LatticeDomain extends TypedDataDomain {
  readonly name: SigningDomain;
  readonly version: "1";
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

export function latticeDomain(
  name: SigningDomain,
  { chainId, verifyingContract }: { chainId: bigint | number; verifyingContract: string },
): LatticeDomain {
  return { name, version: "1", chainId: BigInt(chainId), verifyingContract };
}
