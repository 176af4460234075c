import {
  AssignmentMode,
  answerCommitment,
  ORDER_DEFAULTS,
  type Order,
  type QuorumPlace,
  Tier,
} from "@lattice/sdk";
import { id, parseEther, ZeroAddress } from "ethers";
import type { QuorumMarket } from "../../typechain-types/index.ts";
import { deployProxy } from "./contracts.ts";
import { findsEnough } from "./draws.ts";
import { advanceEpoch, settleWeights } from "./epochs.ts";
import { joinAsProvider } from "./joining.ts";
import { INPUT_COMMITMENT } from "./orders.ts";
import {
  type Chain,
  deploySystem,
  type Signer,
  type System,
  type SystemOptions,
} from "./system.ts";

export const RIGHT = id("the answer of a machine that ran the model");
export const WRONG = id("another answer");
export const ODD = id("a third answer");
export const OUTPUT_DIGEST = id("output artifact");
export const MAX_PRICE = parseEther("3");
export const COLLATERAL = parseEther("100");
/** Tests' parameters: half of what is slashed, a tenth of it. */
export const COMPENSATION = parseEther("50");
export const BOUNTY = parseEther("10");

const TIER_QUORUM_ONLY = 4n;
const GUARDIAN_ROLE = 1n;
const SIZE = 3;
/** Signers that no system gives a name; they provide here. */
const FIRST_PROVIDER = 13;
const PROVIDERS = 5;
const DEPOSIT = parseEther("1000");

/** A system with a quorum market, five offering providers with equal stake, one float model, and a funded requester. */
export type Quorum = System & {
  readonly quorum: QuorumMarket;
  readonly providers: readonly Signer[];
  readonly modelVersion: string;
  /** Supports tier Optimistic too: an integer graph. */
  readonly exactVersion: string;
};

/** What a provider asks, LAT wei; odd amounts, so that shares must round. */
export const askOf = (position: number): bigint =>
  parseEther("1") + BigInt(position + 1) * 100_000_000_000_000_003n;

/** Where a provider's earnings go. */
export const payoutOf = (provider: Signer): string => `0x${id(provider.address).slice(26)}`;

async function publishQuorumModel(system: System, name: string, tiers: bigint): Promise<string> {
  const { models, actors } = system;
  const version = {
    artifactDigest: id(name),
    programRoot: id("program"),
    weightsRoot: id("weights"),
    quantisationDigest: id("none"),
    royaltyRecipient: actors.royaltyRecipient.address,
    royaltyPpm: 30_000n,
    verifierSelector: "0x00000000",
    tiers,
    attestedClass: 0n,
  };
  await models.connect(actors.publisher).publish(version, "ipfs://model");
  return models.versionIdOf(actors.publisher, version);
}

async function deployQuorumMarket(system: System): Promise<QuorumMarket> {
  const { chain, manager, registry, token, actors, peers } = system;
  const implementation = await chain.ethers.deployContract("QuorumMarket", [peers]);
  const quorum = await deployProxy(chain.ethers, implementation, [await manager.getAddress()]);
  const governance = actors.governance;
  await registry.connect(governance).setStakeModule(quorum, true);
  await quorum.connect(governance).setPaymentToken(token, true);
  await quorum.connect(governance).setTier(Tier.Quorum, true);
  const selector = quorum.interface.getFunction("setNewWorkPaused").selector;
  await manager.connect(governance).setTargetFunctionRole(quorum, [selector], GUARDIAN_ROLE);
  return quorum as QuorumMarket;
}

/** Deposits `amount` LAT (wei) of `payer` and lets the quorum market lock it. */
export async function fundPayer(
  { token, escrow, actors }: System,
  quorum: QuorumMarket,
  payer: Signer,
) {
  await token.connect(actors.deployer).transfer(payer, DEPOSIT);
  await token.connect(payer).approve(escrow, DEPOSIT);
  await escrow.connect(payer).deposit(token, payer, DEPOSIT);
  await escrow.connect(payer).setMarket(quorum, true);
}

export async function deployQuorum(chain: Chain, options: SystemOptions = {}): Promise<Quorum> {
  const system = await deploySystem(chain, { beacon: "steered", ...options });
  const quorum = await deployQuorumMarket(system);
  const modelVersion = await publishQuorumModel(system, "float", TIER_QUORUM_ONLY);
  const exactVersion = await publishQuorumModel(system, "integer", 6n);
  const signers = await chain.ethers.getSigners();
  const providers = signers.slice(FIRST_PROVIDER, FIRST_PROVIDER + PROVIDERS);
  for (const [position, provider] of providers.entries()) {
    const payout = { address: payoutOf(provider) } as Signer;
    await joinAsProvider(system, provider, { stake: parseEther("20000") });
    await system.registry.connect(provider).update("https://provider.example", payout.address, {
      accelerator: 2,
      memoryMiB: 4096,
      maxTensorBytes: 1 << 20,
      tiers: 7,
      maxCollateral: 2n ** 96n - 1n,
    });
    for (const version of [modelVersion, exactVersion]) {
      await system.registry.connect(provider).setOffer(version, system.token, askOf(position));
    }
  }
  await fundPayer(system, quorum, system.actors.requester);
  await settleWeights(system);
  return { ...system, quorum, providers, modelVersion, exactVersion };
}

