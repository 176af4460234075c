import { expect } from "chai";
import {
  concat,
  hexlify,
  id,
  Signature,
  TypedDataEncoder,
  toBeHex,
  Wallet,
  ZeroAddress,
} from "ethers";
import {
  AssignmentMode,
  type LatticeDomain,
  latticeDomain,
  ORDER_DEFAULTS,
  type Order,
  RECEIPT_TYPES,
  SIGNING_DOMAINS,
  signOrder,
  signReceipt,
  signVoucher,
  Tier,
  VOUCHER_TYPES,
  verifyOrderSignature,
  verifyReceiptSignature,
  verifyVoucherSignature,
} from "../../src/index.ts";

const requester = new Wallet(id("requester"));
const provider = new Wallet(id("provider"));
const contract = { chainId: 31337, verifyingContract: `0x${"77".repeat(20)}` };
const domain = latticeDomain(SIGNING_DOMAINS.OrderSettlement, contract);

const order: Order = {
  ...ORDER_DEFAULTS,
  requester: requester.address,
  modelVersion: id("model"),
  inputCommitment: `0x${"03".repeat(32)}`,
  inputDigest: id("input"),
  paymentToken: `0x${"55".repeat(20)}`,
  maxPrice: 10n,
  collateral: 5n,
  tier: Tier.Zk,
  mode: AssignmentMode.Direct,
  assignSeconds: 60,
  commitSeconds: 60,
  proveSeconds: 60,
};

describe("order signatures", () => {
  it("are the requester's, over these terms, for this contract on this chain", async () => {
    const signature = await signOrder(requester, domain, order);
    expect(await verifyOrderSignature(domain, order, { signature })).to.equal(true);
    const others: [LatticeDomain, Order][] = [
      [domain, { ...order, maxPrice: 11n }],
      [domain, { ...order, requester: provider.address }],
      [latticeDomain(SIGNING_DOMAINS.JobMarket, contract), order],
      [latticeDomain(SIGNING_DOMAINS.OrderSettlement, { ...contract, chainId: 1 }), order],
      [{ ...domain, verifyingContract: ZeroAddress }, order],
    ];
    for (const [place, terms] of others) {
      expect(await verifyOrderSignature(place, terms, { signature })).to.equal(false);
    }
  });

  it("are refused in every form that the contracts refuse", async () => {
    const signature = await signOrder(requester, domain, order);
    const { r, s, v, compactSerialized } = Signature.from(signature);
    const curve = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const highS = toBeHex(curve - BigInt(s), 32);
    const refused = [
      compactSerialized,
      concat([r, highS, toBeHex(55 - v)]),
      concat([r, s, toBeHex(v - 27, 1)]),
      concat([hexlify(new Uint8Array(32).fill(255)), s, toBeHex(v)]),
      "0x",
      "no hex",
    ];
    for (const form of refused) {
      expect(await verifyOrderSignature(domain, order, { signature: form }), form).to.equal(false);
    }
  });
});

describe("vouchers and receipts", () => {
  const voucher = { session: id("session"), amount: 7n, jobs: 3n, jobsRoot: id("root") };
  const receipt = {
    market: contract.verifyingContract,
    subject: id("order"),
    outputCommitment: `0x${"05".repeat(32)}`,
  };

  it("have the types that contracts hash", () => {
    expect(TypedDataEncoder.from(VOUCHER_TYPES).encodeType("Voucher")).to.equal(
      "Voucher(bytes32 session,uint128 amount,uint64 jobs,bytes32 jobsRoot)",
    );
    expect(TypedDataEncoder.from(RECEIPT_TYPES).encodeType("Receipt")).to.equal(
      "Receipt(address market,bytes32 subject,bytes32 outputCommitment)",
    );
  });

  it("verify for their signer and content alone", async () => {
    const sessions = latticeDomain(SIGNING_DOMAINS.VoucherSettlement, contract);
    const signature = await signVoucher(requester, sessions, voucher);
    const signer = requester.address;
    expect(await verifyVoucherSignature(sessions, voucher, { signer, signature })).to.equal(true);
    const more = { ...voucher, amount: 8n };
    expect(await verifyVoucherSignature(sessions, more, { signer, signature })).to.equal(false);

    const equivocation = latticeDomain(SIGNING_DOMAINS.Equivocation, contract);
    const word = await signReceipt(provider, equivocation, receipt);
    const mine = { signer: provider.address, signature: word };
    expect(await verifyReceiptSignature(equivocation, receipt, mine)).to.equal(true);
    expect(await verifyReceiptSignature(equivocation, receipt, { ...mine, signer })).to.equal(
      false,
    );
  });
});
