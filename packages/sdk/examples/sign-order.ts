import {
  AssignmentMode,
  hashOrder,
  latticeDomain,
  ORDER_DEFAULTS,
  type Order,
  SIGNING_DOMAINS,
  signOrder,
  Tier,
  type TypedDataSigner,
  verifyOrderSignature,
} from "@lattice/sdk";

/** Signs an order for a proven inference; whoever settles it needs the order and the signature. */
export async function signedOrder(
  requester: TypedDataSigner & { address: string },
  at: { chainId: bigint; verifyingContract: string },
  terms: Pick<Order, "modelVersion" | "inputCommitment" | "inputDigest" | "paymentToken">,
) {
  const order: Order = {
    ...ORDER_DEFAULTS,
    ...terms,
    requester: requester.address,
    maxPrice: 2n * 10n ** 18n,
    collateral: 100n * 10n ** 18n,
    tier: Tier.Zk,
    mode: AssignmentMode.Draw,
    assignSeconds: 600,
    commitSeconds: 600,
    proveSeconds: 3600,
  };
  const domain = latticeDomain(SIGNING_DOMAINS.OrderSettlement, at);
  const signature = await signOrder(requester, domain, order);
  if (!(await verifyOrderSignature(domain, order, { signature })))
    throw new Error("not the signer");
  return { id: hashOrder(order), order, signature };
}
