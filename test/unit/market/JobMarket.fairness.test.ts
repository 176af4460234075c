import { JobState, jobIdOf, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { network } from "hardhat";
import type { DrawRetrier } from "../../../typechain-types/index.ts";
import { bid, closeBidding, postAuction } from "../../helpers/auctions.ts";
import { postDrawable } from "../../helpers/draws.ts";
import { advanceEpoch } from "../../helpers/epochs.ts";
import { deployMarketplace, drawOrder, type Marketplace } from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;

/** From what no draw can run on to far more than one needs. */
const ALLOWANCES = Array.from({ length: 24 }, (_, i) => 50_000n * BigInt(i + 1));
const BLOCKS = 6;
/** A contract that catches its failures would else be estimated with too little gas to draw. */
const GAS = { gasLimit: 15_000_000n };

async function attacked() {
  const system = await deployMarketplace(chain);
  const retriers = await Promise.all(
    Array.from({ length: 3 }, () => ethers.deployContract("DrawRetrier")),
  );
  return { system, retriers };
}

/** Winners of the draws that were undone in the transaction. */
async function undoneIn(retrier: DrawRetrier, hash: string): Promise<string[]> {
  const receipt = await ethers.provider.getTransactionReceipt(hash);
  return (receipt?.logs ?? [])
    .map((log) => retrier.interface.parseLog(log))
    .filter((event) => event?.name === "DrawUndone")
    .map((event) => event?.args.winner as string);
}

/** Attempts from every contract, carried by other accounts, block by block with other block values. */
async function attemptsOverBlocks(
  { retriers, system }: Awaited<ReturnType<typeof attacked>>,
  attempt: (retrier: DrawRetrier, allowances: bigint[]) => Promise<{ hash: string }>,
): Promise<string[]> {
  const { stranger, requester, ada } = system.actors;
  const winners: string[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    await networkHelpers.setPrevRandao(BigInt(id(`block ${block}`)));
    await networkHelpers.time.increase(1 + block);
    for (const [i, retrier] of retriers.entries()) {
      const caller = [stranger, requester, ada][(block + i) % 3];
      if (!caller) throw new Error("too few callers");
      const { hash } = await attempt(retrier.connect(caller), ALLOWANCES);
      winners.push(...(await undoneIn(retrier, hash)));
    }
  }
  return winners;
}

/** A provider that the seed did not choose. */
function otherThan({ actors }: Marketplace, winner: string): string {
  const favourite = [actors.ada, actors.ben, actors.cal].find(({ address }) => address !== winner);
  if (!favourite) throw new Error("no other provider");
  return favourite.address;
}

async function expectWinner(
  { market }: Marketplace,
  jobId: bigint,
  state: JobState,
  provider: string,
) {
  const job = await market.jobOf(jobId);
  expect([job.state, job.provider]).to.deep.equal([BigInt(state), provider]);
}

describe("JobMarket", () => {
  describe("a contract that simulates a draw and tries again", () => {
    it("RND-1, RND-3: never sees another winner, whoever calls, with any gas, in any block of the window", async () => {
      const scene = await networkHelpers.loadFixture(attacked);
      const { system } = scene;
      const { jobId, order, candidates } = await postDrawable(system);
      const winner = candidates[0] ?? "";
      const favourite = otherThan(system, winner);
      const seen: string[] = [];
      // The window of a draw is the epoch of its seed and the one after.
      for (let epochs = 0; epochs < 2; epochs++) {
        if (epochs > 0) await advanceEpoch(system);
        const attempts = await attemptsOverBlocks(scene, (retrier, allowances) =>
          retrier.retryAssign(system.market, order, favourite, allowances, GAS),
        );
        expect(attempts.length).to.be.greaterThan(2 * BLOCKS * 3);
        seen.push(...attempts);
      }
      expect(new Set(seen)).to.deep.equal(new Set([winner]));
      await expectWinner(system, jobId, JobState.Posted, ethers.ZeroAddress);
      await system.market.assign(order);
      await expectWinner(system, jobId, JobState.Assigned, winner);
    });

    it("RND-1: gains no second seed by waiting: the window ends, and the payment goes back", async () => {
      const { system, retriers } = await networkHelpers.loadFixture(attacked);
      const { market, matchmaker } = system;
      const { jobId, order, candidates, epoch } = await postDrawable(system);
      const favourite = otherThan(system, candidates[0] ?? "");
      await advanceEpoch(system);
      const now = await advanceEpoch(system);
      for (const retrier of retriers) {
        await expect(retrier.assignTo(market, order, favourite))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerDrawWindowPassed")
          .withArgs(jobId, epoch, now);
      }
      await networkHelpers.time.increaseTo((await market.jobOf(jobId)).deadline);
      await expect(market.refund(order))
        .to.emit(market, "JobRefunded")
        .withArgs(jobId, order.requester, order.maxPrice);
    });

    it("RND-1: cannot post until it likes the draw: no seed that exists draws a new job", async () => {
      const { system, retriers } = await networkHelpers.loadFixture(attacked);
      const { market, matchmaker, escrow, token, beacon, actors } = system;
      const [retrier] = retriers;
      if (!retrier) throw new Error("no retrier");
      await token.connect(actors.deployer).approve(escrow, parseEther("10"));
      await escrow.connect(actors.deployer).deposit(token, retrier, parseEther("10"));
      await retrier.allow(escrow, market);
      const order = await drawOrder(system, { requester: await retrier.getAddress() });
      for (let epochs = 0; epochs < 3; epochs++) {
        const epoch = await beacon.currentEpoch();
        await expect(retrier.postAndAssign(market, order, actors.ada))
          .to.be.revertedWithCustomError(matchmaker, "MatchmakerDrawTooEarly")
          .withArgs(jobIdOf(order), epoch + 2n, epoch);
        await advanceEpoch(system);
      }
      expect((await market.jobOf(jobIdOf(order))).state).to.equal(JobState.None);
    });

    it("RND-1, RND-3: never sees another winner of an auction, whichever epoch it names", async () => {
      const scene = await networkHelpers.loadFixture(attacked);
      const { system } = scene;
      const { actors, market } = system;
      const { jobId, order, closesAt } = await postAuction(system);
      for (const provider of [actors.ada, actors.ben, actors.cal]) {
        await bid(system, provider, order, parseEther("1"));
      }
      const closing = await closeBidding(system, closesAt);
      const winner = await winnerOfAward(system, jobId, order, closing);
      const favourite = otherThan(system, winner);
      const epochs = Array.from({ length: Number(closing) + 5 }, (_, epoch) => BigInt(epoch));
      const seen = await attemptsOverBlocks(scene, (retrier) =>
        retrier.retryAward(market, order, favourite, epochs, GAS),
      );
      // One epoch of those named draws; the others are refused before there is a winner.
      expect(seen).to.have.lengthOf(BLOCKS * 3);
      expect(new Set(seen)).to.deep.equal(new Set([winner]));
      await market.award(order, closing);
      await expectWinner(system, jobId, JobState.Assigned, winner);
    });
  });
});

/** Whom the award gives the job, looked up without making it. */
async function winnerOfAward(system: Marketplace, jobId: bigint, order: Order, closing: bigint) {
  const snapshot = await networkHelpers.takeSnapshot();
  await system.market.award(order, closing);
  const { provider } = await system.market.jobOf(jobId);
  await snapshot.restore();
  return provider;
}
