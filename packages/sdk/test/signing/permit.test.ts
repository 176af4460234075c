import { expect } from "chai";
import { BrowserProvider, Interface, id, Signature, verifyTypedData, Wallet } from "ethers";
import { PERMIT_TYPES, signPermit } from "../../src/index.ts";

const token = `0x${"11".repeat(20)}`;
const spender = `0x${"22".repeat(20)}`;
const TOKEN = new Interface([
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
]);

/** An owner on a chain with one token, which answers the given functions and reverts at others. */
function ownerOf(answers: Readonly<Record<string, readonly unknown[]>>): Wallet {
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    if (method === "eth_chainId") return "0x1";
    if (method !== "eth_call") throw new Error(`this chain has no ${method}`);
    const [{ data }] = params as [{ data: string }];
    const name = TOKEN.parseTransaction({ data })?.name ?? "";
    if (answers[name]) return TOKEN.encodeFunctionResult(name, answers[name]);
    throw Object.assign(new Error("execution reverted"), { code: 3, data: "0x" });
  };
  return new Wallet(id("owner"), new BrowserProvider({ request }, undefined, { cacheTimeout: -1 }));
}

describe("signPermit", () => {
  const request = { token, spender, value: 5n, deadline: 1_900_000_000 };
  const own = ["0x0f", "Own", "3", 1n, token, id("salt"), []];
  const tokens: [string, Record<string, readonly unknown[]>, { name: string; version: string }][] =
    [
      ["says its domain", { nonces: [7n], eip712Domain: own }, { name: "Own", version: "3" }],
      [
        "has a version",
        { nonces: [7n], name: ["USD"], version: ["2"] },
        { name: "USD", version: "2" },
      ],
      ["has a name alone", { nonces: [7n], name: ["Plain"] }, { name: "Plain", version: "1" }],
    ];
  for (const [what, answers, domain] of tokens) {
    it(`signs for a token that ${what}`, async () => {
      const owner = ownerOf(answers);
      const { v, r, s, ...message } = await signPermit(owner, request);
      expect(message).to.deep.equal({
        owner: owner.address,
        spender,
        value: 5n,
        nonce: 7n,
        deadline: request.deadline,
      });
      const signer = verifyTypedData(
        { ...domain, chainId: 1n, verifyingContract: token },
        PERMIT_TYPES,
        message,
        Signature.from({ v, r, s }),
      );
      expect(signer).to.equal(owner.address);
    });
  }

  it("fails for a signer without a provider, and for a token without nonces", async () => {
    const offline = await signPermit(new Wallet(id("owner")), request).catch(
      (error: unknown) => error,
    );
    expect(offline).to.be.instanceOf(TypeError);
    const failed = await signPermit(ownerOf({}), request).catch((error: unknown) => error);
    expect(failed).to.have.property("code", "CALL_EXCEPTION");
  });
});
