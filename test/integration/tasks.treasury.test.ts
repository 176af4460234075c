import type { Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { parseEther } from "ethers";
import { expectFailure } from "./support/expectations.ts";
import type { TaskChain } from "./support/task-chain.ts";
import {
  delegateVotes,
  openVotingChain,
  seconds,
  type VotingChain,
} from "./support/voting-chain.ts";

const EARNED = parseEther("130");
/** What the treasury keeps of it after the shares of deploy/parameters/local.json: 40 % burn, 10 % go to leaders. */
const KEPT = parseEther("65");

/** Pays fees to the treasury as a market would: out of the deployer's deposit. */
async function earnFees({ lattice, deployer }: VotingChain): Promise<void> {
  const { escrow, token, addresses } = lattice;
  const { PaymentEscrow, LatticeToken, FeeTreasury } = addresses.contracts;
  await (await token.approve(PaymentEscrow, EARNED)).wait();
  await (await escrow.deposit(LatticeToken, deployer.address, EARNED)).wait();
  await (await escrow.setMarket(deployer.address, true)).wait();
  await (await escrow.lock(LatticeToken, deployer.address, EARNED)).wait();
  const leg = { recipient: FeeTreasury, amount: EARNED, toDeposit: false };
  await (await escrow.pay(LatticeToken, [leg])).wait();
}

describe("treasury:spend", function () {
  this.timeout(120_000);

  let chain: TaskChain;
  let lattice: Lattice;
  let voter: HardhatEthersSigner;
  let grantee: HardhatEthersSigner;

  const lat = (amount: string) => ({ to: grantee.address, amount, description: "Grant" });

  before(async () => {
    const world = await openVotingChain();
    await delegateVotes(world);
    await earnFees(world);
    ({ chain, lattice, voter, grantee } = world);
  });
  after(async () => {
    await chain?.close();
  });

  it("shows what is available and what waits in the escrow", async () => {
    const { funds } = await chain.one("treasury:spend");
    expect(funds).to.deep.include({
      available: "0",
      uncollected: String(EARNED),
      collectable: String(KEPT),
      symbol: "LAT",
    });
    const early = await chain.run("treasury:spend", lat("60"));
    expectFailure(
      early,
      2,
      "0 LAT available, less than 60 LAT; collecting would add 65 LAT: add --collect",
    );
    const greedy = await chain.run("treasury:spend", lat("66"));
    expectFailure(greedy, 2, "collecting would add 65 LAT, which is not enough either");
    const wrong = await chain.run("treasury:spend", { ...lat("60"), token: grantee.address });
    expectFailure(wrong, 2, "is not a contract on this chain");
    expectFailure(await chain.run("treasury:spend", lat("-1")), 2, "not an amount above zero");
  });

  it("SOL-3, GOV-1: collects, proposes, and pays when governance agrees", async () => {
    const { token, treasury } = lattice;
    const options = { ...lat("60"), collect: true, from: voter.address };
    const proposed = await chain.one("treasury:spend", options);
    expect(proposed.funds).to.deep.include({ available: String(KEPT), uncollected: "0" });
    const id = String(proposed.proposalId);
    await chain.passTo(seconds(proposed.voteStart) + 1);
    await chain.one("gov:vote", { id, support: "for", from: voter.address });
    await chain.passTo(seconds(proposed.voteEnd) + 1);
    const queued = await chain.one("gov:queue", { id });
    await chain.passTo(seconds(queued.executableAt));
    const balances = async () =>
      await Promise.all([token.balanceOf(treasury), token.balanceOf(grantee)]);
    const [held, had] = await balances();
    const simulated = await chain.one("gov:simulate", { id });
    expect(simulated.voters).to.deep.equal([]);
    expect(simulated.changes).to.deep.include({
      kind: "balance",
      subject: `LAT of ${grantee.address}`,
      before: String(had),
      after: String(had + parseEther("60")),
      text: ["0 LAT", "60 LAT"],
    });
    expect(await balances()).to.deep.equal([held, had]);
    const executed = await chain.one("gov:execute", { id });
    expect(executed.events).to.deep.include({
      contract: "FeeTreasury",
      address: chain.addresses.contracts.FeeTreasury,
      name: "TreasurySpent",
      args: {
        token: chain.addresses.contracts.LatticeToken,
        to: grantee.address,
        amount: String(parseEther("60")),
      },
    });
    expect(await balances()).to.deep.equal([held - parseEther("60"), had + parseEther("60")]);
    expect(await treasury.available(token)).to.equal(KEPT - parseEther("60"));
  });
});
