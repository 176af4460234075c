import {
  latticeDomain,
  type SessionTerms,
  SIGNING_DOMAINS,
  signVoucher,
  type TypedDataSigner,
  type Voucher,
} from "@lattice/sdk";
import type { HardhatEthersSigner as Signer } from "@nomicfoundation/hardhat-ethers/types";
import { type BytesLike, id, parseEther, ZeroAddress, ZeroHash } from "ethers";
import { deployProxy } from "./contracts.ts";
import { deployDisputes } from "./disputes.ts";
import { deployProviders, registration, stake, type World } from "./providers.ts";
import type { Chain } from "./system.ts";

/** Index of tier Optimistic, in which sessions are. */
const OPTIMISTIC = 1;
export const STAKE = 5_000n;
export const COLLATERAL = parseEther("20");
export const DEPOSIT = 1_000_000n;
export const FUNDS = 100_000_000n;
export const CHALLENGE_SECONDS = 600;
export const THAW_SECONDS = 300;
export const ROYALTY_PPM = 250_000n;
export const FEE_PPM = 170_000n;

export type Lane = Awaited<ReturnType<typeof deploySessions>>;

/** Voucher sessions on real custody and registries: one provider that joined, a requester and a sponsor with deposits. */
export async function deploySessions({ ethers }: Chain) {
  const world = await deployProviders(ethers, {
    ProtocolFeePpm: FEE_PPM,
    MaxRoyaltyPpm: 300_000n,
    MinChallengeSeconds: 60n,
    MaxWindowSeconds: 3_600n,
    EscrowThawSeconds: BigInt(THAW_SECONDS),
    OptimisticCollateralFloor: parseEther("10"),
  });
  const { governance, manager, parameters, vault, registry, beacon } = world;
  const authority = await manager.getAddress();
  const people = await cast(ethers, world);
  const escrow = await ethers.deployContract("PaymentEscrow", [parameters]);
  const token = await ethers.deployContract("MintableToken", ["Test Dollar", "USDT"]);
  const router = await deployProxy(ethers, await ethers.deployContract("VerifierRouter"), [
    authority,
  ]);
  const models = await ethers.deployContract("ModelRegistry", [parameters, router]);
  // Sessions ask neither policy nor matchmaker, and the test's models no gate but where it says so.
  const peers = {
    escrow,
    vault,
    registry,
    beacon,
    models,
    router,
    parameters,
    policy: ZeroAddress,
    matchmaker: ZeroAddress,
    treasury: people.treasury,
  };
  const judges = await deployDisputes(ethers, {
    ...{ manager, lat: world.lat, parameters, models, registry, vault },
  });
  const { disputes } = judges;
  const implementation = await ethers.deployContract("VoucherSettlement", [
    peers,
    ZeroAddress,
    disputes,
  ]);
  const vouchers = await deployProxy(ethers, implementation, [authority]);
  await registry.setStakeModule(vouchers, true);
  await registry.setStakeModule(judges.equivocation, true);
  await disputes.setLane(vouchers, judges.readers.sessions);
  await vouchers.setTier(OPTIMISTIC, true);
  await vouchers.setPaymentToken(token, true);
  const modelVersion = await publishModel({ models, people }, "first", ROYALTY_PPM);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = latticeDomain(SIGNING_DOMAINS.VoucherSettlement, {
    chainId,
    verifyingContract: await vouchers.getAddress(),
  });
  const lane = {
    people,
    ...{ ethers, world, governance, ...people },
    ...{ manager, parameters, vault, registry, models, escrow, token, vouchers, implementation },
    ...{ peers, modelVersion, domain, ...judges },
  };
  await joinAs(lane, people.provider, people.payout);
  for (const payer of [people.requester, people.sponsor]) await fund(lane, payer);
  return lane;
}

async function cast(ethers: Chain["ethers"], { alice, bob, payout, stranger }: World) {
  const [requester, sponsor, publisher, recipient, treasury, redeemer] = (
    await ethers.getSigners()
  ).slice(7);
  if (!requester || !sponsor || !publisher || !recipient || !treasury || !redeemer) {
    throw new Error("too few accounts");
  }
  const providers = { provider: alice, otherProvider: bob, payout, stranger };
  return { ...providers, requester, sponsor, publisher, recipient, treasury, redeemer };
}

/** Publishes a model version of tier Optimistic. */
export async function publishModel(
  { models, people }: { models: Lane["models"]; people: Awaited<ReturnType<typeof cast>> },
  name: string,
  royaltyPpm: bigint,
  changes: { tiers?: bigint; attestedClass?: bigint } = {},
): Promise<string> {
  const version = {
    artifactDigest: id(name),
    programRoot: id("program"),
    weightsRoot: id("weights"),
    quantisationDigest: id("quantisation"),
    royaltyRecipient: people.recipient.address,
    royaltyPpm,
    verifierSelector: "0x00000000",
    tiers: 2n,
    attestedClass: 0n,
    ...changes,
  };
  await models.connect(people.publisher).publish(version, "ipfs://model");
  return models.versionIdOf(people.publisher, version);
}

