import { CONTRACT_NAMES, connectLattice, parseAddressBook } from "@lattice/sdk";
import { expect } from "chai";
import { BrowserProvider, parseEther, Wallet } from "ethers";
import { network } from "hardhat";
import { LatticeToken__factory } from "../../../../typechain-types/factories/contracts/token/LatticeToken__factory.ts";
import type { ChainConnection } from "../../src/adapters/chain/connection.ts";
import { chainFailure } from "../../src/adapters/chain/failures.ts";
import { SignerSubmitter } from "../../src/adapters/chain/signer-submitter.ts";
import { WalletTransactions } from "../../src/adapters/chain/transactions.ts";
import type { ContractCall } from "../../src/core/ports/transactions.ts";
import { createSubmitterMetrics } from "../../src/services/submitter/metrics.ts";
import { SubmitterService } from "../../src/services/submitter/service.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { OTHER } from "../helpers/jobs.ts";
import { memoryLogger } from "../helpers/logger.ts";

const OPTIONS = { pollMs: 5, resendAfterMs: 150, maxResends: 3, gasMarginPpm: 200_000n };

/** A chain in this process with one token, all of it the wallet's. */
async function setup() {
  const chain = await network.create("default");
  const provider = new BrowserProvider(chain.provider, 31337, { cacheTimeout: -1 });
  const wallet = Wallet.createRandom(provider);
  const setBalance = (amount: bigint) =>
    chain.provider.request({
      method: "hardhat_setBalance",
      params: [wallet.address, `0x${amount.toString(16)}`],
    });
  await setBalance(parseEther("10"));
  const token = await new LatticeToken__factory(wallet).deploy(wallet.address, 1_000n);
  await token.waitForDeployment();
  const address = await token.getAddress();
  const addresses = parseAddressBook({
    chainId: 31337,
    network: "default",
    fromBlock: 0,
    contracts: Object.fromEntries(CONTRACT_NAMES.map((name) => [name, address])),
    external: { EAS: address, SchemaRegistry: address },
    verifiers: {},
  });
  const connection: ChainConnection<BrowserProvider> = {
    provider,
    lattice: connectLattice({ addresses, runner: provider }),
    genesis: "",
    read: async (what, action) => {
      try {
        return await action();
      } catch (error) {
        throw chainFailure(error, what, "http://localhost");
      }
    },
    close: () => undefined,
  };
  const port = new WalletTransactions(connection, new Wallet(wallet.privateKey));
  const { logger } = memoryLogger();
  const metrics = createSubmitterMetrics();
  const submitter = new SubmitterService(OPTIONS, { port, logger, metrics });
  const transfer = (amount: bigint): ContractCall => ({
    to: address,
    data: token.interface.encodeFunctionData("transfer", [OTHER, amount]),
    label: "LAT.transfer",
  });
  const request = (method: string, ...params: unknown[]) =>
    chain.provider.request({ method, params });
  return { chain, wallet, token, port, submitter, metrics, transfer, setBalance, request };
}

describe("transactions on a chain in this process", () => {
  let world: Awaited<ReturnType<typeof setup>>;
  beforeEach(async () => {
    world = await setup();
  });
  afterEach(async () => {
    await world.chain.close();
  });

  it("land, with their gas and logs", async () => {
    const { submitter, token, transfer } = world;
    const result = await submitter.submit(transfer(5n));
    if (result.outcome !== "landed") throw new Error("did not land");
    expect(await token.balanceOf(OTHER)).to.equal(5n);
    expect(result.receipt.gasUsed > 21_000n).to.equal(true);
    expect(result.receipt.logs).to.have.lengthOf(1);
  });

  it("land all when many are sent at once", async () => {
    const { submitter, token, transfer } = world;
    await Promise.all(Array.from({ length: 12 }, () => submitter.submit(transfer(1n))));
    expect(await token.balanceOf(OTHER)).to.equal(12n);
  });

  it("land once when blocks are slow and copies with higher fees are sent", async () => {
    const { submitter, metrics, token, transfer, request } = world;
    await request("evm_setAutomine", false);
    const submission = submitter.submit(transfer(7n));
    while (metrics.snapshot().resent === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await request("hardhat_mine", "0x1");
    expect((await submission).outcome).to.equal("landed");
    await request("hardhat_mine", "0x2");
    expect(await token.balanceOf(OTHER)).to.equal(7n);
  });

  it("decode a contract's refusal", async () => {
    const { submitter, wallet, transfer } = world;
    const error = await nodeFailureOf("CALL_REVERTED", submitter.submit(transfer(1_001n)));
    expect(error.metadata).to.deep.equal({
      call: "LAT.transfer",
      revert: "ERC20InsufficientBalance",
      sender: wallet.address,
      balance: "1000",
      needed: "1001",
    });
  });

  it("that fail only once mined are told from those that landed", async () => {
    const { submitter, transfer, request, token } = world;
    await request("evm_setAutomine", false);
    // Both pass their estimates, but the tokens are enough for one alone.
    const [first, second] = [transfer(600n), transfer(500n)].map((call) => submitter.submit(call));
    const failing = nodeFailureOf("CALL_REVERTED", second as Promise<unknown>);
    for (let pending = 0; pending < 2; ) {
      pending =
        Number(await request("eth_getTransactionCount", world.wallet.address, "pending")) - 1;
    }
    await request("hardhat_mine", "0x1");
    expect((await first)?.outcome).to.equal("landed");
    expect((await failing).metadata).to.include({ revert: "ERC20InsufficientBalance" });
    expect(await token.balanceOf(OTHER)).to.equal(600n);
  });

  it("say when the account cannot pay for gas", async () => {
    const { submitter, setBalance, transfer, wallet } = world;
    await setBalance(1_000n);
    const error = await nodeFailureOf("KEY_UNFUNDED", submitter.submit(transfer(1n)));
    expect(error.message).to.include("send it native tokens");
    expect(error.metadata).to.include({ address: wallet.address, balance: 1_000n });
  });

  it("continue with the chain's nonce after another process used the key", async () => {
    const { submitter, port, token, transfer, wallet } = world;
    await submitter.submit(transfer(1n));
    await (await token.transfer(OTHER, 1n)).wait();
    await submitter.submit(transfer(1n));
    expect(await token.balanceOf(OTHER)).to.equal(3n);
    expect(await port.transactionCount("latest")).to.equal(4);
    expect(wallet.address).to.equal(submitter.address);
  });

  describe("of an ethers signer", () => {
    it("land, and are decoded when refused", async () => {
      const { wallet, token, transfer } = world;
      const submitter = await SignerSubmitter.create(wallet);
      expect((await submitter.submit(transfer(2n))).outcome).to.equal("landed");
      expect(await token.balanceOf(OTHER)).to.equal(2n);
      const error = await nodeFailureOf("CALL_REVERTED", submitter.submit(transfer(1_001n)));
      expect(error.metadata).to.include({ revert: "ERC20InsufficientBalance" });
    });

    it("count as done when the chain shows the effect", async () => {
      const { wallet, transfer } = world;
      const submitter = await SignerSubmitter.create(wallet);
      const result = await submitter.submit(transfer(1_001n), { isDone: async () => true });
      expect(result).to.deep.equal({ outcome: "alreadyDone" });
    });
  });
});
