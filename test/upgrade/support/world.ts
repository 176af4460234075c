import { type AddressBook, settlementDomain } from "@lattice/sdk";
import hre, { network } from "hardhat";
import { deployLattice } from "../../../deploy/deployment.ts";
import { LAT, namedSigners } from "../../helpers/custody.ts";
import { easAt } from "../../helpers/eas.ts";
import { settleWeights } from "../../helpers/epochs.ts";
import { addStake, joinAsProvider } from "../../helpers/joining.ts";
import { ASKS, fundRequester, type Marketplace, publishModel } from "../../helpers/orders.ts";

export const STAKES = { ada: 20_000n * LAT, ben: 30_000n * LAT, cal: 50_000n * LAT } as const;

/** What Ben keeps of his delegators' earnings. */
const CUT_PPM = 200_000n;

/** The deployed protocol at work, and the governance that can upgrade it. */
export type World = Awaited<ReturnType<typeof deployWorld>>;

/** A chain of its own: contracts that only rehearse upgrades may be larger than a chain allows. */
export const connection = await network.create({ override: { allowUnlimitedContractSize: true } });

/**
 * Deploys as the deployment does: governance holds every role, and opened tier Optimistic beside Zk. Three providers
 * offer a model, one of them takes delegations; a requester has funds.
 */
export async function deployWorld() {
  const { ethers, networkHelpers } = connection;
  const { addressBook } = await deployLattice(hre, connection, { verifiers: "none" });
  const at = addressBook.contracts;
  const actors = await namedSigners(
    ethers,
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
    "voter",
    "dana",
    "emil",
    "attestor",
  );
  const timelock = await ethers.getContractAt("TimelockController", at.TimelockController);
  await networkHelpers.setBalance(at.TimelockController, 1_000n * LAT);
  const verifier = await ethers.deployContract("TableVerifier");
  const peers = await peersAt(at);
  const lanes = await lanesAt(at);
  const { chainId } = await ethers.provider.getNetwork();
  const system = {
    chain: { ethers, networkHelpers },
    actors: { ...actors, governance: await ethers.getImpersonatedSigner(at.TimelockController) },
    peers,
    ...peers,
    manager: await ethers.getContractAt("AccessManager", at.AccessManager),
    timelock,
    governor: await ethers.getContractAt("LatticeGovernor", at.LatticeGovernor),
    token: await ethers.getContractAt("LatticeToken", at.LatticeToken),
    rewards: await ethers.getContractAt("BeaconRewards", at.BeaconRewards),
    lanes,
    ...lanes,
    equivocation: await ethers.getContractAt("Equivocation", at.Equivocation),
    readers: await readersAt(at),
    ...(await easAt(ethers, addressBook.external)),
    steered: undefined,
    keys: new Map<string, Uint8Array>(),
    addressBook,
    verifier,
    /** Of orders that are settled in batches. */
    domain: settlementDomain(chainId, at.OrderSettlement),
  };
  const modelVersion = await publishModel(system, await verifier.getAddress());
  const selector = await system.router.selectorOf(verifier);
  const world = { ...system, modelVersion, selector };
  await joinAll(world);
  await fundRequester(world, actors.requester, 1_000n * LAT);
  for (const lane of Object.values(lanes)) {
    await world.escrow.connect(actors.requester).setMarket(lane, true);
  }
  // What lanes keep beside their work.
  for (const lane of Object.values(lanes)) {
    await lane.connect(actors.publisher).setSponsorship(actors.requester, world.token, LAT);
    await lane.connect(actors.requester).cancelNonces(9, 6);
  }
  await world.vouchers.connect(actors.ada).setRedeemer(actors.stranger, true);
  await settleWeights(world);
  await system.token.transfer(actors.voter, 100_000_000n * LAT);
  await system.token.connect(actors.voter).delegate(actors.voter);
  return world;
}

/** Waits until `moment` (Unix seconds), unless something else under way had to wait for longer. */
export async function waitUntil({ chain }: World, moment: bigint): Promise<void> {
  const { time } = chain.networkHelpers;
  if (BigInt(await time.latest()) < moment) await time.increaseTo(moment);
}

/** What every lane works with. */
async function peersAt(at: AddressBook["contracts"]) {
  const { ethers } = connection;
  return {
    escrow: await ethers.getContractAt("PaymentEscrow", at.PaymentEscrow),
    vault: await ethers.getContractAt("StakeVault", at.StakeVault),
    registry: await ethers.getContractAt("ProviderRegistry", at.ProviderRegistry),
    beacon: await ethers.getContractAt("IEpochBeacon", at.EpochBeacon),
    models: await ethers.getContractAt("ModelRegistry", at.ModelRegistry),
    router: await ethers.getContractAt("VerifierRouter", at.VerifierRouter),
    parameters: await ethers.getContractAt("ProtocolParameters", at.ProtocolParameters),
    policy: await ethers.getContractAt("OrderPolicy", at.OrderPolicy),
    matchmaker: await ethers.getContractAt("Matchmaker", at.Matchmaker),
    committees: await ethers.getContractAt("Committees", at.Committees),
    gate: await ethers.getContractAt("AttestationGate", at.AttestationGate),
    treasury: await ethers.getContractAt("FeeTreasury", at.FeeTreasury),
    disputes: await ethers.getContractAt("DisputeGame", at.DisputeGame),
  };
}

/** The lanes: what locks deposits and stake. */
async function lanesAt(at: AddressBook["contracts"]) {
  const { ethers } = connection;
  return {
    market: await ethers.getContractAt("JobMarket", at.JobMarket),
    quorum: await ethers.getContractAt("QuorumMarket", at.QuorumMarket),
    settlement: await ethers.getContractAt("OrderSettlement", at.OrderSettlement),
    vouchers: await ethers.getContractAt("VoucherSettlement", at.VoucherSettlement),
  };
}

/** Who reads the lanes for the dispute game. */
async function readersAt(at: AddressBook["contracts"]) {
  const { ethers } = connection;
  return {
    jobs: await ethers.getContractAt("JobClaims", at.JobClaims),
    batches: await ethers.getContractAt("BatchClaims", at.BatchClaims),
    sessions: await ethers.getContractAt("SessionClaims", at.SessionClaims),
  };
}

async function joinAll(world: Marketplace): Promise<void> {
  const { ada, ben, cal, adaPayout, benPayout, calPayout } = world.actors;
  for (const [provider, payout, name] of [
    [ada, adaPayout, "ada"],
    [ben, benPayout, "ben"],
    [cal, calPayout, "cal"],
  ] as const) {
    await joinAsProvider(world, provider, { stake: STAKES[name], payout });
    await world.registry.connect(provider).setOffer(world.modelVersion, world.token, ASKS[name]);
  }
  await world.registry.connect(ben).openDelegation(CUT_PPM);
  // Something that thaws at the time of an upgrade.
  await addStake(world, ada, 1_000n * LAT);
  await world.vault.connect(ada).thaw(world.registry, 1_000n * LAT);
}