/** Stakes and registers, with no limit to the collateral of one job. */
export async function joinAs(
  { world, registry }: Pick<Lane, "world" | "registry">,
  account: Signer,
  payout: Signer,
) {
  await stake(world, account, STAKE);
  const [endpoint, to, capabilities, key, possession] = await registration(world, account, payout);
  const generous = { ...capabilities, maxCollateral: 2n ** 96n - 1n };
  await registry.connect(account).register(endpoint, to, generous, key, possession);
}

/** Gives an account a deposit that sessions may lock. */
export async function fund(
  { token, escrow, vouchers }: Pick<Lane, "token" | "escrow" | "vouchers">,
  account: Signer,
  amount = FUNDS,
) {
  await token.mint(account, amount);
  await token.connect(account).approve(escrow, amount);
  await escrow.connect(account).deposit(token, account, amount);
  await escrow.connect(account).setMarket(vouchers, true);
}

/** Terms of a session that the requester pays itself. */
export async function termsOf(
  lane: Lane,
  changes: Partial<SessionTerms> = {},
): Promise<SessionTerms> {
  const latest = await lane.ethers.provider.getBlock("latest");
  if (!latest) throw new Error("no block");
  return {
    requester: lane.requester.address,
    sponsor: ZeroAddress,
    provider: lane.provider.address,
    modelVersion: lane.modelVersion,
    paymentToken: await lane.token.getAddress(),
    deposit: DEPOSIT,
    collateral: COLLATERAL,
    challengeSeconds: CHALLENGE_SECONDS,
    maxUnsigned: 5_000n,
    expiresAt: latest.timestamp + 86_400,
    ...changes,
  };
}

/** Tries to open with `changes` as the requester. */
export async function opening(lane: Lane, changes: Partial<SessionTerms>, opener = lane.requester) {
  return lane.vouchers.connect(opener).open(await termsOf(lane, changes));
}

/** Opens a session as its requester, or as `opener`, and returns its id. */
export async function openSession(
  lane: Lane,
  changes: Partial<SessionTerms> = {},
  opener: Signer = lane.requester,
): Promise<string> {
  const terms = await termsOf(lane, changes);
  const session = await lane.vouchers.connect(opener).open.staticCall(terms);
  await lane.vouchers.connect(opener).open(terms);
  return session;
}

/** A voucher over `amount`; without jobs unless it is told otherwise. */
export function voucherFor(
  session: string,
  amount: bigint,
  { jobs = 0n, jobsRoot = ZeroHash }: { jobs?: bigint; jobsRoot?: string } = {},
): Voucher {
  return { session, amount, jobs, jobsRoot };
}

/** The same, and its requester's signature. */
export async function signed(
  lane: Lane,
  voucher: Voucher,
  signer: TypedDataSigner = lane.requester,
): Promise<{ voucher: Voucher; signature: string }> {
  return { voucher, signature: await signVoucher(signer, lane.domain, voucher) };
}

/** Redeems as the provider, or as `redeemer`. */
export function redeem(
  { vouchers, provider }: Lane,
  items: readonly { voucher: Voucher; signature: BytesLike }[],
  redeemer: Signer = provider,
) {
  return vouchers.connect(redeemer).redeem(
    items.map(({ voucher }) => voucher),
    items.map(({ signature }) => signature),
  );
}

/** Redeems one voucher over `amount` as the provider. */
export async function redeemAmount(lane: Lane, session: string, amount: bigint) {
  return redeem(lane, [await signed(lane, voucherFor(session, amount))]);
}

/** Earnings of all whom vouchers pay, in the escrow. */
export async function earningsOf({ escrow, token, payout, recipient, treasury }: Lane) {
  const earned = async (account: Signer) => (await escrow.accountOf(account, token)).earnings;
  return {
    provider: await earned(payout),
    publisher: await earned(recipient),
    fee: await earned(treasury),
  };
}

/** Deposit of an account in the escrow. */
export async function depositOf({ escrow, token }: Lane, account: Signer): Promise<bigint> {
  return (await escrow.accountOf(account, token)).deposit;
}

/** Collateral that sessions have locked of the provider's stake; nothing else locks any. */
export async function exposureOf({ vault, registry, vouchers, provider }: Lane): Promise<bigint> {
  const { exposure } = await vault.provisionOf(provider, registry);
  const locked = await vault.lockedBy(provider, registry, vouchers);
  if (exposure !== locked) throw new Error(`${exposure} is exposed, ${locked} locked by sessions`);
  return locked;
}
