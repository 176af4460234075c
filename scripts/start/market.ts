import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AddressBook, connectLattice, type Lattice, poolOf } from "@lattice/sdk";
import { type HDNodeWallet, JsonRpcProvider, NonceManager, parseEther } from "ethers";
import hre from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";
import type { Cast } from "./accounts.ts";
import { ProviderProcess } from "./providers.ts";
import type { ProviderReport } from "./report.ts";

const NAMES = ["Ada", "Ben", "Cal", "Dee", "Eli", "Fay", "Gus", "Hal", "Ida", "Jon", "Kim", "Leo"];
/** What a local provider stakes, LAT. */
const STAKE = 20_000n;

/** Directories of one run. */
export interface Places {
  readonly addressesFile: string;
  readonly artifactsDir: string;
  readonly buildDir: string;
  readonly dataDir: string;
}

/** Connects to the chain with short polling, as a local chain deserves. */
export function openProvider(url: string): JsonRpcProvider {
  return new JsonRpcProvider(url, undefined, {
    staticNetwork: true,
    pollingInterval: 100,
    cacheTimeout: -1,
  });
}

/** Deploys the protocol on the local chain and writes its address book. */
export async function deployLocally(url: string, addressesFile: string): Promise<AddressBook> {
  const connection = await hre.network.create({ network: "localhost", override: { url } });
  try {
    return (await deployLattice(hre, connection, { addressesFile })).addressBook;
  } finally {
    await connection.close();
  }
}

/** A client that acts as this account; its nonces are kept here, so calls may follow each other at once. */
export function connectAs(
  addresses: AddressBook,
  wallet: HDNodeWallet,
  provider: JsonRpcProvider,
): Lattice {
  return connectLattice({ addresses, runner: new NonceManager(wallet.connect(provider)) });
}

/** Hands LAT from the deployer, who got the whole supply, to requester and providers. */
export async function shareTokens(
  deployer: Lattice,
  cast: Cast,
  requesterLat: bigint,
): Promise<void> {
  const shares: [HDNodeWallet, bigint][] = [
    [cast.requester, requesterLat],
    ...cast.providers.map((wallet): [HDNodeWallet, bigint] => [wallet, parseEther(String(STAKE))]),
  ];
  for (const [wallet, amount] of shares)
    await (await deployer.token.transfer(wallet.address, amount)).wait();
}

/** Starts one process a provider. Each asks a little more than the one before. */
export function startProviders(
  cast: Cast,
  rpcUrl: string,
  modelVersion: string,
  places: Places,
): ProviderProcess[] {
  return cast.providers.map(
    (wallet, index) =>
      new ProviderProcess({
        wallet,
        name: NAMES[index] ?? `provider ${index + 1}`,
        rpcUrl,
        addressesFile: places.addressesFile,
        artifactsDir: places.artifactsDir,
        buildDir: places.buildDir,
        dataDir: join(places.dataDir, wallet.address),
        modelVersion,
        ask: parseEther("1") + BigInt(index) * parseEther("0.1"),
        stake: STAKE,
      }),
  );
}

/**
 * Waits until offers count in draws and the beacon has begun to reveal: weights count two epochs after they change.
 */
export async function untilDrawable(
  lattice: Lattice,
  modelVersion: string,
  count: number,
  signal: AbortSignal,
): Promise<bigint> {
  const { addresses, beacon, registry } = lattice;
  const pool = poolOf(modelVersion, addresses.contracts.LatticeToken);
  for (;;) {
    const epoch = await beacon.currentEpoch();
    const members = [...(await registry.poolMembers(pool, 0, 1024))];
    const weights = await Promise.all(
      members.map((member) => registry.weightOf(member, pool, epoch + 1n)),
    );
    if (weights.filter((weight) => weight > 0n).length >= count) return epoch;
    await sleep(200, undefined, { signal });
  }
}

/** What the registry says of the providers. */
export async function describeProviders(lattice: Lattice, cast: Cast): Promise<ProviderReport[]> {
  return Promise.all(
    cast.providers.map(async ({ address }) => {
      const { capabilities } = await lattice.registry.providerOf(address);
      const { tokens } = await lattice.vault.provisionOf(address, lattice.registry);
      return {
        address,
        stake: String(tokens),
        capabilities: {
          accelerator: Number(capabilities.accelerator),
          memoryMiB: Number(capabilities.memoryMiB),
          maxTensorBytes: String(capabilities.maxTensorBytes),
          tiers: Number(capabilities.tiers),
          maxCollateral: String(capabilities.maxCollateral),
        },
      };
    }),
  );
}
