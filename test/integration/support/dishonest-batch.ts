import { encodeTensor, openTraceStore } from "@lattice/node";
import {
  AssignmentMode,
  hashOrder,
  ORDER_DEFAULTS,
  type Order,
  randomNonce,
  type ServedOrder,
  settlementBatch,
  settlementDomain,
  signOrder,
  Tier,
} from "@lattice/sdk";
import {
  type CommittedTensor,
  type IntegerTensor,
  layoutOf,
  lowerProgram,
  tensorRoot,
  traceEntry,
} from "@lattice/zkml";
import { hexlify } from "ethers";
import { flippedTrace } from "./dishonest.ts";
import { CHALLENGE_SECONDS, COLLATERAL, type DisputeMarket, PRICE } from "./dispute-market.ts";

/** A bonded order that the requester signed for the dishonest provider. */
async function signedOrder(
  { market, model, traced, requester, dishonest }: DisputeMarket,
  input: IntegerTensor,
): Promise<Pick<ServedOrder, "order" | "signature">> {
  const { chainId, contracts } = requester.addresses;
  const order: Order = {
    ...ORDER_DEFAULTS,
    nonce: randomNonce(),
    requester: market.cast.requester.address,
    modelVersion: traced.modelVersion,
    inputCommitment: hexlify(tensorRoot(input, layoutOf(model.graph, traced.input.name))),
    inputDigest: await market.artifacts.put(encodeTensor(input)),
    paymentToken: contracts.LatticeToken,
    maxPrice: PRICE,
    collateral: COLLATERAL,
    tier: Tier.Optimistic,
    mode: AssignmentMode.Direct,
    provider: dishonest.address,
    ...{ assignSeconds: 0, commitSeconds: 0, proveSeconds: 0 },
    challengeSeconds: CHALLENGE_SECONDS,
  };
  const domain = settlementDomain(chainId, contracts.OrderSettlement);
  return { order, signature: await signOrder(market.cast.requester, domain, order) };
}

/** Claims one batch of these inputs, every run with a flipped bit; returns the results' subjects. */
export async function cheatInBatch(
  world: DisputeMarket,
  inputs: readonly IntegerTensor[],
): Promise<string[]> {
  const { market, model, requester, dishonest } = world;
  const { escrow, settlement } = requester;
  await (await escrow.setMarket(settlement, true)).wait();
  const program = lowerProgram(model.graph);
  const served: ServedOrder[] = [];
  for (const input of inputs) {
    const { trace } = flippedTrace(world, input);
    await openTraceStore(market.artifactsDir).put(trace);
    const entry = traceEntry(program, program.outputs[0] as number);
    const output = trace.committed.tensors[entry] as CommittedTensor;
    served.push({
      ...(await signedOrder(world, input)),
      outputCommitment: hexlify(output.root),
      outputDigest: trace.root,
    });
  }
  const { terms, items, walletSignatures } = settlementBatch(dishonest.address, served);
  const as = market.as(dishonest).settlement;
  await (await as.claim(terms, items, walletSignatures)).wait();
  return served.map(({ order }) => hashOrder(order));
}
