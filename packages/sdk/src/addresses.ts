import { getAddress, isAddress } from "ethers";
import { SdkError } from "./errors.ts";

/** Contracts of a deployment, by their names in the address book. */
export const CONTRACT_NAMES = [
  "LatticeToken",
  "AccessManager",
  "TimelockController",
  "LatticeGovernor",
  "ProtocolParameters",
  "StakeVault",
  "PaymentEscrow",
  "FeeTreasury",
  "BeaconRewards",
  "ProviderRegistry",
  "EpochBeacon",
  "VerifierRouter",
  "ModelRegistry",
  "AttestationGate",
  "OrderPolicy",
  "Matchmaker",
  "JobMarket",
  "Committees",
  "OrderSettlement",
  "Equivocation",
  "QuorumMarket",
  "VoucherSettlement",
  "TrainingChain",
  "OperatorReferee",
  "TraceReferee",
  "ProofReferee",
  "DisputeGame",
  "JobClaims",
  "BatchClaims",
  "SessionClaims",
] as const;
export type ContractName = (typeof CONTRACT_NAMES)[number];

/** Contracts of others that a deployment works with: the Ethereum Attestation Service. */
export const EXTERNAL_NAMES = ["EAS", "SchemaRegistry"] as const;
export type ExternalName = (typeof EXTERNAL_NAMES)[number];

/** Where one deployment lives. `fromBlock` is the block to read its events from. */
export interface AddressBook {
  readonly chainId: number;
  readonly network: string;
  readonly fromBlock: number;
  readonly contracts: Readonly<Record<ContractName, string>>;
  /** Contracts of others: anyone uses them, so their events are not the protocol's. */
  readonly external: Readonly<Record<ExternalName, string>>;
  /** Proof verifiers that were deployed along, by contract name. */
  readonly verifiers: Readonly<Record<string, string>>;
}

/** Checks a parsed address book. Throws `SdkError` ADDRESS_BOOK_INVALID naming the field that is wrong. */
export function parseAddressBook(value: unknown): AddressBook {
  const invalid = (what: string) =>
    new SdkError(
      "ADDRESS_BOOK_INVALID",
      `The address book is not usable: ${what}. Deploy again, or pass the file that the deployment wrote.`,
    );
  if (typeof value !== "object" || value === null) throw invalid("it is not a JSON object");
  const { chainId, network, fromBlock, contracts, external, verifiers } = value as Record<
    string,
    unknown
  >;
  if (typeof chainId !== "number" || !Number.isSafeInteger(chainId))
    throw invalid("chainId is not an integer");
  if (typeof network !== "string") throw invalid("network is not a string");
  if (typeof fromBlock !== "number" || !Number.isSafeInteger(fromBlock))
    throw invalid("fromBlock is not an integer");
  if (typeof contracts !== "object" || contracts === null)
    throw invalid("contracts is not an object");
  if (typeof external !== "object" || external === null) throw invalid("external is not an object");
  if (typeof verifiers !== "object" || verifiers === null) {
    throw invalid("verifiers is not an object");
  }
  const addressIn = (group: object, path: string, name: string): string => {
    const address = (group as Record<string, unknown>)[name];
    if (typeof address !== "string" || !isAddress(address)) {
      throw invalid(`${path}.${name} is not an address`);
    }
    return getAddress(address);
  };
  return {
    chainId,
    network,
    fromBlock,
    contracts: Object.fromEntries(
      CONTRACT_NAMES.map((name) => [name, addressIn(contracts, "contracts", name)]),
    ) as Record<ContractName, string>,
    external: Object.fromEntries(
      EXTERNAL_NAMES.map((name) => [name, addressIn(external, "external", name)]),
    ) as Record<ExternalName, string>,
    verifiers: Object.fromEntries(
      Object.keys(verifiers).map((name) => [name, addressIn(verifiers, "verifiers", name)]),
    ),
  };
}
