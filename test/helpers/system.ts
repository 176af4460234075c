import { type ParameterName, Tier } from "@lattice/sdk";
import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";
import { id, parseEther } from "ethers";
import { deployAccessManager, deployProxy } from "./contracts.ts";
import { deployDisputes } from "./disputes.ts";
import { deployEas } from "./eas.ts";
import { parameterValues } from "./parameters.ts";

/** What a test file gets from `network.create()`. */
export interface Chain {
  readonly ethers: HardhatEthers;
  readonly networkHelpers: NetworkHelpers;
}

export interface SystemOptions {
  /** `real`: seeds come from BLS reveals; `steered`: the test chooses them. Default: real. */
  readonly beacon?: "real" | "steered";
  /** `real`: evidence is judged; `steered`: the test says what of. Default: steered. */
  readonly referees?: "real" | "steered";
  readonly parameters?: Partial<Record<ParameterName, bigint>>;
}

/** Systems that a test deployed, or found deployed: those have referees of their own. */
export type System = Omit<Awaited<ReturnType<typeof deploySystem>>, "referee">;
export type Signer = HardhatEthersSigner;

/** AccessManager role that may stop new work. */
const GUARDIAN_ROLE = 1n;
/** AccessManager role that may jail providers and free them. */
const JAILER_ROLE = 2n;
const ADMIN_ROLE = 0n;
const TIMELOCK_DELAY_SECONDS = 600;

export const GENESIS_SEED = id("genesis of the tests");

/** Deploys the whole protocol, roles handed to the timelock, LAT accepted as payment. */
export async function deploySystem(chain: Chain, options: SystemOptions = {}) {
  const { ethers, networkHelpers } = chain;
  const actors = await namedActors(ethers);
  const { deployer, guardian } = actors;
  const manager = await deployAccessManager(ethers, deployer);
  const custody = await deployCustody(ethers, actors, await manager.getAddress(), options);
  const registries = await deployRegistries(ethers, await manager.getAddress(), custody, options);
  const fees = await deployTreasury(ethers, await manager.getAddress(), custody, registries);
  const peers = { manager, lat: custody.token, ...custody, ...registries };
  const judges = await deployDisputes(
    ethers,
    peers,
    options.referees === "real" ? registries.router : undefined,
  );
  const lanes = await deployMarket(
    ethers,
    await manager.getAddress(),
    { ...custody, ...fees, ...judges },
    registries,
  );
  const { market } = lanes;

  await registries.registry.setStakeModule(market, true);
  await registries.registry.setStakeModule(judges.equivocation, true);
  await judges.disputes.setLane(market, judges.readers.jobs);
  await market.setPaymentToken(custody.token, true);
  await market.setTier(Tier.Zk, true);
  await market.setTier(Tier.Optimistic, true);

  const timelock = await ethers.deployContract("TimelockController", [
    TIMELOCK_DELAY_SECONDS,
    [deployer],
    [deployer],
    deployer,
  ]);
  const guarded = market.interface.getFunction("setNewWorkPaused").selector;
  await manager.setTargetFunctionRole(market, [guarded], GUARDIAN_ROLE);
  await manager.grantRole(GUARDIAN_ROLE, guardian, 0);
  await manager.grantRole(GUARDIAN_ROLE, timelock, 0);
  const jail = registries.registry.interface.getFunction("setJailed").selector;
  await manager.setTargetFunctionRole(registries.registry, [jail], JAILER_ROLE);
  await manager.grantRole(JAILER_ROLE, registries.gate, 0);
  await manager.grantRole(JAILER_ROLE, timelock, 0);
  await manager.grantRole(ADMIN_ROLE, timelock, 0);
  await manager.renounceRole(ADMIN_ROLE, deployer);

  // The timelock itself, for calls that governance makes once a proposal's delay is over.
  const governance = await ethers.getImpersonatedSigner(await timelock.getAddress());
  await networkHelpers.setBalance(governance.address, parseEther("1000"));
  return {
    chain,
    actors: { ...actors, governance },
    manager,
    timelock,
    ...custody,
    ...registries,
    ...fees,
    ...judges,
    ...lanes,
    /** BLS secret keys of the registered providers. */
    keys: new Map<string, Uint8Array>(),
  };
}

