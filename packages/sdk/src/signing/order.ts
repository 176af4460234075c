import { ORDER_TYPES, type Order } from "../order.ts";
import type { LatticeDomain } from "./domain.ts";
import { type SignatureCheck, type TypedDataSigner, verifyTypedData } from "./signature.ts";

/** Signs an order for the contract that `domain` names. */
export function signOrder(
  signer: TypedDataSigner,
  domain: LatticeDomain,
  order: Order,
): Promise<string> {
  return signer.signTypedData(domain, ORDER_TYPES, { ...order });
}

/** Whether the contract would take the signature as the requester's; contract accounts need a provider (ERC-1271). */
export function verifyOrderSignature(
  domain: LatticeDomain,
  order: Order,
  { signature, provider }: Omit<SignatureCheck, "signer">,
): Promise<boolean> {
  const signer = order.requester;
  const check = provider ? { signer, signature, provider } : { signer, signature };
  return verifyTypedData(domain, ORDER_TYPES, { ...order }, check);
}
