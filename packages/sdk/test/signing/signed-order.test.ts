import { expect } from "chai";
import { getAddress, id, Wallet, ZeroAddress } from "ethers";
import {
  AssignmentMode,
  freshNonce,
  type Lattice,
  ORDER_DEFAULTS,
  type Order,
  parseSignedOrder,
  requirePostable,
  SdkError,
  type SignedOrder,
  signJobOrder,
  Tier,
} from "../../src/index.ts";
import { BOOK } from "../helpers/book.ts";

const requester = new Wallet(id("requester"));
const order: Order = {
  ...ORDER_DEFAULTS,
  requester: requester.address,
  nonce: 259n,
  modelVersion: id("model"),
  inputCommitment: id("input"),
  inputDigest: id("bytes"),
  paymentToken: getAddress(`0x${"55".repeat(20)}`),
  maxPrice: 2n * 10n ** 18n,
  collateral: 10n ** 19n,
  tier: Tier.Zk,
  mode: AssignmentMode.Draw,
  provider: ZeroAddress,
  assignSeconds: 600,
  commitSeconds: 60,
  proveSeconds: 60,
};

/** A deployment in whose market these nonces are used: word, then bits. */
function deployment(used: Readonly<Record<string, bigint>> = {}): Lattice {
  return {
    addresses: BOOK,
    runner: {},
    market: { noncesUsed: async (_: string, word: bigint) => used[String(word)] ?? 0n },
  } as unknown as Lattice;
}

const json = (signed: unknown) =>
  JSON.parse(
    JSON.stringify(signed, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
  );

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).to.be.instanceOf(SdkError);
    expect((error as SdkError).code).to.equal("ORDER_INVALID");
    return (error as SdkError).message;
  }
  throw new Error("nothing was refused");
}

describe("signed orders", () => {
  let signed: SignedOrder;
  before(async () => {
    signed = await signJobOrder(requester, deployment(), order);
  });

  it("come back from JSON as they were, numbers as strings or not", async () => {
    expect(parseSignedOrder(json(signed))).to.deep.equal(signed);
    const numbers = { ...json(signed), order: { ...json(signed).order, nonce: 259 } };
    expect(parseSignedOrder(numbers)).to.deep.equal(signed);
    await requirePostable(deployment(), signed);
  });

  it("are refused with the field that is wrong", async () => {
    const changed = (changes: object) => ({ ...json(signed), ...changes });
    const fields = (changes: object) => changed({ order: { ...json(signed).order, ...changes } });
    const says = async (value: unknown, text: string) =>
      expect(await refusal(() => parseSignedOrder(value))).to.include(text);
    await says(null, "it is not an object");
    await says([], "order is not an object");
    await says(changed({ chainId: "31337" }), "chainId is not a whole number");
    await says(changed({ market: "0x12" }), "market is not an address");
    await says(changed({ signature: "0x123" }), "signature is not bytes");
    await says(fields({ requester: "0x12" }), "order.requester is no address");
    await says(fields({ inputDigest: "0x12" }), "order.inputDigest is no bytes32");
    await says(fields({ maxPrice: "1.5" }), "order.maxPrice is no uint96");
    await says(fields({ tier: 256 }), "order.tier is no uint8");
    await says(fields({ nonce: -1 }), "order.nonce is no uint64");
    const { nonce: _, ...rest } = json(signed).order;
    await says(changed({ order: rest }), "order.nonce is no uint64");
  });

  it("hold for one market of one chain, over their very terms, and once", async () => {
    const refused = (change: Partial<SignedOrder>, used = {}) =>
      refusal(() => requirePostable(deployment(used), { ...signed, ...change }));
    expect(await refused({ chainId: 1 })).to.include("of chain 1, not for");
    expect(await refused({ market: BOOK.contracts.QuorumMarket })).to.include("not for");
    const dearer = { ...order, maxPrice: order.maxPrice + 1n };
    expect(await refused({ order: dearer })).to.include("is not that of the order's requester");
    expect(await refused({}, { 1: 1n << 3n })).to.include("nonce 259 is used up");
    await requirePostable(deployment({ 1: ~(1n << 3n) & ((1n << 256n) - 1n) }), signed);
  });

  it("get nonces that are unused and differ", async () => {
    const nonces = await Promise.all(
      Array.from({ length: 8 }, () => freshNonce(deployment(), requester.address)),
    );
    expect(new Set(nonces).size).to.equal(8);
    for (const nonce of nonces) expect(nonce < 1n << 64n).to.equal(true);
    let asked = 0;
    const market = { noncesUsed: async () => (asked++ < 3 ? (1n << 256n) - 1n : 0n) };
    await freshNonce({ market } as unknown as Lattice, requester.address);
    expect(asked).to.equal(4);
  });
});
