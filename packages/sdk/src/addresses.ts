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
  "TokenBurner",
  "ProviderRegistry",
  "EpochBeacon",
  "VerifierRouter",
  "ModelRegistry",
  "JobMarket",
] as const;
export type ContractName = (typeof CONTRACT_NAMES)[number];

/** Where one deployment lives. `fromBlock` is the block to read its events from. */
export interface AddressBook {
  readonly chainId: number;
  readonly network: string;
  readonly fromBlock: number;
  readonly contracts: Readonly<Record<ContractName, string>>;
}

/** Checks a parsed address book. Throws `SdkError` ADDRESS_BOOK_INVALID naming the field that is wrong. */
export function parseAddressBook(value: unknown): AddressBook {
  const invalid = (what: string) =>
    new SdkError(
      "ADDRESS_BOOK_INVALID",
      `The address book is not usable: ${what}. Deploy again, or pass the file that the deployment wrote.`,
    );
  if (typeof value !== "object" || value === null) throw invalid("it is not a JSON object");
  const { chainId, network, fromBlock, contracts } = value as Record<string, unknown>;
  if (typeof chainId !== "number" || !Number.isSafeInteger(chainId))
    throw invalid("chainId is not an integer");
  if (typeof network !== "string") throw invalid("network is not a string");
  if (typeof fromBlock !== "number" || !Number.isSafeInteger(fromBlock))
    throw invalid("fromBlock is not an integer");
  if (typeof contracts !== "object" || contracts === null)
    throw invalid("contracts is not an object");
  const given = contracts as Record<string, unknown>;
  const checked = CONTRACT_NAMES.map((name) => {
    const address = given[name];
    if (typeof address !== "string" || !isAddress(address))
      throw invalid(`contracts.${name} is not an address`);
    return [name, getAddress(address)] as const;
  });
  return {
    chainId,
    network,
    fromBlock,
    contracts: Object.fromEntries(checked) as Record<ContractName, string>,
  };
}