async function namedActors(ethers: HardhatEthers) {
  const names = [
    "deployer",
    "requester",
    "ada",
    "ben",
    "cal",
    "publisher",
    "reporter",
    "guardian",
    "stranger",
    "royaltyRecipient",
    "adaPayout",
    "benPayout",
    "calPayout",
    "attestor",
  ] as const;
  const signers = await ethers.getSigners();
  if (signers.length < names.length)
    throw new Error(`the chain must offer ${names.length} accounts`);
  return Object.fromEntries(names.map((name, index) => [name, signers[index]])) as Record<
    (typeof names)[number],
    Signer
  >;
}

async function deployCustody(
  ethers: HardhatEthers,
  { deployer }: Record<"deployer", Signer>,
  manager: string,
  options: SystemOptions,
) {
  const token = await ethers.deployContract("LatticeToken", [deployer, parseEther("1000000000")]);
  const parameters = await ethers.deployContract("ProtocolParameters", [
    manager,
    parameterValues(options.parameters),
  ]);
  const vault = await ethers.deployContract("StakeVault", [token, parameters]);
  const escrow = await ethers.deployContract("PaymentEscrow", [parameters]);
  return { token, parameters, vault, escrow };
}

type Custody = Awaited<ReturnType<typeof deployCustody>>;

async function deployRegistries(
  ethers: HardhatEthers,
  manager: string,
  { vault, parameters, escrow, token }: Custody,
  options: SystemOptions,
) {
  const delegationPayout = await ethers.deployContract("DelegationPayout", [escrow, vault, token]);
  const registry = await deployProxy(
    ethers,
    await ethers.deployContract("ProviderRegistry", [vault, parameters, delegationPayout]),
    [manager],
  );
  const router = await deployProxy(ethers, await ethers.deployContract("VerifierRouter"), [
    manager,
  ]);
  const models = await ethers.deployContract("ModelRegistry", [parameters, router]);
  const steered =
    options.beacon === "steered" ? await ethers.deployContract("SteeredBeacon") : undefined;
  const beaconAddress = steered
    ? await steered.getAddress()
    : await (
        await deployProxy(
          ethers,
          await ethers.deployContract("EpochBeacon", [registry, vault, parameters, 0]),
          [manager, GENESIS_SEED],
        )
      ).getAddress();
  const beacon = await ethers.getContractAt("IEpochBeacon", beaconAddress);
  await registry.connectBeacon(beacon);
  if (!steered) await registry.setStakeModule(beacon, true);
  const { eas, schemas } = await deployEas(ethers);
  const gate = await deployProxy(
    ethers,
    await ethers.deployContract("AttestationGate", [eas, registry]),
    [manager, [], []],
  );
  return { registry, router, models, beacon, steered, eas, schemas, gate };
}

type Registries = Awaited<ReturnType<typeof deployRegistries>>;

async function deployTreasury(
  ethers: HardhatEthers,
  manager: string,
  { token, parameters, escrow }: Custody,
  { beacon, registry }: Registries,
) {
  const rewards = await ethers.deployContract("BeaconRewards", [beacon, registry]);
  const treasury = await ethers.deployContract("FeeTreasury", [
    manager,
    escrow,
    parameters,
    token,
    rewards,
  ]);
  return { rewards, treasury };
}

async function deployMarket(
  ethers: HardhatEthers,
  manager: string,
  custody: Custody &
    Awaited<ReturnType<typeof deployTreasury>> &
    Awaited<ReturnType<typeof deployDisputes>>,
  registries: Registries,
) {
  const { escrow, vault, parameters, treasury, disputes } = custody;
  const { registry, beacon, models, router, gate } = registries;
  const policy = await ethers.deployContract("OrderPolicy", [models, router, parameters]);
  const matchmaker = await ethers.deployContract("Matchmaker", [
    registry,
    vault,
    models,
    gate,
    parameters,
    beacon,
  ]);
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
  const implementation = await ethers.deployContract("JobMarket", [peers, disputes]);
  const market = await deployProxy(ethers, implementation, [manager]);
  return { market, matchmaker, policy, peers };
}
