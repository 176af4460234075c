import { ORDER_TYPES, type Order } from "@lattice/sdk";
import type { Signer, System } from "./system.ts";

/** EIP-712 domain of a lane. */
export async function domainOf(
  name: string,
  contract: { getAddress(): Promise<string> },
  chainId = 31337n,
) {
  return { name, version: "1", chainId, verifyingContract: await contract.getAddress() };
}

/** Signs an order for the job market. */
export async function signOrder({ market }: System, signer: Signer, order: Order): Promise<string> {
  return signer.signTypedData(await domainOf("Lattice JobMarket", market), ORDER_TYPES, order);
}
