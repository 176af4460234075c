import type { BeaconSigner } from "./beacon.ts";
import type { ContractCall } from "./transactions.ts";

/** What a provider says it can run. */
export interface Capabilities {
  /** Bit mask: 1 CPU, 2 CUDA, 4 ROCm, 8 WebGPU, 16 CoreML, 32 DirectML. */
  readonly accelerator: number;
  readonly memoryMiB: number;
  readonly maxTensorBytes: bigint;
  /** Bit mask: bit i is Tier(i). */
  readonly tiers: number;
  /** Most LAT (wei) staked on one job. */
  readonly maxCollateral: bigint;
}

export interface Registration {
  readonly registered: boolean;
  readonly draining: boolean;
  readonly jailed: boolean;
  readonly capabilities: Capabilities;
  readonly payout: string;
  readonly endpoint: string;
  readonly blsKeyHash: string;
}

/** A provider's stake, LAT wei. */
export interface Stake {
  readonly tokens: bigint;
  readonly exposure: bigint;
  readonly thawing: bigint;
}

export interface Offer {
  readonly modelVersion: string;
  /** LAT wei a job. */
  readonly ask: bigint;
}

export interface Profile {
  readonly endpoint: string;
  readonly payout: string;
  readonly capabilities: Capabilities;
}

export interface RegistryPort {
  registration(provider: string): Promise<Registration>;
  stake(provider: string): Promise<Stake>;
  /** Least provision of a registered provider, LAT wei. */
  minProvision(): Promise<bigint>;
  /** LAT (wei) that the account holds outside of the vault. */
  tokenBalance(account: string): Promise<bigint>;
  /** LAT (wei) that the vault may take from the account. */
  allowance(account: string): Promise<bigint>;
  nativeBalance(account: string): Promise<bigint>;
  /** The provider's offer as of the last change, whenever it starts to count. */
  offer(provider: string, modelVersion: string): Promise<Offer | undefined>;
  /** All offers of the provider that are paid in LAT, from the events that made them. */
  offers(provider: string): Promise<readonly Offer[]>;
  /** Message that proves possession of a beacon key, hex. */
  possessionMessage(provider: string): Promise<string>;
  readonly calls: {
    approve(amount: bigint): ContractCall;
    provision(amount: bigint): ContractCall;
    register(profile: Profile, signer: BeaconSigner, possessionMessage: string): ContractCall;
    update(profile: Profile): ContractCall;
    setOffer(offer: Offer): ContractCall;
    setDraining(draining: boolean): ContractCall;
  };
}
