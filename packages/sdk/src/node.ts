import { readFile } from "node:fs/promises";
import { type AddressBook, parseAddressBook } from "./addresses.ts";
import { SdkError } from "./errors.ts";

/** Reads and checks an address book file. Throws `SdkError` ADDRESS_BOOK_MISSING or ADDRESS_BOOK_INVALID. */
export async function loadAddressBook(file: string): Promise<AddressBook> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new SdkError(
      "ADDRESS_BOOK_MISSING",
      `Cannot read the address book ${file}. Deploy first (npx hardhat deploy --network <name>), or pass its path.`,
      { cause, metadata: { file } },
    );
  }
  try {
    return parseAddressBook(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SdkError) throw cause;
    throw new SdkError(
      "ADDRESS_BOOK_INVALID",
      `The address book ${file} is not JSON. Deploy again to rewrite it.`,
      {
        cause,
        metadata: { file },
      },
    );
  }
}
