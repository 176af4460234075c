import { getAddress, toBeHex } from "ethers";
import { type AddressBook, CONTRACT_NAMES, type ContractName } from "../../src/index.ts";

/** An address book with a different address for every contract. */
export const BOOK: AddressBook = {
  chainId: 31337,
  network: "scripted",
  fromBlock: 0,
  contracts: Object.fromEntries(
    CONTRACT_NAMES.map((name, index) => [name, getAddress(toBeHex(0x1000 + index, 20))]),
  ) as Record<ContractName, string>,
  external: {
    EAS: getAddress(toBeHex(0x2000, 20)),
    SchemaRegistry: getAddress(toBeHex(0x2001, 20)),
  },
  verifiers: {},
};