/** An order of the requester for three members, with `changes`. */
export async function quorumOrder(system: Quorum, changes: Partial<Order> = {}): Promise<Order> {
  return {
    ...ORDER_DEFAULTS,
    requester: system.actors.requester.address,
    modelVersion: system.modelVersion,
    inputCommitment: INPUT_COMMITMENT,
    inputDigest: id("input"),
    paymentToken: await system.token.getAddress(),
    maxPrice: MAX_PRICE,
    collateral: COLLATERAL,
    tier: Tier.Quorum,
    mode: AssignmentMode.Draw,
    provider: ZeroAddress,
    redundancy: SIZE,
    assignSeconds: 600,
    commitSeconds: 120,
    proveSeconds: 300,
    ...changes,
  };
}

/** A job under way: what a test needs to go on with it. */
export interface Round {
  readonly system: Quorum;
  readonly order: Order;
  readonly jobId: bigint;
  readonly members: readonly Signer[];
}

export async function postQuorum(system: Quorum, order: Order): Promise<bigint> {
  await system.quorum.connect(system.actors.requester).post(order);
  return system.quorum.jobCount();
}

/** Begins epochs until the job's seed is there. */
export async function awaitSeed(system: Quorum, jobId: bigint): Promise<bigint> {
  const { drawEpoch } = await system.quorum.jobOf(jobId);
  while ((await system.beacon.currentEpoch()) < drawEpoch) await advanceEpoch(system);
  return drawEpoch;
}

/** The members of a job, in the order in which they were drawn. */
export async function membersOf({ quorum, chain }: Quorum, jobId: bigint): Promise<Signer[]> {
  const { members } = await quorum.jobOf(jobId);
  return Promise.all(members.map(({ provider }) => chain.ethers.getSigner(provider)));
}

/**
 * Posts a job and draws its members. Some seeds pick one provider too often to find enough of them: then the job is
 * posted an epoch later, as if the first had never been.
 */
export async function assigned(system: Quorum, changes: Partial<Order> = {}): Promise<Round> {
  const order = await quorumOrder(system, changes);
  for (let attempts = 0; attempts < 5; attempts++) {
    const before = await system.chain.networkHelpers.takeSnapshot();
    const jobId = await postQuorum(system, order);
    await awaitSeed(system, jobId);
    if (await findsEnough(system, system.quorum.assign.staticCall(jobId, order))) {
      await system.quorum.assign(jobId, order);
      return { system, order, jobId, members: await membersOf(system, jobId) };
    }
    await before.restore();
    await advanceEpoch(system);
  }
  throw new Error("Five seeds in a row found too few providers.");
}

/** Salt of a member, the same at commitment and reveal. */
export const saltOf = (member: Signer): string => id(`salt of ${member.address}`);

export async function placeOf({ system, jobId }: Round, member: Signer): Promise<QuorumPlace> {
  const { quorum, chain } = system;
  const { chainId } = await chain.ethers.provider.getNetwork();
  const { attempt } = await quorum.jobOf(jobId);
  const market = await quorum.getAddress();
  return { chainId, market, jobId, attempt, provider: member.address };
}

export async function commitAs(round: Round, member: Signer, answer: string) {
  const { system, order, jobId } = round;
  const commitment = answerCommitment(await placeOf(round, member), answer, saltOf(member));
  return system.quorum.connect(member).commit(jobId, order, commitment);
}

export async function revealAs({ system, order, jobId }: Round, member: Signer, answer: string) {
  return system.quorum.connect(member).reveal(jobId, order, answer, OUTPUT_DIGEST, saltOf(member));
}

/** What each member does in a round, in the order of the draw. `null`: nothing at all. */
export type Plan = readonly (
  | { readonly commits: string; readonly reveals: boolean }
  | "declines"
  | null
)[];

/** Commits and reveals as planned, letting time pass where somebody stays silent. */
export async function play(round: Round, plan: Plan): Promise<void> {
  const { system, order, jobId, members } = round;
  for (const [position, member] of members.entries()) {
    const part = plan[position];
    if (part === "declines") await system.quorum.connect(member).decline(jobId, order);
    else if (part) await commitAs(round, member, part.commits);
  }
  if (plan.includes(null)) await passDeadline(round);
  for (const [position, member] of members.entries()) {
    const part = plan[position];
    if (part && part !== "declines" && part.reveals) await revealAs(round, member, part.commits);
  }
}

export const tells = (answer: string) => ({ commits: answer, reveals: true });
export const hides = (answer: string) => ({ commits: answer, reveals: false });

/** Moves the clock to the deadline that the job states. */
export async function passDeadline({ system, jobId }: Round): Promise<void> {
  const { deadline } = await system.quorum.jobOf(jobId);
  await system.chain.networkHelpers.time.increaseTo(deadline);
}

/** Moves the clock past reveals, however the round stands. */
export async function passReveals({ system, order, jobId }: Round): Promise<void> {
  const { deadline } = await system.quorum.jobOf(jobId);
  await system.chain.networkHelpers.time.increaseTo(deadline + BigInt(order.proveSeconds));
}
