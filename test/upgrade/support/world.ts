import hre, { network } from "hardhat";
import { deployLattice } from "../../../deploy/deployment.ts";
import { LAT, namedSigners } from "../../helpers/custody.ts";
import { settleWeights } from "../../helpers/epochs.ts";
import { addStake, joinAsProvider } from "../../helpers/joining.ts";
import { ASKS, fundRequester, type Marketplace, publishModel } from "../../helpers/orders.ts";

export const STAKES = { ada: 20_000n * LAT, ben: 30_000n * LAT, cal: 50_000n * LAT } as const;

/** The deployed protocol at work, and the governance that can upgrade it. */
export type World = Awaited<ReturnType<typeof deployWorld>>;

/** A chain of its own: contracts that only rehearse upgrades may be larger than a chain allows. */
export const connection = await network.create({ override: { allowUnlimitedContractSize: true } });

/** Deploys as the deployment does: governance holds every role. Three providers offer a model; a requester has funds. */
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
  );
  const timelock = await ethers.getContractAt("TimelockController", at.TimelockController);
  await networkHelpers.setBalance(at.TimelockController, 1_000n * LAT);
  const verifier = await ethers.deployContract("TableVerifier");
  const system = {
    chain: { ethers, networkHelpers },
    actors: { ...actors, governance: await ethers.getImpersonatedSigner(at.TimelockController) },
    manager: await ethers.getContractAt("AccessManager", at.AccessManager),
    timelock,
    governor: await ethers.getContractAt("LatticeGovernor", at.LatticeGovernor),
    token: await ethers.getContractAt("LatticeToken", at.LatticeToken),
    parameters: await ethers.getContractAt("ProtocolParameters", at.ProtocolParameters),
    vault: await ethers.getContractAt("StakeVault", at.StakeVault),
    escrow: await ethers.getContractAt("PaymentEscrow", at.PaymentEscrow),
    treasury: await ethers.getContractAt("FeeTreasury", at.FeeTreasury),
    burner: await ethers.getContractAt("TokenBurner", at.TokenBurner),
    registry: await ethers.getContractAt("ProviderRegistry", at.ProviderRegistry),
    router: await ethers.getContractAt("VerifierRouter", at.VerifierRouter),
    models: await ethers.getContractAt("ModelRegistry", at.ModelRegistry),
    beacon: await ethers.getContractAt("IEpochBeacon", at.EpochBeacon),
    market: await ethers.getContractAt("JobMarket", at.JobMarket),
    steered: undefined,
    keys: new Map<string, Uint8Array>(),
    addressBook,
    verifier,
  };
  const modelVersion = await publishModel(system, await verifier.getAddress());
  const selector = await system.router.selectorOf(verifier);
  const world = { ...system, modelVersion, selector };
  await joinAll(world);
  await fundRequester(world, actors.requester, 1_000n * LAT);
  await settleWeights(world);
  await system.token.transfer(actors.voter, 100_000_000n * LAT);
  await system.token.connect(actors.voter).delegate(actors.voter);
  return world;
}

async function joinAll(world: Marketplace): Promise<void> {
  const { ada, ben, cal, adaPayout, benPayout, calPayout } = world.actors;
  for (const [provider, payout, name] of [
    [ada, adaPayout, "ada"],
    [ben, benPayout, "ben"],
    [cal, calPayout, "cal"],
  ] as const) {
    await joinAsProvider(world, provider, { stake: STAKES[name], payout });
    await world.registry.connect(provider).setOffer(world.modelVersion, ASKS[name]);
  }
  // Something that thaws at the time of an upgrade.
  await addStake(world, ada, 1_000n * LAT);
  await world.vault.connect(ada).thaw(world.registry, 1_000n * LAT);
}
