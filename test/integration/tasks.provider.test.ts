import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import { openTaskChain, records, type TaskChain } from "./support/task-chain.ts";

const STAKE = parseEther("20000");

describe("provider and beacon tasks", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let lattice: Lattice;
  let ada: HardhatEthersSigner;
  let ben: HardhatEthersSigner;
  let publisher: HardhatEthersSigner;
  let adaKey: string;
  let benKey: string;

  const stakeOf = (provider: HardhatEthersSigner) =>
    lattice.vault.provisionOf(provider, chain.addresses.contracts.ProviderRegistry);

  before(async () => {
    chain = await openTaskChain();
    const [deployer, first, second, third] = chain.signers;
    if (!deployer || !first || !second || !third) throw new Error("the node has too few accounts");
    [ada, ben, publisher] = [first, second, third];
    lattice = chain.as(deployer);
    for (const provider of [ada, ben]) {
      await (await lattice.token.transfer(provider.address, STAKE * 2n)).wait();
    }
    adaKey = join(chain.folder, "ada.bls");
    benKey = join(chain.folder, "ben.bls");
  });
  after(async () => {
    await chain?.close();
  });

  describe("provider:register", () => {
    const options = () => ({
      endpoint: "https://ada.example",
      tiers: "zk,quorum",
      maxTensorMib: "8",
      memoryMib: "1024",
      accelerators: "cpu,cuda",
      blsKeyFile: adaKey,
      from: ada.address,
    });

    it("says what is missing before it sends anything", async () => {
      const wrong = async (changes: Record<string, string>, code: number, message: string) =>
        expectFailure(
          await chain.run("provider:register", { ...options(), ...changes }),
          code,
          message,
        );
      await wrong({ endpoint: "" }, 2, "--endpoint is needed");
      await wrong({ blsKeyFile: "" }, 2, "--bls-key-file is needed");
      await wrong({ tiers: "gold" }, 2, "--tiers gold is none of zk, optimistic, quorum");
      await wrong(
        { stake: "5000" },
        1,
        "a provider needs a stake of at least 10000000000000000000000",
      );
      expect((await lattice.registry.providerOf(ada)).registered).to.equal(false);
    });

    it("stakes, makes a key file that only its owner reads, and proves possession", async () => {
      const registered = await chain.one("provider:register", { ...options(), stake: "20000" });
      expect(registered).to.deep.include({
        provider: ada.address,
        wasRegistered: false,
        stake: String(STAKE),
      });
      expect(registered.key).to.deep.include({ file: adaKey, origin: "found" });
      expect((await stat(adaKey)).mode & 0o077).to.equal(0);
      const found = await lattice.registry.providerOf(ada);
      expect(found.registered).to.equal(true);
      expect(found.payout).to.equal(ada.address);
      const { accelerator, memoryMiB, maxTensorBytes, tiers } = found.capabilities;
      expect([accelerator, memoryMiB, maxTensorBytes, tiers]).to.deep.equal([
        3n,
        1024n,
        8n * 2n ** 20n,
        5n,
      ]);
      expect((await stakeOf(ada)).tokens).to.equal(STAKE);
      expect(await lattice.token.balanceOf(ada)).to.equal(STAKE);
    });

    it("changes the profile of a registered provider, with its key alone", async () => {
      const changed = { ...options(), endpoint: "https://ada.example/2", payout: ben.address };
      const again = await chain.one("provider:register", changed);
      expect(again).to.deep.include({ wasRegistered: true, payout: ben.address });
      expect((await lattice.registry.providerOf(ada)).endpoint).to.equal("https://ada.example/2");
      const other = { ...options(), blsKeyFile: benKey };
      expectFailure(await chain.run("provider:register", other), 1, "(BLS_KEY_MISMATCH)");
    });
  });

  describe("provider:list and provider:show", () => {
    before(async () => {
      const registration = { endpoint: "local:2", blsKeyFile: benKey, from: ben.address };
      await chain.one("provider:register", { ...registration, stake: "20000" });
    });

    it("page through providers in the order they joined", async () => {
      const list = async (options: Record<string, string>) =>
        records(await chain.run("provider:list", { json: true, ...options })).map(
          ({ address }) => address,
        );
      expect(await list({})).to.deep.equal([ada.address, ben.address]);
      expect(await list({ limit: "1" })).to.deep.equal([ada.address]);
      expect(await list({ offset: "1" })).to.deep.equal([ben.address]);
      const { stdout } = await chain.run("provider:list", { limit: "1" });
      expect(stdout).to.match(/registered +20000 LAT +0 LAT/);
      expect(stdout).to.include("More: --offset 1");
      expectFailure(await chain.run("provider:list", { limit: "all" }), 2, "--limit all is not");
      expectFailure(await chain.run("provider:list", { model: "0x1" }), 2, "not a 32-byte id");
    });

    it("show one provider", async () => {
      const shown = await chain.one("provider:show", { address: ada.address });
      expect(shown).to.deep.include({ registered: true, draining: false, payout: ben.address });
      expect(shown.stake).to.deep.equal({ tokens: String(STAKE), exposure: "0", thawing: "0" });
      const { stdout } = await chain.run("provider:show", { address: publisher.address });
      expect(stdout).to.match(/^state +not registered$/m);
    });
  });

  describe("provider:stake and provider:unstake", () => {
    it("adds to the stake", async () => {
      const had = await lattice.token.balanceOf(ada);
      const staked = await chain.one("provider:stake", { amount: "0.5", from: ada.address });
      expect(staked.amount).to.equal(String(parseEther("0.5")));
      expect((await stakeOf(ada)).tokens).to.equal(STAKE + parseEther("0.5"));
      expect(await lattice.token.balanceOf(ada)).to.equal(had - parseEther("0.5"));
      const much = await chain.run("provider:stake", { amount: "90000", from: ada.address });
      expectFailure(much, 1, "less than 90000 LAT; send it LAT, or stake less");
      expectFailure(await chain.run("provider:stake"), 2, "--amount is needed");
    });

    it("EXP-2: thaws, says until when, and pays out when that is over", async () => {
      const options = { amount: "0.5", from: ada.address };
      const much = await chain.run("provider:unstake", { ...options, amount: "90000" });
      expectFailure(much, 1, "20000.5 LAT of stake that backs no job");
      const thawing = await chain.one("provider:unstake", options);
      expect(thawing).to.deep.include({ step: "thawing", amount: String(parseEther("0.5")) });
      const waiting = await chain.one("provider:unstake", options);
      expect(waiting).to.deep.include({ step: "waiting", until: thawing.until, transaction: null });
      const had = await lattice.token.balanceOf(ada);
      await chain.passTo(Date.parse(String(thawing.until)) / 1000);
      const withdrawn = await chain.one("provider:unstake", options);
      expect(withdrawn).to.deep.include({ step: "withdrawn", amount: String(parseEther("0.5")) });
      expect(await lattice.token.balanceOf(ada)).to.equal(had + parseEther("0.5"));
      expect((await stakeOf(ada)).tokens).to.equal(STAKE);
    });

    it("warns when what is left is too little for draws", async () => {
      const { stdout } = await chain.run("provider:unstake", { from: ben.address });
      expect(stdout).to.match(/^leaves +0 LAT, below the least of 10000 LAT: no draws$/m);
      expect((await stakeOf(ben)).thawing).to.equal(STAKE);
    });
  });

  describe("provider:drain", () => {
    it("stops new work and takes it up again", async () => {
      const drained = await chain.one("provider:drain", { from: ada.address });
      expect(drained.draining).to.equal(true);
      expect(await lattice.registry.isAvailable(ada)).to.equal(false);
      const again = await chain.one("provider:drain", { from: ada.address });
      expect(again).to.deep.include({ draining: true, transaction: null });
      await chain.one("provider:drain", { resume: true, from: ada.address });
      expect(await lattice.registry.isAvailable(ada)).to.equal(true);
      const stranger = await chain.run("provider:drain", { from: publisher.address });
      expectFailure(stranger, 1, "is not registered; provider:register does that");
    });
  });

  describe("beacon:status and beacon:reveal", () => {
    const due = async () => {
      const { next } = await chain.one("beacon:status");
      await chain.passTo(Date.parse(String((next as { opensAt: string }).opensAt)) / 1000);
    };

    it("begin epochs without a leader while nobody has weight", async () => {
      const before = await chain.one("beacon:status");
      expect(before).to.deep.include({ epoch: "0", drawable: false, degraded: true });
      await due();
      const needed = await chain.run("beacon:reveal", { blsKeyFile: adaKey });
      expectFailure(needed, 2, "begin the next one with --bootstrap");
      const began = await chain.one("beacon:reveal", { bootstrap: true });
      expect(began).to.deep.include({ epoch: "1", drawable: false, leader: null });
      await due();
      await chain.one("beacon:reveal", { bootstrap: true });
    });

    it("name the leader, whose key alone begins the next epoch", async () => {
      await due();
      const status = await chain.one("beacon:status");
      expect(status.epoch).to.equal("2");
      expect(status.next).to.deep.include({ rank: "0", leader: ada.address });
      const { stdout } = await chain.run("beacon:status");
      expect(stdout).to.match(new RegExp(`^leader +${ada.address}, rank 0$`, "m"));
      const wrong = await chain.run("beacon:reveal", { blsKeyFile: benKey });
      expectFailure(wrong, 1, `${ada.address} leads with rank 0, but ${benKey} is not its key`);
      const bootstrap = await chain.run("beacon:reveal", { bootstrap: true });
      expectFailure(bootstrap, 2, `${ada.address} leads: only its key can begin epoch 3`);
      const began = await chain.one("beacon:reveal", { blsKeyFile: adaKey });
      expect(began).to.deep.include({ epoch: "3", drawable: true, leader: ada.address, rank: "0" });
      expect((await lattice.beacon.epochInfo(3)).seed).to.equal(began.seed);
      const early = await chain.run("beacon:reveal", { blsKeyFile: adaKey });
      expectFailure(early, 1, "epoch 4 may begin from");
    });
  });
});
