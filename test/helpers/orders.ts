import {
  AssignmentMode,
  hashOrder,
  jobIdOf,
  ORDER_DEFAULTS,
  ORDER_TYPES,
  type Order,
  Tier,
} from "@lattice/sdk";
import { id, parseEther, toBeHex, ZeroAddress } from "ethers";
import type { TableVerifier } from "../../typechain-types/index.ts";
import { advanceEpoch, settleWeights } from "./epochs.ts";
import { joinAsProvider } from "./joining.ts";
import {
  type Chain,
  deploySystem,
  type Signer,
  type System,
  type SystemOptions,
} from "./system.ts";

export type Proof = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
export const PROOF: Proof = [11n, 12n, 13n, 14n, 15n, 16n, 17n, 18n];
export const INPUT_COMMITMENT = toBeHex(1234n, 32);
export const OUTPUT_COMMITMENT = toBeHex(5678n, 32);
export const OUTPUT_DIGEST = id("output");
export const ROYALTY_PPM = 30_000n;

/** Asks of the three providers, LAT wei a job. */
export const ASKS = {
  ada: parseEther("1") + 1n,
  ben: parseEther("1.5") + 3n,
  cal: parseEther("2") + 7n,
} as const;

/** A system in which three providers offer one published model and a requester has funds. */
export type Marketplace = System & {
  readonly verifier: TableVerifier;
  readonly modelVersion: string;
  readonly selector: string;
};

/** What a version says beside its verifier. */
export interface ModelContent {
  readonly artifactDigest: string;
  readonly programRoot: string;
  readonly weightsRoot: string;
  readonly tiers: bigint;
  readonly attestedClass: bigint;
  /** Default: that of the verifier alone, which is registered when it is not. */
  readonly verifierSelector: string;
}

/** Publishes a model version of `publisher` with the verifier at `verifier`. Returns its id. */
export async function publishModel(
  system: System,
  verifier: string,
  content: Partial<ModelContent> = {},
): Promise<string> {
  const { router, models, actors } = system;
  const selector = content.verifierSelector ?? (await router.selectorOf(verifier));
  if (!(await router.isUsable(selector))) await router.register(verifier, 400_000);
  const version = {
    artifactDigest: id(`artifact for ${verifier}`),
    programRoot: id("program"),
    weightsRoot: id("weights"),
    quantisationDigest: id("quantisation"),
    royaltyRecipient: actors.royaltyRecipient.address,
    royaltyPpm: ROYALTY_PPM,
    verifierSelector: selector,
    tiers: 7n,
    attestedClass: 0n,
    ...content,
  };
  await models.connect(actors.publisher).publish(version, "ipfs://model");
  return models.versionIdOf(actors.publisher, version);
}

/** Deposits `amount` LAT (wei) of `requester` and lets the market lock it. */
export async function fundRequester(system: System, requester: Signer, amount: bigint) {
  const { token, escrow, market, actors } = system;
  await token.connect(actors.deployer).transfer(requester, amount);
  await token.connect(requester).approve(escrow, amount);
  await escrow.connect(requester).deposit(token, requester, amount);
  await escrow.connect(requester).setMarket(market, true);
}

/** Deploys a system with three offering providers whose weights count, a model and a funded requester. */
export async function deployMarketplace(
  chain: Chain,
  options: SystemOptions = { beacon: "steered" },
): Promise<Marketplace> {
  const system = await deploySystem(chain, options);
  const { ada, ben, cal, adaPayout, benPayout, calPayout, requester } = system.actors;
  const verifier = await chain.ethers.deployContract("TableVerifier");
  const modelVersion = await publishModel(system, await verifier.getAddress());
  const providers = [
    { provider: ada, payout: adaPayout, stake: parseEther("20000"), ask: ASKS.ada },
    { provider: ben, payout: benPayout, stake: parseEther("30000"), ask: ASKS.ben },
    { provider: cal, payout: calPayout, stake: parseEther("50000"), ask: ASKS.cal },
  ];
  for (const { provider, payout, stake, ask } of providers) {
    await joinAsProvider(system, provider, { stake, payout });
    await system.registry.connect(provider).setOffer(modelVersion, system.token, ask);
  }
  await fundRequester(system, requester, parseEther("1000"));
  await settleWeights(system);
  const selector = await system.router.selectorOf(verifier);
  return { ...system, verifier, modelVersion, selector };
}

