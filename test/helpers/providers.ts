import { bls, type ParameterName } from "@lattice/sdk";
import type {
  HardhatEthers,
  HardhatEthersSigner as Signer,
} from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";
import { type Addressable, concat, id, keccak256, parseEther, toBeHex, ZeroHash } from "ethers";
import { deployAccessManager, deployProxy } from "./contracts.ts";
import { parameterValues } from "./parameters.ts";

/** The pool of all registered providers, among which beacon leaders are drawn. */
export const LEADER_POOL = ZeroHash;
export const GENESIS_SEED = id("genesis");
export const ENDPOINT = "https://provider.example";
export const CAPABILITIES = {
  accelerator: 1n,
  memoryMiB: 8_192n,
  maxTensorBytes: 16_777_216n,
  tiers: 1n,
  maxCollateral: 10n ** 24n,
};

/** BLS secret of a provider; the same for the same account. */
export function secretOf(account: Signer): Uint8Array {
  return bls.keyFromSeed(id(account.address));
}

/**
 * Registry, beacon and what they stand on, connected as deployment connects them. By default the beacon has no
 * fallback, as on local chains.
 */
export async function deployProviders(
  ethers: HardhatEthers,
  overrides: Partial<Record<ParameterName, bigint>> = {},
  fallbackSeconds = 0n,
) {
  const [governance, alice, bob, carol, payout, reporter, stranger] = await ethers.getSigners();
  if (!governance || !alice || !bob || !carol || !payout || !reporter || !stranger) {
    throw new Error("too few accounts");
  }
  const manager = await deployAccessManager(ethers, governance);
  const parameters = await ethers.deployContract("ProtocolParameters", [
    manager,
    parameterValues(overrides),
  ]);
  const lat = await ethers.deployContract("LatticeToken", [governance, parseEther("1000000000")]);
  const vault = await ethers.deployContract("StakeVault", [lat, parameters]);
  const authority = await manager.getAddress();
  const escrow = await ethers.deployContract("PaymentEscrow", [parameters]);
  const delegationPayout = await ethers.deployContract("DelegationPayout", [escrow, vault, lat]);
  const registry = await deployProxy(
    ethers,
    await ethers.deployContract("ProviderRegistry", [vault, parameters, delegationPayout]),
    [authority],
  );
  const beacon = await deployProxy(
    ethers,
    await ethers.deployContract("EpochBeacon", [registry, vault, parameters, fallbackSeconds]),
    [authority, GENESIS_SEED],
  );
  await registry.connectBeacon(beacon);
  await registry.setStakeModule(beacon, true);
  const accounts = { governance, alice, bob, carol, payout, reporter, stranger };
  const custody = { lat, vault, escrow, delegationPayout };
  return { ...accounts, ...custody, ethers, manager, parameters, registry, beacon };
}

export type World = Awaited<ReturnType<typeof deployProviders>>;

/** Gives `account` LAT and provisions it to the registry. Amount in whole LAT. */
export async function stake({ lat, vault, registry }: World, account: Signer, amount: bigint) {
  const wei = amount * 10n ** 18n;
  await lat.transfer(account, wei);
  await lat.connect(account).approve(vault, wei);
  return vault.connect(account).provision(registry, wei);
}

/** What `register` takes for this account, its proof of possession included. */
export async function registration({ registry }: World, account: Signer, payout: Signer = account) {
  const secret = secretOf(account);
  const message = await registry.possessionMessage(account);
  return [
    ENDPOINT,
    payout.address,
    CAPABILITIES,
    bls.publicKeyOf(secret),
    bls.sign(secret, message, bls.POSSESSION_DST),
  ] as const;
}

/** Stakes (whole LAT) and registers. */
export async function join(world: World, account: Signer, amount: bigint, payout?: Signer) {
  await stake(world, account, amount);
  return world.registry.connect(account).register(...(await registration(world, account, payout)));
}

/** The account among the named ones with this address. */
export function accountOf(world: World, address: string): Signer {
  const { alice, bob, carol } = world;
  const found = [alice, bob, carol].find((account) => account.address === address);
  if (!found) throw new Error(`No provider of this test has the address ${address}.`);
  return found;
}

/** The key and signature with which `account` would begin the next epoch. */
export async function revelation({ beacon }: World, account: Signer) {
  const secret = secretOf(account);
  const message = await beacon.revealMessage();
  return [bls.publicKeyOf(secret), bls.sign(secret, message, bls.BEACON_DST)] as const;
}

/** Begins `epochs` epochs at the opening of rank 0, by its leader or, while there is none, by bootstrap. */
export async function advance(world: World, helpers: NetworkHelpers, epochs = 1) {
  const { beacon } = world;
  for (let i = 0; i < epochs; i++) {
    await helpers.time.increaseTo(await beacon.nextRevealAt());
    const leader = await beacon.leaderOf(0);
    if (BigInt(leader) === 0n) await beacon.bootstrap();
    else await beacon.reveal(...(await revelation(world, accountOf(world, leader))));
  }
}

/**
 * Makes a pool look as if that many members without weight had joined, to reach depths that a test
 * could not afford. Depth is the level of the root: the least one that holds the leaves.
 */
export async function pretendMembers(
  helpers: NetworkHelpers,
  registry: Addressable,
  pool: string,
  { leafCount, depth }: { leafCount: bigint; depth: bigint },
) {
  // ERC-7201; the mapping of pools is the second field, a pool begins with its tree.
  const base = BigInt(keccak256(toBeHex(BigInt(id("lattice.storage.ProviderPools")) - 1n, 32)));
  const mapping = toBeHex((base & ~0xffn) + 1n, 32);
  const slot = keccak256(concat([pool, mapping]));
  const value = toBeHex((depth << 32n) | leafCount, 32);
  await helpers.setStorageAt(await registry.getAddress(), slot, value);
}

/** Begins epochs until ranks 0 and 1 of the next one have different leaders. */
export async function untilLeadersDiffer(world: World, helpers: NetworkHelpers) {
  const { beacon } = world;
  for (let i = 0; i < 50; i++) {
    if ((await beacon.leaderOf(0)) !== (await beacon.leaderOf(1))) return;
    await advance(world, helpers);
  }
  throw new Error("Ranks 0 and 1 drew the same leader in 50 epochs: weights or draws are wrong.");
}
