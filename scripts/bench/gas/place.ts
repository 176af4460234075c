import {
  AssignmentMode,
  latticeDomain,
  ORDER_DEFAULTS,
  type Order,
  SIGNING_DOMAINS,
  Tier,
  verifierSet,
} from "@lattice/sdk";
import { loadModel } from "@lattice/zkml";
import type { Wallet } from "ethers";
import { id, parseEther, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { DIGITS_MODEL_URL } from "../../../packages/zkml/models/digits/index.ts";
import { deployProxy } from "../../../test/helpers/contracts.ts";
import { digitsCircuit, type Inference, inferDigit } from "../../../test/helpers/digits.ts";
import { advanceEpoch, settleWeights } from "../../../test/helpers/epochs.ts";
import { joinAsProvider } from "../../../test/helpers/joining.ts";
import { LEADER_POOL, pretendMembers } from "../../../test/helpers/providers.ts";
import {
  type Chain,
  deploySystem,
  type Signer,
  type System,
} from "../../../test/helpers/system.ts";

/** Members of every pool: the three providers, and leaves without weight that draws pass on their way. */
export const POOL_MEMBERS = 1_024n;
export const PROVIDERS = ["ada", "ben", "cal"] as const;
/** Odd prices and deposits of 18 decimals: no byte of a real amount is spared. */
export const ASK = 1_234_567_890_123_456_789n;
export const MAX_PRICE = 2_345_678_901_234_567_891n;
export const COLLATERAL = parseEther("10");
export const CHALLENGE_SECONDS = 240;
export const OUTPUT_DIGEST = id("output artifact");
const FUNDS = 123_456_789_012_345_678_901_234n;
const ROYALTY_PPM = 30_000n;
/** Of no consequence but that every run has the same: contexts of proofs, and bytes of calldata, depend on it. */
const GENESIS = "2026-01-01T00:00:00Z";

export type Place = Awaited<ReturnType<typeof deployPlace>>;
/** Whoever signs orders and owns a deposit. */
export type Requester = Signer | Wallet;

/** One chain with the whole protocol, three providers that offer the digit classifier, and a requester with a deposit. */
export async function deployPlace() {
  // Takes minutes when it is not there yet, which the chain's clock would not forgive.
  const circuit = await digitsCircuit();
  const chain: Chain = await network.create({ override: { initialDate: GENESIS } });
  const system = await deploySystem(chain, { beacon: "real", referees: "real" });
  const lanes = await deployLanes(system);
  const model = await publishDigits(system);
  const pool = await system.registry.poolOf(model.modelVersion, system.token);
  const others = POOL_MEMBERS - BigInt(PROVIDERS.length);
  for (const widened of [LEADER_POOL, pool]) {
    await pretendMembers(chain.networkHelpers, system.registry, widened, {
      leafCount: others,
      depth: BigInt(POOL_MEMBERS.toString(2).length - 1),
    });
  }
  for (const name of PROVIDERS) {
    const provider = system.actors[name];
    const payout = system.actors[`${name}Payout`];
    await joinAsProvider(system, provider, { stake: parseEther("30000"), payout });
    await system.registry.connect(provider).setOffer(model.modelVersion, system.token, ASK);
  }
  await settleWeights(system);
  // The first epoch that a leader began: seeds before it draw nobody.
  await advanceEpoch(system);
  const place = {
    ...system,
    ...lanes,
    ...model,
    pool,
    circuit,
    inferences: await digitInferences(),
    markets: [system.market, lanes.settlement, lanes.vouchers],
  };
  await fund(place, system.actors.requester);
  return place;
}

/** The lanes of signed orders and vouchers, with the same peers as the job market. */
async function deployLanes({ chain, peers, actors, manager, registry, token, ...rest }: System) {
  const { ethers } = chain;
  const { governance } = actors;
  const authority = [await manager.getAddress()];
  const committees = await ethers.deployContract("Committees", [registry, rest.beacon]);
  const settlement = await deployProxy(
    ethers,
    await ethers.deployContract("OrderSettlement", [peers, committees, ZeroAddress, rest.disputes]),
    authority,
  );
  const vouchers = await deployProxy(
    ethers,
    await ethers.deployContract("VoucherSettlement", [peers, ZeroAddress, rest.disputes]),
    authority,
  );
  const { disputes, readers, equivocation } = rest;
  await disputes.connect(governance).setLane(settlement, readers.batches);
  await disputes.connect(governance).setLane(vouchers, readers.sessions);
  for (const lane of [settlement, vouchers]) {
    await lane.connect(governance).setPaymentToken(token, true);
    await lane.connect(governance).setTier(Tier.Optimistic, true);
  }
  await settlement.connect(governance).setTier(Tier.Zk, true);
  for (const module of [settlement, vouchers]) {
    await registry.connect(governance).setStakeModule(module, true);
  }
  return { committees, settlement, vouchers, equivocation };
}

/** The digit classifier under its real verifiers: for one proof, for batches, and for four jobs in one proof. */
async function publishDigits({ chain, router, models, actors }: System) {
  const [verifier, batchVerifier, multiVerifier] = await Promise.all(
    ["DigitsDevVerifier", "DigitsDevBatchVerifier", "DigitsX4DevVerifier"].map(async (name) =>
      (await chain.ethers.deployContract(name)).getAddress(),
    ),
  );
  const members = { verifier: verifier as string, batchVerifier, multiVerifier, jobsPerProof: 4 };
  const set = verifierSet(members);
  await router.connect(actors.publisher).registerSet(set);
  const selector = await router.selectorOfSet(set);
  const { digest, programRoot, weightsRoot } = await loadModel(DIGITS_MODEL_URL);
  const version = {
    artifactDigest: digest,
    programRoot,
    weightsRoot,
    quantisationDigest: id("quantisation"),
    royaltyRecipient: actors.royaltyRecipient.address,
    royaltyPpm: ROYALTY_PPM,
    verifierSelector: selector,
    tiers: 3n,
    attestedClass: 0n,
  };
  await models.connect(actors.publisher).publish(version, "ipfs://model");
  const modelVersion = await models.versionIdOf(actors.publisher, version);
  return { modelVersion, selector };
}

/** Ten drawings, one of each digit, with what the model says of them. */
function digitInferences(): Promise<Inference[]> {
  return Promise.all(Array.from({ length: 10 }, (_, label) => inferDigit(label)));
}

/** Gives `requester` a deposit that every lane may lock. */
export async function fund(
  {
    chain,
    token,
    escrow,
    actors,
    markets,
  }: Pick<Place, "chain" | "token" | "escrow" | "actors" | "markets">,
  requester: Requester,
): Promise<void> {
  const { deployer } = actors;
  await chain.networkHelpers.setBalance(requester.address, parseEther("100"));
  await token.connect(deployer).approve(escrow, FUNDS);
  await escrow.connect(deployer).deposit(token, requester, FUNDS);
  for (const market of markets) await escrow.connect(requester).setMarket(market, true);
}

/** `count` funded requesters with keys of their own. */
export async function fundedRequesters(place: Place, count: number): Promise<Wallet[]> {
  const { ethers } = place.chain;
  const wallets: Wallet[] = [];
  for (let i = 0; i < count; ++i) {
    const wallet = new ethers.Wallet(id(`requester ${i}`), ethers.provider);
    await fund(place, wallet);
    wallets.push(wallet);
  }
  return wallets;
}

/** A direct order that names Ada, on the drawing that `index` falls on; tier Zk unless `changes` say otherwise. */
export async function orderOf(
  place: Place,
  requester: Requester,
  index: number,
  changes: Partial<Order> = {},
): Promise<Order> {
  const { inputCommitment } = inferenceOf(place, index);
  return {
    ...ORDER_DEFAULTS,
    requester: requester.address,
    nonce: BigInt(index),
    modelVersion: place.modelVersion,
    inputCommitment,
    inputDigest: id(`input ${index}`),
    paymentToken: await place.token.getAddress(),
    maxPrice: MAX_PRICE,
    collateral: COLLATERAL,
    tier: Tier.Zk,
    mode: AssignmentMode.Direct,
    provider: place.actors.ada.address,
    assignSeconds: 600,
    commitSeconds: 120,
    proveSeconds: 300,
    ...changes,
  };
}

export function inferenceOf({ inferences }: Pick<Place, "inferences">, index: number): Inference {
  const inference = inferences[index % inferences.length];
  if (!inference) throw new Error("The benchmark has no drawings.");
  return inference;
}

/** Domain in which what `contract` takes is signed. */
export async function domainOf(
  place: Place,
  name: keyof typeof SIGNING_DOMAINS,
  contract: { getAddress(): Promise<string> },
) {
  const { chainId } = await place.chain.ethers.provider.getNetwork();
  return latticeDomain(SIGNING_DOMAINS[name], {
    chainId,
    verifyingContract: await contract.getAddress(),
  });
}
