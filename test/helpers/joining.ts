import { bls } from "@lattice/sdk";
import { id, parseEther } from "ethers";
import type { Signer, System } from "./system.ts";

export const CAPABILITIES = {
  accelerator: 1,
  memoryMiB: 4096,
  maxTensorBytes: 1 << 20,
  tiers: 7,
  maxCollateral: 2n ** 96n - 1n,
};

/** Provisions `stake` LAT (wei) for `provider` to the registry. */
export async function addStake(system: System, provider: Signer, stake: bigint): Promise<void> {
  const { token, vault, registry, actors } = system;
  await token.connect(actors.deployer).transfer(provider, stake);
  await token.connect(provider).approve(vault, stake);
  await vault.connect(provider).provision(registry, stake);
}

/** Stakes and registers `provider` with a BLS key that follows from its address. */
export async function joinAsProvider(
  system: System,
  provider: Signer,
  { stake = parseEther("10000"), payout = provider }: { stake?: bigint; payout?: Signer } = {},
): Promise<void> {
  await addStake(system, provider, stake);
  const key = bls.keyFromSeed(id(provider.address));
  const message = await system.registry.possessionMessage(provider);
  await system.registry
    .connect(provider)
    .register(
      `https://${provider.address.slice(2, 10).toLowerCase()}.example`,
      payout,
      CAPABILITIES,
      bls.publicKeyOf(key),
      bls.sign(key, message, bls.POSSESSION_DST),
    );
  system.keys.set(provider.address, key);
}
