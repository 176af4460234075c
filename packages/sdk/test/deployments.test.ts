import { readFileSync } from "node:fs";
import { expect } from "chai";
import { sdkTables } from "../../../scripts/release/sdk-tables.ts";
import { addressesFor, SdkError } from "../src/index.ts";
import { BOOK } from "./helpers/book.ts";

describe("addressesFor", () => {
  it("answers the public deployment of a chain", () => {
    expect(addressesFor(31337n, [{ ...BOOK, chainId: 1 }, BOOK])).to.equal(BOOK);
  });

  it("says which chains it knows, and to pass a book for others", () => {
    for (const [known, text] of [
      [[], /none at all.*Pass an address book/],
      [[BOOK], /31337 \(scripted\).*Pass an address book/],
    ] as const) {
      try {
        addressesFor(5, known);
        expect.fail("nothing was thrown");
      } catch (error) {
        if (!(error instanceof SdkError)) throw error;
        expect(error.code).to.equal("DEPLOYMENT_UNKNOWN");
        expect(error.metadata).to.deep.equal({ chainId: 5 });
        expect(error.message).to.match(text);
      }
    }
  });
});

describe("generated tables", () => {
  it("are what scripts/release/sdk-tables.ts writes from the bindings and deployments", async () => {
    for (const [name, text] of await sdkTables()) {
      const file = new URL(`../src/generated/${name}`, import.meta.url);
      expect(readFileSync(file, "utf8"), `run node scripts/release/sdk-tables.ts`).to.equal(text);
    }
  });
});
