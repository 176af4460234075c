import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { deployVault, LAT, namedSigners } from "./custody.ts";

/** Modes of StakeServiceProbe's hook. */
export const HOOK = { record: 0, revert: 1, burnGas: 2 };

/**
 * For calls that slash. An estimate falls short when it runs in the second of an earlier burn, where LAT's supply
 * checkpoint is only updated, and the transaction lands in a later one, where it is written anew (22 000 gas).
 */
export const SLASH_GAS = { gasLimit: 3_000_000n };

/** What the provider of `deployService` provisioned, LAT wei. */
export const PROVISIONED = 1_000n * LAT;

/**
 * A vault, a service with two modules, and a provider whose provision of 1 000 LAT is free.
 * `provider` holds LAT and has approved the vault without limit.
 */
export async function deployService(ethers: HardhatEthers) {
  const actors = await namedSigners(
    ethers,
    "admin",
    "provider",
    "market",
    "beacon",
    "requester",
    "reporter",
    "outsider",
  );
  const custody = await deployVault(ethers, actors.admin, actors.provider);
  const { lat, vault } = custody;
  const service = await ethers.deployContract("StakeServiceProbe", [vault]);
  await service.setModule(actors.market, true);
  await service.setModule(actors.beacon, true);
  await lat.connect(actors.provider).approve(vault, ethers.MaxUint256);
  await vault.connect(actors.provider).provision(service, PROVISIONED);
  return { ...actors, ...custody, service };
}

/** Shares of an untouched pool for one LAT. */
export const SHARES = LAT * 10n ** 6n;

/**
 * The same, its pool open, with two delegators. Dana and Emil hold LAT and have approved the vault without limit; Dana
 * delegated 1 200 LAT and Emil 300, so that the pool holds 1 500 beside the provider's 1 000.
 */
export async function deployDelegated(ethers: HardhatEthers) {
  const fixture = await deployService(ethers);
  const { lat, vault, service, provider } = fixture;
  const [dana, emil] = (await ethers.getSigners()).slice(8);
  if (!dana || !emil) throw new Error("The chain must offer ten accounts.");
  await service.setDelegationOpen(provider, true);
  for (const [delegator, amount] of [
    [dana, 1_200n],
    [emil, 300n],
  ] as const) {
    await lat.connect(provider).transfer(delegator, 1_000_000n * LAT);
    await lat.connect(delegator).approve(vault, ethers.MaxUint256);
    await vault.connect(delegator).delegate(provider, service, amount * LAT);
  }
  return { ...fixture, dana, emil };
}
