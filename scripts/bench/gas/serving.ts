import {
  hashOrder,
  ORDER_TYPES,
  type Order,
  proofContext,
  type ServedOrder,
  Tier,
} from "@lattice/sdk";
import { id } from "ethers";
import { withClockStopped } from "./clock.ts";
import {
  CHALLENGE_SECONDS,
  domainOf,
  inferenceOf,
  OUTPUT_DIGEST,
  orderOf,
  type Place,
  type Requester,
} from "./place.ts";
import type { Proof, Proofs } from "./proofs.ts";

/** What a proof is checked against. */
export type Statement = [context: bigint, input: bigint, output: bigint];

/** A signed order of tier Zk with its proof. */
export interface ProvenOrder {
  readonly served: ServedOrder;
  readonly proof: Proof;
  readonly statement: Statement;
}

/** One signed order of each of `requesters` with its result, bonded unless `changes` say otherwise; nonces from `index` on. */
export async function serveMany(
  place: Place,
  requesters: readonly Requester[],
  index = 0,
  changes: Partial<Order> = {},
): Promise<ServedOrder[]> {
  const domain = await domainOf(place, "OrderSettlement", place.settlement);
  const terms = {
    tier: Tier.Optimistic,
    assignSeconds: 0,
    commitSeconds: 0,
    proveSeconds: 0,
    challengeSeconds: CHALLENGE_SECONDS,
    ...changes,
  };
  const served: ServedOrder[] = [];
  for (const [i, requester] of requesters.entries()) {
    const order = await orderOf(place, requester, index + i, terms);
    served.push({
      order,
      signature: await requester.signTypedData(domain, ORDER_TYPES, { ...order }),
      outputCommitment: inferenceOf(place, index + i).outputCommitment,
      outputDigest: order.tier === Tier.Zk ? OUTPUT_DIGEST : id(`trace ${index + i}`),
    });
  }
  return served;
}

/** `count` signed orders of the requester, each with a real proof of its own. */
export async function proveMany(
  place: Place,
  proofs: Proofs,
  count: number,
  index = 0,
): Promise<ProvenOrder[]> {
  const { requester } = place.actors;
  const served = await serveMany(place, Array<Requester>(count).fill(requester), index, {
    tier: Tier.Zk,
    challengeSeconds: 0,
  });
  const { chainId } = await place.chain.ethers.provider.getNetwork();
  const market = await place.settlement.getAddress();
  const proveAll = () =>
    Promise.all(
      served.map(async (each) => {
        const { order } = each;
        const inference = inferenceOf(place, Number(order.nonce));
        const context = proofContext({
          chainId,
          market,
          orderHash: hashOrder(order),
          provider: order.provider,
          modelVersion: order.modelVersion,
        });
        const { inputCommitment, outputCommitment } = inference;
        return {
          served: each,
          proof: await proofs.prove(context, inference),
          statement: [
            context,
            BigInt(inputCommitment),
            BigInt(outputCommitment),
          ] satisfies Statement,
        };
      }),
    );
  return withClockStopped(place.chain, proveAll);
}
