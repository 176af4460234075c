import type { AddressBook } from "./addresses.ts";
import { SdkError } from "./errors.ts";
import { DEPLOYMENTS } from "./generated/deployments.ts";

/** Address book of the public deployment on a chain. Throws `SdkError` DEPLOYMENT_UNKNOWN when there is none. */
export function addressesFor(
  chainId: number | bigint,
  deployments: readonly AddressBook[] = DEPLOYMENTS,
): AddressBook {
  const found = deployments.find((book) => book.chainId === Number(chainId));
  if (found) return found;
  const known = deployments.map((book) => `${book.chainId} (${book.network})`).join(", ");
  throw new SdkError(
    "DEPLOYMENT_UNKNOWN",
    `This version of the SDK knows no public deployment on chain ${chainId}; it knows ${known || "none at all"}. Pass an address book of your own: parseAddressBook() reads the file that a deployment wrote.`,
    { metadata: { chainId: Number(chainId) } },
  );
}
