import { expect } from "chai";
import { AbiCoder, id } from "ethers";
import { explainError } from "../src/index.ts";

const selector = id("JobMarketDeadlinePassed(uint256,uint256)").slice(0, 10);
const data =
  selector + AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [7, 1_700_000_000]).slice(2);

describe("explainError", () => {
  const shapes: [string, unknown][] = [
    ["ethers' own field", { data }],
    ["a nested JSON-RPC error", { info: { error: { data: { data } } } }],
    ["a cause", new Error("outer", { cause: { data } })],
  ];
  for (const [name, error] of shapes) {
    it(`decodes a custom error with its arguments from ${name}`, () => {
      const explained = explainError(error);
      expect(explained?.name).to.equal("JobMarketDeadlinePassed");
      expect(explained?.args).to.deep.equal({ jobId: 7n, deadline: 1_700_000_000n });
      expect(explained?.message).to.equal(
        "JobMarketDeadlinePassed(jobId: 7, deadline: 1700000000)",
      );
    });
  }

  it("decodes errors of inherited contracts", () => {
    const body = AbiCoder.defaultAbiCoder()
      .encode(["address"], [`0x${"11".repeat(20)}`])
      .slice(2);
    const explained = explainError({
      data: id("AccessManagedUnauthorized(address)").slice(0, 10) + body,
    });
    expect(explained?.name).to.equal("AccessManagedUnauthorized");
  });

  it("answers undefined for what is no custom error of ours, even when it refers to itself", () => {
    const circular: { error?: unknown } = {};
    circular.error = circular;
    for (const value of [undefined, "text", new Error("plain"), { data: "0xdeadbeef" }, circular]) {
      expect(explainError(value)).to.equal(undefined);
    }
  });
});
