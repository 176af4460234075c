import { poolOf } from "@lattice/sdk";
import type { Offer, Registration, RegistryPort } from "../../core/ports/registry.ts";
import { contractCall } from "./calls.ts";
import type { ChainConnection } from "./connection.ts";

// Index of MinProvision among the contracts' parameters.
const MIN_PROVISION = 5;
// Changes of asks and weights count from the second epoch after the current one.
const EPOCHS_UNTIL_COUNTED = 2n;

/** First epoch for which a change made now counts. */
export async function countsFrom({ lattice, read }: ChainConnection): Promise<bigint> {
  const epoch = await read("EpochBeacon.currentEpoch", () => lattice.beacon.currentEpoch());
  return epoch + EPOCHS_UNTIL_COUNTED;
}

/** Provider registry, stake vault and LAT of one deployment. */
export function registryAdapter(connection: ChainConnection): RegistryPort {
  const { lattice, provider: chain, read } = connection;
  const { registry, vault, token, parameters, addresses } = lattice;
  const { LatticeToken, ProviderRegistry, StakeVault } = addresses.contracts;
  return {
    registration: (provider) => readRegistration(connection, provider),
    stake: async (provider) => {
      const provision = await read("StakeVault.provisionOf", () =>
        vault.provisionOf(provider, ProviderRegistry),
      );
      const { tokens, exposure, thawing } = provision;
      return { tokens, exposure, thawing };
    },
    minProvision: () => read("ProtocolParameters.get", () => parameters.get(MIN_PROVISION)),
    tokenBalance: (account) => read("LAT.balanceOf", () => token.balanceOf(account)),
    allowance: (account) => read("LAT.allowance", () => token.allowance(account, StakeVault)),
    nativeBalance: (account) => read("reading a balance", () => chain.getBalance(account)),
    offer: (provider, modelVersion) => readOffer(connection, provider, modelVersion),
    offers: async (provider) => {
      const filter = registry.filters.OfferSet(provider, undefined, LatticeToken);
      const made = await read("reading offers", () =>
        registry.queryFilter(filter, addresses.fromBlock),
      );
      const models = new Set(made.map(({ args }) => args.modelVersion));
      const offers = await Promise.all(
        [...models].map((modelVersion) => readOffer(connection, provider, modelVersion)),
      );
      return offers.filter((offer) => offer !== undefined);
    },
    possessionMessage: (provider) =>
      read("ProviderRegistry.possessionMessage", () => registry.possessionMessage(provider)),
    calls: registryCalls(connection),
  };
}

/** The provider's offer of a model for LAT, as of its last change. */
async function readOffer(
  connection: ChainConnection,
  provider: string,
  modelVersion: string,
): Promise<Offer | undefined> {
  const { lattice, read } = connection;
  const pool = poolOf(modelVersion, lattice.addresses.contracts.LatticeToken);
  const epoch = await countsFrom(connection);
  const { offered, ask } = await read("ProviderRegistry.askOf", () =>
    lattice.registry.askOf(provider, pool, epoch),
  );
  return offered ? { modelVersion, ask } : undefined;
}

async function readRegistration(
  { lattice, read }: ChainConnection,
  provider: string,
): Promise<Registration> {
  const { registered, draining, jailed, capabilities, payout, endpoint, blsKeyHash } = await read(
    "ProviderRegistry.providerOf",
    () => lattice.registry.providerOf(provider),
  );
  const { accelerator, memoryMiB, maxTensorBytes, tiers, maxCollateral } = capabilities;
  return {
    ...{ registered, draining, jailed, payout, endpoint, blsKeyHash },
    capabilities: {
      accelerator: Number(accelerator),
      memoryMiB: Number(memoryMiB),
      maxTensorBytes,
      tiers: Number(tiers),
      maxCollateral,
    },
  };
}

function registryCalls({ lattice }: ChainConnection): RegistryPort["calls"] {
  const { registry, vault, token, addresses } = lattice;
  const { LatticeToken, ProviderRegistry, StakeVault } = addresses.contracts;
  const abi = registry.interface;
  const call = (method: string, data: string) =>
    contractCall("ProviderRegistry", registry, method, data);
  return {
    approve: (amount) => {
      const data = token.interface.encodeFunctionData("approve", [StakeVault, amount]);
      return contractCall("LAT", token, "approve", data);
    },
    provision: (amount) => {
      const data = vault.interface.encodeFunctionData("provision", [ProviderRegistry, amount]);
      return contractCall("StakeVault", vault, "provision", data);
    },
    register: ({ endpoint, payout, capabilities }, { publicKey, signPossession }, message) => {
      const possession = signPossession(message);
      const values = [endpoint, payout, capabilities, publicKey, possession] as const;
      return call("register", abi.encodeFunctionData("register", [...values]));
    },
    update: ({ endpoint, payout, capabilities }) =>
      call("update", abi.encodeFunctionData("update", [endpoint, payout, capabilities])),
    setOffer: ({ modelVersion, ask }) =>
      call("setOffer", abi.encodeFunctionData("setOffer", [modelVersion, LatticeToken, ask])),
    setDraining: (draining) =>
      call("setDraining", abi.encodeFunctionData("setDraining", [draining])),
  };
}
