import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CONTRACT_NAMES, parseAddressBook, SdkError } from "../src/index.ts";
import { loadAddressBook } from "../src/node.ts";

const address = `0x${"Ab".repeat(20)}`.toLowerCase();
const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, address]));
const valid = {
  chainId: 31337,
  network: "localhost",
  fromBlock: 0,
  contracts,
  external: { EAS: address, SchemaRegistry: address },
  verifiers: { Some: address },
};

function failure(work: () => unknown): SdkError {
  try {
    work();
  } catch (error) {
    if (error instanceof SdkError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("address book", () => {
  it("accepts what a deployment writes, and checksums addresses", () => {
    const book = parseAddressBook(valid);
    expect(book.chainId).to.equal(31337);
    expect(book.contracts.JobMarket).to.match(/^0x[0-9a-fA-F]{40}$/);
    expect(book.contracts.JobMarket).not.to.equal(address);
  });

  const wrong: [string, unknown, RegExp][] = [
    ["not an object", null, /not a JSON object/],
    ["no chain", { ...valid, chainId: "1" }, /chainId/],
    ["no network", { ...valid, network: 3 }, /network/],
    ["no block", { ...valid, fromBlock: 1.5 }, /fromBlock/],
    ["no contracts of others", { ...valid, external: undefined }, /external is not an object/],
    [
      "a missing one of others",
      { ...valid, external: { EAS: address } },
      /external\.SchemaRegistry/,
    ],
    ["no verifiers", { ...valid, verifiers: undefined }, /verifiers/],
    ["a malformed verifier", { ...valid, verifiers: { Some: "0x" } }, /verifiers\.Some/],
    ["no contracts", { ...valid, contracts: null }, /contracts/],
    [
      "a missing contract",
      { ...valid, contracts: { ...contracts, StakeVault: undefined } },
      /contracts\.StakeVault/,
    ],
    [
      "a malformed address",
      { ...valid, contracts: { ...contracts, JobMarket: "0x12" } },
      /contracts\.JobMarket/,
    ],
  ];
  for (const [name, value, message] of wrong) {
    it(`refuses ${name}, naming the field`, () => {
      const error = failure(() => parseAddressBook(value));
      expect(error.code).to.equal("ADDRESS_BOOK_INVALID");
      expect(error.message).to.match(message);
    });
  }

  describe("loadAddressBook", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "lattice-"));
    });
    after(() => rm(folder, { recursive: true }));

    it("tells a missing file from one that is not JSON", async () => {
      const missing = await loadAddressBook(join(folder, "none.json")).catch(
        (error: unknown) => error,
      );
      expect(missing).to.be.instanceOf(SdkError).with.property("code", "ADDRESS_BOOK_MISSING");
      await writeFile(join(folder, "broken.json"), "{");
      const broken = await loadAddressBook(join(folder, "broken.json")).catch(
        (error: unknown) => error,
      );
      expect(broken).to.be.instanceOf(SdkError).with.property("code", "ADDRESS_BOOK_INVALID");
    });

    it("reads a good one", async () => {
      const file = join(folder, "good.json");
      await writeFile(file, JSON.stringify(valid));
      expect((await loadAddressBook(file)).network).to.equal("localhost");
    });
  });
});
