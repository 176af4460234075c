import { expect } from "chai";
import { AbiCoder, id, keccak256, TypedDataEncoder, Wallet, ZeroAddress, ZeroHash } from "ethers";
import {
  AssignmentMode,
  type BatchRecord,
  COMMITTEE_SLOTS,
  committeeSlot,
  hashBatchRecord,
  ORDER_DEFAULTS,
  ORDER_TYPES,
  type Order,
  RECEIPT_TYPES,
  Rejection,
  receiptDigest,
  receiptDomain,
  rejectionName,
  type ServedOrder,
  settlementBatch,
  settlementDomain,
  Tier,
} from "../src/index.ts";

const rita = new Wallet(id("rita"));
const provider = `0x${"ab".repeat(20)}`;
const settlement = `0x${"cd".repeat(20)}`;

const order: Order = {
  ...ORDER_DEFAULTS,
  requester: rita.address,
  sponsor: `0x${"66".repeat(20)}`,
  nonce: 300n,
  validUntil: 1_900_000_000,
  modelVersion: id("model"),
  inputCommitment: id("input"),
  inputDigest: id("input bytes"),
  paymentToken: `0x${"55".repeat(20)}`,
  maxPrice: 12n,
  collateral: 34n,
  tier: Tier.Optimistic,
  mode: AssignmentMode.Direct,
  provider,
  assignSeconds: 0,
  commitSeconds: 0,
  proveSeconds: 0,
  challengeSeconds: 120,
};

async function serve(changes: Partial<Order> = {}): Promise<ServedOrder> {
  const changed = { ...order, ...changes };
  const signature = await rita.signTypedData(settlementDomain(1, settlement), ORDER_TYPES, changed);
  return { order: changed, signature, outputCommitment: id("output"), outputDigest: id("trace") };
}

describe("settlementBatch", () => {
  it("packs short members, and signatures into two words", async () => {
    const served = await serve();
    const { terms, items, walletSignatures } = settlementBatch(provider, [served]);
    const [item] = items;
    expect(terms).to.deep.equal({
      modelVersion: order.modelVersion,
      paymentToken: order.paymentToken,
      mode: AssignmentMode.Direct,
      epoch: 0n,
      requesters: [
        {
          payment: (BigInt(rita.address) << 96n) | 12n,
          backing: (BigInt(order.sponsor) << 96n) | 34n,
        },
      ],
    });
    expect(walletSignatures).to.deep.equal([]);
    expect(item?.limits).to.equal((300n << 72n) | (1_900_000_000n << 32n) | 120n);
    expect(item?.r).to.equal(served.signature.slice(0, 66));
    const parity = BigInt(`0x${served.signature.slice(-2)}`) - 27n;
    const s = BigInt(`0x${served.signature.slice(66, 130)}`);
    expect(BigInt(item?.vs ?? 0)).to.equal((parity << 255n) | s);
  });

  it("says once who orders on which conditions, however its orders are mixed", async () => {
    const changes: Partial<Order>[] = [
      {},
      { maxPrice: 13n },
      { sponsor: ZeroAddress },
      { collateral: 35n },
      { requester: provider },
      { nonce: 301n, validUntil: 1_900_000_001, challengeSeconds: 121, inputDigest: id("other") },
      { maxPrice: 13n, nonce: 302n },
    ];
    const served = await Promise.all(changes.map(serve));
    const { terms, items } = settlementBatch(provider, served);
    expect(terms.requesters.map(({ payment, backing }) => [payment, backing])).to.deep.equal(
      [served[0], served[1], served[2], served[3], served[4]].map((job) => [
        (BigInt(job?.order.requester ?? 0) << 96n) | (job?.order.maxPrice ?? 0n),
        (BigInt(job?.order.sponsor ?? 0) << 96n) | (job?.order.collateral ?? 0n),
      ]),
    );
    expect(items.map(({ limits }) => limits >> 136n)).to.deep.equal([0n, 1n, 2n, 3n, 4n, 0n, 1n]);
  });

  it("lists signatures of wallets apart", async () => {
    const wallet = { isWallet: true, signature: "0x1234" };
    const batch = settlementBatch(provider, [
      await serve(),
      { ...(await serve()), ...wallet },
      { ...(await serve()), ...wallet, signature: "0x5678" },
    ]);
    expect(batch.walletSignatures).to.deep.equal(["0x1234", "0x5678"]);
    expect(batch.items.slice(1).map(({ r, vs }) => [r, BigInt(vs)])).to.deep.equal([
      [ZeroHash, 0n],
      [ZeroHash, 1n],
    ]);
  });

  it("refuses orders that the lane cannot express", async () => {
    const changes: Partial<Order>[] = [
      { provider: rita.address },
      { redundancy: 3 },
      { bidSeconds: 1 },
      { assignSeconds: 1 },
      { commitSeconds: 1 },
      { proveSeconds: 1 },
      { epoch: 4n },
      { mode: AssignmentMode.Draw, epoch: 4n, provider: ZeroAddress },
      { modelVersion: id("other") },
      { paymentToken: rita.address },
      { tier: Tier.Zk },
    ];
    for (const change of changes) {
      const served = [await serve(), await serve(change)];
      expect(() => settlementBatch(provider, served), JSON.stringify(Object.keys(change))).to.throw(
        RangeError,
        /this batch needs/,
      );
    }
    expect(() => settlementBatch(provider, [])).to.throw(RangeError, /at least one/);
    const auction = await serve({ mode: AssignmentMode.Auction, provider: ZeroAddress });
    expect(() => settlementBatch(provider, [auction])).to.throw(RangeError, /Auctions/);
    const quorum = await serve({ tier: Tier.Quorum });
    expect(() => settlementBatch(provider, [quorum])).to.throw(RangeError, /Quorum/);
  });
});

