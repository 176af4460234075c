import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { AbiCoder, type ErrorFragment, Interface, id, type ParamType } from "ethers";
import { explainError } from "../src/index.ts";

const selector = id("JobMarketDeadlinePassed(uint256,uint256)").slice(0, 10);
const data =
  selector + AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [7, 1_700_000_000]).slice(2);

const artifacts = fileURLToPath(new URL("../../../artifacts/", import.meta.url));

/** Errors in the ABIs of everything that was compiled, mocks and tests apart. */
function compiledErrors(): Map<string, ErrorFragment> {
  const found = new Map<string, ErrorFragment>();
  for (const folder of ["contracts", "@openzeppelin"]) {
    for (const name of readdirSync(`${artifacts}${folder}`, {
      recursive: true,
      encoding: "utf8",
    })) {
      if (!name.endsWith(".json") || /mocks|build-info/.test(name)) continue;
      const { abi } = JSON.parse(readFileSync(`${artifacts}${folder}/${name}`, "utf8"));
      if (!Array.isArray(abi)) continue;
      new Interface(abi).forEachError((fragment) => found.set(fragment.selector, fragment));
    }
  }
  return found;
}

function sampleOf({ baseType, type, arrayChildren, arrayLength, components }: ParamType): unknown {
  if (baseType === "array") {
    // -1: of any length.
    const length = Math.max(arrayLength ?? 1, 1);
    return arrayChildren ? Array.from({ length }, () => sampleOf(arrayChildren)) : [];
  }
  if (baseType === "tuple") return (components ?? []).map(sampleOf);
  if (type === "address") return `0x${"11".repeat(20)}`;
  if (type === "bool") return true;
  if (type === "string") return "text";
  const fixed = /^bytes(\d+)$/.exec(type);
  if (fixed) return `0x${"22".repeat(Number(fixed[1]))}`;
  return type === "bytes" ? "0x33" : 7n;
}

describe("explainError", () => {
  it("names every error of every compiled contract, inherited ones included, and its arguments", () => {
    const errors = compiledErrors();
    for (const { name, inputs, selector: head } of errors.values()) {
      const body = AbiCoder.defaultAbiCoder().encode(inputs, inputs.map(sampleOf));
      const explained = explainError({ data: head + body.slice(2) });
      expect(explained?.name).to.equal(name);
      const named = inputs.map((input, index) => input.name || String(index));
      expect(Object.keys(explained?.args ?? {})).to.deep.equal(named);
    }
    const names = [...errors.values()].map(({ name }) => name);
    expect(errors.size).to.be.greaterThan(150);
    expect(names).to.include.members([
      "AccessManagerUnauthorizedCall",
      "AccessManagedUnauthorized",
      "GovernorInsufficientProposerVotes",
      "TimelockUnexpectedOperationState",
      "ERC20InsufficientBalance",
      "ERC2612ExpiredSignature",
      "SafeERC20FailedOperation",
      "ECDSAInvalidSignature",
      "UUPSUnauthorizedCallContext",
      "InvalidInitialization",
    ]);
  });

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
