import { JobState, jobIdOf, type Order } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  deployMarketplace,
  directOrder,
  drawOrder,
  type Marketplace,
  orderValues,
  post,
} from "../../helpers/orders.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

async function marketplace() {
  return deployMarketplace(chain);
}

/** Posts the default drawn order with `changes` as its requester, without waiting. */
async function posting(system: Marketplace, changes: Partial<Order>) {
  const order = await drawOrder(system, changes);
  return system.market.connect(system.actors.requester).post(order);
}

describe("JobMarket", () => {
  describe("post", () => {
    it("locks the maximum price and stores the job in three slots", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, escrow, token, beacon, actors } = system;
      const order = await drawOrder(system);
      const before = await escrow.accountOf(actors.requester, token);

      const posting = market.connect(actors.requester).post(order);
      await expect(posting)
        .to.emit(market, "JobPosted")
        .withArgs(
          jobIdOf(order),
          actors.requester.address,
          system.modelVersion,
          orderValues(order),
        );
      await expect(posting)
        .to.emit(escrow, "EscrowLocked")
        .withArgs(market.target, actors.requester.address, token.target, order.maxPrice);
      await expect(posting).to.changeTokenBalances(
        ethers,
        token,
        [escrow, actors.requester],
        [0, 0],
      );

      const after = await escrow.accountOf(actors.requester, token);
      expect(before.deposit - after.deposit).to.equal(order.maxPrice);
      expect(await escrow.lockedBy(market, token)).to.equal(order.maxPrice);
      const deadline = (await networkHelpers.time.latest()) + order.assignSeconds;
      expect(await market.jobOf(jobIdOf(order))).to.deep.equal([
        ZeroAddress,
        BigInt(JobState.Posted),
        0n,
        BigInt(deadline),
        (await beacon.currentEpoch()) + 2n,
        0n,
        0n,
        ZeroHash,
      ]);
    });

    it("knows jobs by the hash of their order, of which the nonce makes another", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, actors } = system;
      const order = await drawOrder(system);
      const twin = { ...order, nonce: order.nonce + 1_000n };
      expect(await market.connect(actors.requester).post.staticCall(order)).to.equal(
        BigInt(await market.hashOrder(order)),
      );
      await post(system, order);
      expect((await market.jobOf(jobIdOf(order))).state).to.equal(JobState.Posted);
      expect((await market.jobOf(jobIdOf(twin))).state).to.equal(JobState.None);
      await post(system, twin);
      expect((await market.jobOf(jobIdOf(twin))).state).to.equal(JobState.Posted);
    });

    it("waits for no epoch in mode Direct", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const order = await directOrder(system, system.actors.ada);
      await system.market.connect(system.actors.requester).post(order);
      const job = await system.market.jobOf(jobIdOf(order));
      expect(job.drawEpoch).to.equal(0);
      expect(job.provider).to.equal(ZeroAddress);
      expect(job.state).to.equal(JobState.Posted);
    });

    it("takes other tokens that are accepted", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      const { market, escrow, actors } = system;
      const dollar = await ethers.deployContract("LatticeToken", [actors.requester, 1_000_000]);
      await market.connect(actors.governance).setPaymentToken(dollar, true);
      await dollar.connect(actors.requester).approve(escrow, 1_000_000);
      await escrow.connect(actors.requester).deposit(dollar, actors.requester, 1_000_000);
      await posting(system, { paymentToken: await dollar.getAddress(), maxPrice: 999_999n });
      expect(await escrow.lockedBy(market, dollar)).to.equal(999_999);
    });

    it("accepts every bound", async () => {
      const system = await networkHelpers.loadFixture(marketplace);
      await posting(system, {
        collateral: parseEther("10"),
        assignSeconds: 60,
        commitSeconds: 30,
        proveSeconds: 60,
        maxPrice: 1n,
        inputCommitment: toBeHex(1n, 32),
      });
      await posting(system, {
        assignSeconds: 3_600,
        commitSeconds: 3_600,
        proveSeconds: 3_600,
        inputCommitment: toBeHex(SCALAR_FIELD - 1n, 32),
      });
    });
  });
});