/** A market takes an order once: its nonce tells it apart from others that ask for the same. */
let nonces = 0n;

/** A drawn order of the requester that all three providers can take, with `changes`. */
export async function drawOrder(system: Marketplace, changes: Partial<Order> = {}): Promise<Order> {
  return {
    ...ORDER_DEFAULTS,
    nonce: nonces++,
    requester: system.actors.requester.address,
    modelVersion: system.modelVersion,
    inputCommitment: INPUT_COMMITMENT,
    inputDigest: id("input"),
    paymentToken: await system.token.getAddress(),
    maxPrice: parseEther("3"),
    collateral: parseEther("100"),
    tier: Tier.Zk,
    mode: AssignmentMode.Draw,
    provider: ZeroAddress,
    assignSeconds: 600,
    commitSeconds: 120,
    proveSeconds: 300,
    ...changes,
  };
}

/** Members of an order in the order of the struct, as events give them. */
export function orderValues(order: Order): unknown[] {
  return ORDER_TYPES.Order.map(({ name }) => order[name as keyof Order]);
}

/** A direct order of the requester that names `provider`, and as its price what that provider asks. */
export async function directOrder(
  system: Marketplace,
  provider: Signer,
  changes: Partial<Order> = {},
): Promise<Order> {
  const { registry, token } = system;
  const pool = await registry.poolOf(system.modelVersion, token);
  const { ask } = await registry.askOf(provider, pool, await system.beacon.currentEpoch());
  const named = { mode: AssignmentMode.Direct, provider: provider.address, maxPrice: ask };
  return drawOrder(system, { ...named, ...changes });
}

/** A direct order of tier Optimistic that names `provider`. */
export async function bondedOrder(
  system: Marketplace,
  provider: Signer,
  changes: Partial<Order> = {},
): Promise<Order> {
  const bonded = { tier: Tier.Optimistic, proveSeconds: 0, challengeSeconds: 240 };
  return directOrder(system, provider, { ...bonded, ...changes });
}

/** Posts `order` as its requester. Returns the job's id. */
export async function post(system: Marketplace, order: Order): Promise<bigint> {
  await system.market.connect(system.actors.requester).post(order);
  return jobIdOf(order);
}

/** Posts and assigns a job: by acceptance when the order names a provider, else by the next epoch's draw. */
export async function postAssigned(system: Marketplace, order: Order) {
  const jobId = await post(system, order);
  if (order.mode === AssignmentMode.Direct) {
    const named = await system.chain.ethers.getSigner(order.provider);
    await system.market.connect(named).accept(order);
  } else {
    await advanceEpoch(system);
    await advanceEpoch(system);
    await system.market.assign(order);
  }
  const { provider } = await system.market.jobOf(jobId);
  return { jobId, provider: await system.chain.ethers.getSigner(provider) };
}

/** Posts, assigns and commits a job. */
export async function postCommitted(system: Marketplace, order: Order) {
  const assigned = await postAssigned(system, order);
  await system.market.connect(assigned.provider).commit(order, OUTPUT_COMMITMENT, OUTPUT_DIGEST);
  return assigned;
}

/** Makes the table verifier accept `PROOF` for the job's statement as it stands. */
export async function acceptProof(
  system: Marketplace,
  jobId: bigint,
  order: Order,
): Promise<bigint> {
  const { market, verifier } = system;
  const { provider, outputCommitment } = await market.jobOf(jobId);
  const context = await market.proofContext(hashOrder(order), provider, order.modelVersion);
  await verifier.accept(PROOF, [context, BigInt(order.inputCommitment), BigInt(outputCommitment)]);
  return context;
}

/** Posts, assigns and commits a job, and makes the verifier accept `PROOF` for it. */
export async function postProvable(system: Marketplace, order: Order) {
  const committed = await postCommitted(system, order);
  await acceptProof(system, committed.jobId, order);
  return committed;
}

/** Posts, assigns, commits and proves a job, which pays it. */
export async function postSettled(system: Marketplace, order: Order) {
  const committed = await postProvable(system, order);
  await system.market.prove(order, PROOF);
  return committed;
}
