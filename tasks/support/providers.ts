import { type ChainConnection, registryAdapter } from "@lattice/node";

/** What the chain says of a provider, and its weight (whole LAT) in a pool now. */
export async function readProvider(connection: ChainConnection, address: string, pool: string) {
  const registry = registryAdapter(connection);
  const epoch = await connection.lattice.beacon.currentEpoch();
  const [registration, stake, offers, weight] = await Promise.all([
    registry.registration(address),
    registry.stake(address),
    registry.offers(address),
    connection.lattice.registry.weightOf(address, pool, epoch),
  ]);
  return {
    address,
    ...registration,
    stake,
    weight,
    offers,
  };
}

/** One word for where a provider stands. */
export function stateOf(registration: {
  readonly registered: boolean;
  readonly draining: boolean;
  readonly jailed: boolean;
}): string {
  if (!registration.registered) return "not registered";
  if (registration.jailed) return "jailed";
  return registration.draining ? "draining" : "registered";
}
