import { expect } from "chai";
import { concat, id, keccak256, TypedDataEncoder, Wallet, ZeroHash } from "ethers";
import {
  cumulativeLegs,
  hashVoucher,
  jobSubject,
  latticeDomain,
  SdkError,
  type ServedJob,
  SessionState,
  SIGNING_DOMAINS,
  sessionIdOf,
  sessionJob,
  sessionStateName,
  sessionTree,
  sessionWork,
  signVoucher,
  stepLegs,
  unsignedExposure,
  VOUCHER_TYPES,
  verifyJobProof,
  verifyVoucherSignature,
} from "../src/index.ts";
import { readSession } from "../src/sessions.ts";

const contract = `0x${"11".repeat(20)}`;
const domain = latticeDomain(SIGNING_DOMAINS.VoucherSettlement, {
  chainId: 31337,
  verifyingContract: contract,
});
const requester = new Wallet(id("requester"));
const session = sessionIdOf(domain, requester.address, 1n);

describe("sessions", () => {
  it("an id names chain, contract, requester and number", () => {
    const ids = [
      session,
      sessionIdOf(domain, requester.address, 2n),
      sessionIdOf(domain, contract, 1n),
      sessionIdOf({ ...domain, chainId: 1n }, requester.address, 1n),
      sessionIdOf({ ...domain, verifyingContract: requester.address }, requester.address, 1n),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("a voucher's hash is its struct hash, and its signature the requester's", async () => {
    const voucher = { session, amount: 10n, jobs: 1n, jobsRoot: id("root") };
    expect(hashVoucher(voucher)).to.equal(
      TypedDataEncoder.hashStruct("Voucher", VOUCHER_TYPES, voucher),
    );
    const signature = await signVoucher(requester, domain, voucher);
    const check = { signer: requester.address, signature };
    expect(await verifyVoucherSignature(domain, voucher, check)).to.equal(true);
    const other = { ...voucher, session: id("other") };
    expect(await verifyVoucherSignature(domain, other, check)).to.equal(false);
  });

  it("says which session is unknown", async () => {
    const vouchers = { sessionOf: async () => ({ state: 0n }) };
    try {
      await readSession({ vouchers } as unknown as Parameters<typeof readSession>[0], session);
    } catch (error) {
      expect(error).to.be.instanceOf(SdkError);
      expect((error as SdkError).code).to.equal("SESSION_UNKNOWN");
      expect((error as SdkError).metadata).to.deep.equal({ session });
      return;
    }
    throw new Error("nothing was thrown");
  });

  it("names states", () => {
    for (const [name, value] of Object.entries(SessionState)) {
      expect(sessionStateName(value)).to.equal(name);
    }
  });
});

describe("jobs of a session", () => {
  it("a leaf is keccak256(0x00 ‖ subject ‖ output commitment)", () => {
    const output = id("output");
    const leaf = keccak256(concat(["0x00", jobSubject(session, 0n), output]));
    expect(sessionWork(session, [output])).to.deep.equal({ jobs: 1n, jobsRoot: leaf });
    expect(sessionWork(session, [])).to.deep.equal({ jobs: 0n, jobsRoot: ZeroHash });
  });

  it("every job is provable at its place alone", () => {
    const outputs = Array.from({ length: 7 }, (_, index) => id(`output ${index}`));
    const tree = sessionTree(session, outputs);
    for (const [index, output] of outputs.entries()) {
      const proof = tree.proof(index);
      const entry = sessionJob(session, BigInt(index), output);
      expect(verifyJobProof(tree.root, entry, proof)).to.equal(true);
      const moved = sessionJob(session, BigInt(index + 1), output);
      expect(verifyJobProof(tree.root, moved, proof)).to.equal(false);
      const other = sessionJob(id("other"), BigInt(index), output);
      expect(verifyJobProof(tree.root, other, proof)).to.equal(false);
    }
  });
});

describe("legs of a session", () => {
  it("PAY-2: add up, and never fall, at all rates tried", () => {
    for (const royaltyPpm of [0n, 1n, 250_000n, 300_000n, 800_000n]) {
      for (const protocolFeePpm of [0n, 1n, 170_000n, 200_000n]) {
        const rates = { royaltyPpm, protocolFeePpm };
        for (let amount = 1n; amount < 60n; amount++) {
          const { provider, publisher, fee } = cumulativeLegs(amount, rates);
          expect(provider + publisher + fee).to.equal(amount);
          const step = stepLegs(amount - 1n, amount, rates);
          expect(Object.values(step).some((leg) => leg < 0n)).to.equal(false);
        }
      }
    }
    const all = cumulativeLegs(5n, { royaltyPpm: 0n, protocolFeePpm: 1_000_000n });
    expect(all).to.deep.equal({ provider: 0n, publisher: 0n, fee: 5n });
  });
});

describe("unsigned exposure", () => {
  const open = { state: 1n, deposit: 100n, redeemed: 0n, maxUnsigned: 20n };
  const served = (...prices: bigint[]): ServedJob[] =>
    prices.map((price, index) => ({ index: BigInt(index), price }));

  it("is what was served beyond the last voucher", () => {
    expect(unsignedExposure(open, [], undefined)).to.deep.equal({
      served: 0n,
      unsigned: 0n,
      headroom: 20n,
    });
    expect(unsignedExposure(open, served(5n, 9n), undefined)).to.deep.equal({
      served: 14n,
      unsigned: 14n,
      headroom: 6n,
    });
    expect(unsignedExposure(open, served(5n, 9n), { amount: 12n })).to.deep.equal({
      served: 14n,
      unsigned: 2n,
      headroom: 18n,
    });
  });

  it("counts what was redeemed as signed, and what was paid ahead as room", () => {
    const redeemed = { ...open, redeemed: 14n };
    expect(unsignedExposure(redeemed, served(5n, 9n), undefined).unsigned).to.equal(0n);
    const ahead = unsignedExposure(open, served(5n), { amount: 15n });
    expect(ahead).to.deep.equal({ served: 5n, unsigned: 0n, headroom: 30n });
  });

  it("leaves no room beyond the deposit, nor in a session that is closing", () => {
    const full = unsignedExposure(open, served(95n), { amount: 95n });
    expect(full.headroom).to.equal(5n);
    const over = unsignedExposure(open, served(50n), { amount: 10n });
    expect(over).to.deep.equal({ served: 50n, unsigned: 40n, headroom: 0n });
    for (const state of [2n, 3n]) {
      expect(unsignedExposure({ ...open, state }, [], undefined).headroom).to.equal(0n);
    }
  });
});
