import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { openTaskChain, type TaskChain } from "./support/task-chain.ts";

const ROYALTY_PPM = 20_000n;

describe("session tasks", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let lattice: Lattice;
  let deployer: HardhatEthersSigner;
  let ada: HardhatEthersSigner;
  let model: string;
  let session: string;
  let voucherFile: string;

  const show = (which = session) => chain.one("session:show", { id: which });
  const open = (changes: Record<string, string> = {}) => ({
    model,
    provider: ada.address,
    deposit: "10",
    maxUnsigned: "0.5",
    ...changes,
  });

  before(async () => {
    chain = await openTaskChain();
    const [first, second] = chain.signers;
    if (!first || !second) throw new Error("the node has too few accounts");
    [deployer, ada] = [first, second];
    lattice = chain.as(deployer);
    await (await lattice.token.transfer(ada.address, parseEther("20000"))).wait();
    await chain.one("provider:register", {
      endpoint: "https://ada.example",
      tiers: "zk,optimistic",
      blsKeyFile: join(chain.folder, "ada.bls"),
      stake: "20000",
      from: ada.address,
    });
    const version = {
      artifactDigest: id("artifact"),
      programRoot: id("program"),
      weightsRoot: id("weights"),
      quantisationDigest: id("quantisation"),
      royaltyRecipient: deployer.address,
      royaltyPpm: ROYALTY_PPM,
      verifierSelector: "0x00000000",
      tiers: 2n,
      attestedClass: 0n,
    };
    await (await lattice.models.publish(version, "ipfs://model")).wait();
    model = await lattice.models.versionIdOf(deployer.address, version);
    voucherFile = join(chain.folder, "voucher.json");
  });
  after(async () => {
    await chain?.close();
  });

  describe("session:open", () => {
    it("says what is wrong before it sends anything", async () => {
      const wrong = async (changes: Record<string, string>, code: number, message: string) =>
        expectFailure(await chain.run("session:open", open(changes)), code, message);
      await wrong({ model: "" }, 2, "--model is needed");
      await wrong({ model: "0x12" }, 2, "--model 0x12 is not a 32-byte id");
      await wrong({ provider: "" }, 2, "--provider is needed");
      await wrong({ deposit: "none" }, 2, "--deposit none is not an amount");
      expect(await lattice.vouchers.sessionCount()).to.equal(0n);
    });

    it("deposits what is missing, allows the lane and opens", async () => {
      const opened = await chain.one("session:open", open());
      session = String(opened.session);
      expect(opened.funding).to.include({ marketAllowed: "now" });
      const found = await lattice.vouchers.sessionOf(session);
      expect(found.provider).to.equal(ada.address);
      expect(found.deposit).to.equal(parseEther("10"));
      expect(found.maxUnsigned).to.equal(parseEther("0.5"));
      expect(found.royaltyPpm).to.equal(ROYALTY_PPM);
      expect(await show()).to.include({ session, stateName: "Open", redeemed: "0" });
    });

    it("says what the contract refused", async () => {
      const refused = async (changes: Record<string, string>, message: string) =>
        expectFailure(await chain.run("session:open", open(changes)), 1, message);
      await refused({ model: id("nothing") }, "ModelRegistryUnknownVersion");
      await refused({ collateral: "0.001" }, "VoucherSettlementCollateralTooLow");
      expect(await lattice.vouchers.sessionCount()).to.equal(1n);
    });
  });

  describe("session:voucher and session:redeem", () => {
    it("sign for what can be redeemed, as the requester", async () => {
      const options = { id: session, amount: "2.5", out: voucherFile };
      const bad = async (changes: Record<string, string>, message: string) =>
        expectFailure(await chain.run("session:voucher", { ...options, ...changes }), 2, message);
      await bad({ amount: "11" }, "--amount 11 cannot be redeemed");
      await bad({ from: ada.address }, `is signed for by ${deployer.address}`);
      await bad({ jobsRoot: "0x12" }, "--jobs-root 0x12 is not a 32-byte root");
      await bad({ id: "0x12" }, "--id 0x12 is not a 32-byte id");
      const signed = await chain.one("session:voucher", options);
      expect(signed.voucher).to.include({ session, amount: String(parseEther("2.5")) });
    });

    it("redeem what was signed, and say what was left out", async () => {
      const vouchers = `${voucherFile},${voucherFile}`;
      const paid = await chain.one("session:redeem", { vouchers, from: ada.address });
      expect(paid.redeemed).to.deep.equal([{ session, amount: String(parseEther("2.5")) }]);
      expect(paid.rejected).to.deep.equal([{ session, reason: "StaleAmount" }]);
      const shown = await show();
      expect(shown).to.include({ redeemed: String(parseEther("2.5")), backed: true });
      const { earnings } = await lattice.escrow.accountOf(ada.address, lattice.token);
      expect((shown.legs as { provider: string }).provider).to.equal(String(earnings));
    });

    it("refuse a file that is no voucher", async () => {
      const missing = join(chain.folder, "missing.json");
      const absent = await chain.run("session:redeem", { vouchers: missing });
      expectFailure(absent, 2, "cannot read the voucher");
      const broken = join(chain.folder, "broken.json");
      await writeFile(broken, '{"voucher":{}}');
      const outcome = await chain.run("session:redeem", { vouchers: broken });
      expect(outcome.code).to.equal(2);
      expect(outcome.stderr).to.include(`${broken} is not a voucher`);
    });
  });

  describe("session:close", () => {
    it("begins to close, waits for the provider, then returns the rest", async () => {
      expect(await chain.one("session:close", { id: session })).to.include({ state: "Closing" });
      const early = await chain.run("session:close", { id: session });
      expectFailure(early, 1, "the provider may redeem before");
      const before = (await lattice.escrow.accountOf(deployer.address, lattice.token)).deposit;
      await chain.passTo(Number((await lattice.vouchers.sessionOf(session)).closesAt));
      const closed = await chain.one("session:close", { id: session });
      expect(closed).to.include({ state: "Closed", rest: String(parseEther("7.5")) });
      const { deposit } = await lattice.escrow.accountOf(deployer.address, lattice.token);
      expect(deposit - before).to.equal(parseEther("7.5"));
    });

    it("is done at once for the provider", async () => {
      const opened = await chain.one("session:open", open());
      const which = String(opened.session);
      const closed = await chain.one("session:close", { id: which, from: ada.address });
      expect(closed).to.include({ state: "Closed", rest: String(parseEther("10")) });
      const unknown = await chain.run("session:show", { id: id("nothing") });
      expectFailure(unknown, 1, "SESSION_UNKNOWN");
    });
  });
});
