import { bls, settlementDomain, Tier } from "@lattice/sdk";
import type { HardhatEthersSigner as Signer } from "@nomicfoundation/hardhat-ethers/types";
import { id, parseEther, type Wallet } from "ethers";
import { deployAccessManager, deployProxy } from "./contracts.ts";
import { deployDisputes } from "./disputes.ts";
import { parameterValues } from "./parameters.ts";
import type { Chain } from "./system.ts";

/** Rates that do not divide evenly; LAT wei and token units. */
export const ROYALTY_PPM = 30_001n;
export const ASK = 1_000_003n;
export const BEN_ASK = 1_500_007n;
export const MAX_PRICE = 2_000_000n;
export const COLLATERAL = parseEther("10");
export const CHALLENGE_SECONDS = 120;
export const FUNDS = 1_000_000_000n;
export const STAKE = parseEther("20000");

export type Lane = Awaited<ReturnType<typeof deployLane>>;
export type Key = Signer | Wallet;

/** The lane with real peers behind real proxies, a steered beacon, two offering providers and funded requesters. */
export async function deployLane(chain: Chain) {
  const { ethers } = chain;
  const [governance, ada, ben, rita, rob, sponsor, stranger, adaPayout, royalties] =
    await ethers.getSigners();
  if (
    !governance ||
    !ada ||
    !ben ||
    !rita ||
    !rob ||
    !sponsor ||
    !stranger ||
    !adaPayout ||
    !royalties
  ) {
    throw new Error("the chain offers too few accounts");
  }
  const manager = await deployAccessManager(ethers, governance);
  const start = [await manager.getAddress()];
  const parameters = await ethers.deployContract("ProtocolParameters", [
    manager,
    parameterValues(),
  ]);
  const lat = await ethers.deployContract("LatticeToken", [governance, parseEther("1000000000")]);
  const token = await ethers.deployContract("MintableToken", ["Test Dollar", "USDT"]);
  const vault = await ethers.deployContract("StakeVault", [lat, parameters]);
  const escrow = await ethers.deployContract("PaymentEscrow", [parameters]);
  const registry = await deployProxy(
    ethers,
    await ethers.deployContract("ProviderRegistry", [
      vault,
      parameters,
      await ethers.deployContract("DelegationPayout", [escrow, vault, lat]),
    ]),
    start,
  );
  const router = await deployProxy(ethers, await ethers.deployContract("VerifierRouter"), start);
  const models = await ethers.deployContract("ModelRegistry", [parameters, router]);
  const beacon = await deploySteeredBeacon(chain);
  await registry.connectBeacon(beacon);
  const rewards = await ethers.deployContract("BeaconRewards", [beacon, registry]);
  const treasury = await ethers.deployContract("FeeTreasury", [
    manager,
    escrow,
    parameters,
    lat,
    rewards,
  ]);
  const policy = await ethers.deployContract("OrderPolicy", [models, router, parameters]);
  const gate = await ethers.deployContract("TableGate");
  const matchmaker = await ethers.deployContract("Matchmaker", [
    registry,
    vault,
    models,
    gate,
    parameters,
    beacon,
  ]);
  const committees = await ethers.deployContract("Committees", [registry, beacon]);
  const peers = {
    escrow,
    vault,
    registry,
    beacon,
    models,
    router,
    parameters,
    policy,
    matchmaker,
    treasury,
  };
  const judges = await deployDisputes(ethers, {
    ...{ manager, lat, parameters, models, registry, vault },
  });
  const { disputes } = judges;
  const implementation = await ethers.deployContract("OrderSettlement", [
    peers,
    committees,
    gate,
    disputes,
  ]);
  const settlement = await deployProxy(ethers, implementation, start);
  await registry.setStakeModule(settlement, true);
  await registry.setStakeModule(judges.equivocation, true);
  await disputes.setLane(settlement, judges.readers.batches);
  await settlement.setPaymentToken(token, true);
  await settlement.setTier(Tier.Optimistic, true);
  await settlement.setTier(Tier.Zk, true);

  const verifier = await ethers.deployContract("TableVerifier");
  await router.register(verifier, 300_000);
  const version = {
    artifactDigest: id("artifact"),
    programRoot: id("program"),
    weightsRoot: id("weights"),
    quantisationDigest: id("quantisation"),
    royaltyRecipient: royalties.address,
    royaltyPpm: ROYALTY_PPM,
    verifierSelector: await router.selectorOf(verifier),
    tiers: 3n,
    attestedClass: 0n,
  };
  await models.publish(version, "ipfs://model");
  const modelVersion = await models.versionIdOf(governance, version);
  const { chainId } = await ethers.provider.getNetwork();
  const lane = {
    chain,
    actors: { governance, ada, ben, rita, rob, sponsor, stranger, adaPayout, royalties },
    manager,
    parameters,
    lat,
    token,
    vault,
    escrow,
    treasury,
    registry,
    router,
    models,
    beacon,
    gate,
    committees,
    ...judges,
    peers,
    implementation,
    settlement,
    verifier,
    version,
    modelVersion,
    pool: await registry.poolOf(modelVersion, token),
    domain: settlementDomain(chainId, await settlement.getAddress()),
  };
  await join(lane, ada, adaPayout, ASK);
  await join(lane, ben, ben, BEN_ASK);
  for (const requester of [rita, rob, sponsor]) await fund(lane, requester);
  await beginEpochs(lane, 2);
  return lane;
}

/** Behind a proxy, as the real beacon is; its epoch zero begins as the proxy is made. */
async function deploySteeredBeacon({ ethers }: Chain) {
  const implementation = await ethers.deployContract("SteeredBeacon");
  const begin = implementation.interface.encodeFunctionData("start", [id("genesis"), false]);
  const proxy = await ethers.deployContract("ERC1967Proxy", [implementation, begin]);
  return ethers.getContractAt("SteeredBeacon", await proxy.getAddress());
}

async function join(lane: Lane, provider: Signer, payout: Signer, ask: bigint) {
  const { lat, vault, registry, modelVersion, token } = lane;
  await lat.transfer(provider, STAKE);
  await lat.connect(provider).approve(vault, STAKE);
  await vault.connect(provider).provision(registry, STAKE);
  const key = bls.keyFromSeed(id(provider.address));
  const possession = bls.sign(key, await registry.possessionMessage(provider), bls.POSSESSION_DST);
  const capabilities = {
    accelerator: 1,
    memoryMiB: 4096,
    maxTensorBytes: 1 << 20,
    tiers: 3,
    maxCollateral: COLLATERAL,
  };
  await registry
    .connect(provider)
    .register("https://provider.example", payout, capabilities, bls.publicKeyOf(key), possession);
  await registry.connect(provider).setOffer(modelVersion, token, ask);
}

/** Deposits `amount` for `owner`, and has it allow the lane. */
export async function fund(lane: Lane, owner: Key, amount = FUNDS): Promise<void> {
  const { token, escrow, settlement, actors, chain } = lane;
  await token.mint(actors.governance, amount);
  await token.connect(actors.governance).approve(escrow, amount);
  await escrow.connect(actors.governance).deposit(token, owner, amount);
  await chain.networkHelpers.setBalance(owner.address, parseEther("10"));
  await escrow.connect(owner).setMarket(settlement, true);
}

export async function beginEpochs({ beacon }: Lane, count: number): Promise<bigint> {
  for (let i = 0; i < count; ++i) {
    await beacon.start(id(`seed ${await beacon.currentEpoch()}`), true);
  }
  return beacon.currentEpoch();
}