describe("committeeSlot", () => {
  it("is the hash of digest and seed, mod the slots", () => {
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes32"],
      [id("digest"), id("seed")],
    );
    const slot = Number(BigInt(keccak256(encoded)) % BigInt(COMMITTEE_SLOTS));
    expect(committeeSlot(id("digest"), id("seed"))).to.equal(slot);
  });
});

describe("hashBatchRecord", () => {
  const record: BatchRecord = {
    provider,
    token: settlement,
    payout: rita.address.toLowerCase(),
    royaltyRecipient: order.sponsor,
    price: 5n,
    count: 6n,
    collateral: 7n,
    releaseAt: 8n,
    royaltyPpm: 9n,
    protocolFeePpm: 10n,
    jobsRoot: id("root"),
  };

  it("changes with every member", () => {
    const hashes = Object.entries(record).map(([key, value]) =>
      hashBatchRecord({
        ...record,
        [key]: typeof value === "bigint" ? value + 1n : value.replace(/.$/, "7"),
      }),
    );
    expect(new Set([hashBatchRecord(record), ...hashes])).to.have.property(
      "size",
      1 + hashes.length,
    );
  });
});

describe("receiptDigest", () => {
  it("is EIP-712's over market, subject and output", () => {
    const domain = receiptDomain(7n, settlement);
    const receipt = { market: provider, subject: id("order"), outputCommitment: id("output") };
    expect(receiptDigest(domain, receipt)).to.equal(
      TypedDataEncoder.hash(domain, RECEIPT_TYPES, receipt),
    );
    expect(receiptDigest(receiptDomain(8n, settlement), receipt)).not.to.equal(
      receiptDigest(domain, receipt),
    );
  });
});

describe("rejectionName", () => {
  it("names every reason, and says so of one it does not know", () => {
    expect(Object.values(Rejection).map(rejectionName)).to.deep.equal(Object.keys(Rejection));
    expect(rejectionName(99n)).to.equal("Unknown(99)");
  });
});
