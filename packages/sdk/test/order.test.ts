import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress } from "ethers";
import {
  AssignmentMode,
  hashOrder,
  JobState,
  jobStateName,
  type Order,
  proofContext,
  SCALAR_FIELD,
  Tier,
} from "../src/index.ts";

const order: Order = {
  requester: `0x${"11".repeat(20)}`,
  sponsor: `0x${"66".repeat(20)}`,
  nonce: 7n,
  validUntil: 1_900_000_000,
  modelVersion: `0x${"22".repeat(32)}`,
  inputCommitment: `0x${"03".repeat(32)}`,
  inputDigest: `0x${"44".repeat(32)}`,
  paymentToken: `0x${"55".repeat(20)}`,
  maxPrice: 10n ** 18n,
  collateral: 5n * 10n ** 18n,
  tier: Tier.Zk,
  mode: AssignmentMode.Draw,
  provider: ZeroAddress,
  epoch: 9n,
  redundancy: 1,
  bidSeconds: 59,
  assignSeconds: 60,
  commitSeconds: 61,
  proveSeconds: 62,
  challengeSeconds: 63,
};

describe("hashOrder", () => {
  it("is EIP-712's struct hash: type hash, then every member in one word", () => {
    const type = id(
      "Order(address requester,address sponsor,uint64 nonce,uint40 validUntil,bytes32 modelVersion,bytes32 inputCommitment,bytes32 inputDigest,address paymentToken,uint96 maxPrice,uint96 collateral,uint8 tier,uint8 mode,address provider,uint40 epoch,uint8 redundancy,uint32 bidSeconds,uint32 assignSeconds,uint32 commitSeconds,uint32 proveSeconds,uint32 challengeSeconds)",
    );
    const kinds = [
      "bytes32",
      ...["address", "address", "uint64", "uint40", "bytes32", "bytes32", "bytes32", "address"],
      ...["uint96", "uint96", "uint8", "uint8", "address", "uint40", "uint8"],
      ...["uint32", "uint32", "uint32", "uint32", "uint32"],
    ];
    const encoded = AbiCoder.defaultAbiCoder().encode(kinds, [type, ...Object.values(order)]);
    expect(hashOrder(order)).to.equal(keccak256(encoded));
  });

  it("changes with every field", () => {
    const changed = Object.keys(order).map((key) => {
      const value = order[key as keyof Order];
      const other =
        typeof value === "bigint"
          ? value + 1n
          : typeof value === "number"
            ? value + 1
            : value.replace(/.$/, "9");
      return hashOrder({ ...order, [key]: other } as Order);
    });
    expect(new Set([hashOrder(order), ...changed])).to.have.property(
      "size",
      1 + Object.keys(order).length,
    );
  });
});

describe("proofContext", () => {
  const binding = {
    chainId: 31337,
    market: `0x${"aa".repeat(20)}`,
    orderHash: hashOrder(order),
    provider: `0x${"bb".repeat(20)}`,
    modelVersion: order.modelVersion,
  };

  it("PRF-1: changes with every bound field, and is a canonical scalar", () => {
    const contexts = [
      binding,
      { ...binding, chainId: 1 },
      { ...binding, market: `0x${"ab".repeat(20)}` },
      { ...binding, orderHash: `0x${"01".repeat(32)}` },
      { ...binding, provider: `0x${"bc".repeat(20)}` },
      { ...binding, modelVersion: `0x${"02".repeat(32)}` },
    ].map(proofContext);
    expect(new Set(contexts)).to.have.property("size", contexts.length);
    for (const context of contexts) expect(context < SCALAR_FIELD).to.equal(true);
  });
});

describe("jobStateName", () => {
  it("names every state, and says so of one it does not know", () => {
    expect(Object.values(JobState).map(jobStateName)).to.deep.equal(Object.keys(JobState));
    expect(jobStateName(99)).to.equal("Unknown(99)");
  });
});
