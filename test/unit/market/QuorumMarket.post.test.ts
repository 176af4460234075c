import {
  AssignmentMode,
  hashOrder,
  ORDER_TYPES,
  type Order,
  QuorumState,
  Tier,
} from "@lattice/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { orderValues } from "../../helpers/orders.ts";
import {
  deployQuorum,
  fundPayer,
  MAX_PRICE,
  postQuorum,
  type Quorum,
  quorumOrder,
} from "../../helpers/quorum.ts";
import type { Signer } from "../../helpers/system.ts";

const chain = await network.create();
const { ethers, networkHelpers } = chain;
const LOCKED = 3n * MAX_PRICE;

async function system() {
  return deployQuorum(chain);
}

async function signed({ quorum }: Quorum, signer: Signer, order: Order): Promise<string> {
  const { name, version, chainId, verifyingContract } = await quorum.eip712Domain();
  return signer.signTypedData({ name, version, chainId, verifyingContract }, ORDER_TYPES, order);
}

async function depositOf({ escrow, token }: Quorum, owner: Signer): Promise<bigint> {
  return (await escrow.accountOf(owner, token)).deposit;
}

describe("QuorumMarket", () => {
  describe("post", () => {
    it("locks the maximum once for each member and waits for a seed that nobody knows", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, escrow, token, beacon, actors } = quorumSystem;
      const order = await quorumOrder(quorumSystem);
      const before = await depositOf(quorumSystem, actors.requester);
      const posting = quorum.connect(actors.requester).post(order);
      await expect(posting)
        .to.emit(quorum, "QuorumPosted")
        .withArgs(1, order.requester, order.modelVersion, orderValues(order));
      await expect(posting)
        .to.emit(escrow, "EscrowLocked")
        .withArgs(quorum.target, order.requester, token.target, LOCKED);
      expect(before - (await depositOf(quorumSystem, actors.requester))).to.equal(LOCKED);
      expect(await escrow.lockedBy(quorum, token)).to.equal(LOCKED);
      expect(await quorum.jobCount()).to.equal(1);
      const job = await quorum.jobOf(1);
      expect([job.orderHash, job.state, job.attempt, job.members.length]).to.deep.equal([
        hashOrder(order),
        BigInt(QuorumState.Posted),
        0n,
        0,
      ]);
      expect(await quorum.hashOrder(order)).to.equal(hashOrder(order));
      expect(job.drawEpoch).to.equal((await beacon.nextDrawEpoch()) + 1n);
      expect(job.deadline).to.equal((await networkHelpers.time.latest()) + order.assignSeconds);
    });

    it("locks nine maxima of the largest size without loss", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, escrow, token, actors } = quorumSystem;
      const maxPrice = 2n ** 96n - 1n;
      const order = await quorumOrder(quorumSystem, { maxPrice, redundancy: 9 });
      const deposit = await depositOf(quorumSystem, actors.requester);
      await expect(quorum.connect(actors.requester).post(order))
        .to.be.revertedWithCustomError(escrow, "PaymentEscrowInsufficientDeposit")
        .withArgs(order.requester, token.target, deposit, 9n * maxPrice);
    });

    it("takes from three to nine members", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, policy, actors } = quorumSystem;
      for (const redundancy of [0, 1, 2, 10, 255]) {
        const order = await quorumOrder(quorumSystem, { redundancy });
        await expect(quorum.connect(actors.requester).post(order))
          .to.be.revertedWithCustomError(policy, "OrderPolicyInvalidRedundancy")
          .withArgs(redundancy, 3, 9);
      }
      for (const redundancy of [4, 9]) {
        await postQuorum(quorumSystem, await quorumOrder(quorumSystem, { redundancy }));
      }
      expect(await quorum.jobCount()).to.equal(2);
    });

    it("takes no other tier, even when governance opens it here", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      for (const tier of [Tier.Zk, Tier.Optimistic]) {
        await quorum.connect(actors.governance).setTier(tier, true);
        const order = await quorumOrder(quorumSystem, { tier, redundancy: 1 });
        await expect(quorum.connect(actors.requester).post(order))
          .to.be.revertedWithCustomError(quorum, "MarketTierClosed")
          .withArgs(tier);
      }
      await quorum.connect(actors.governance).setTier(Tier.Quorum, false);
      await expect(quorum.connect(actors.requester).post(await quorumOrder(quorumSystem)))
        .to.be.revertedWithCustomError(quorum, "MarketTierClosed")
        .withArgs(Tier.Quorum);
    });

    it("takes no order whose members are not drawn", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      for (const mode of [AssignmentMode.Direct, AssignmentMode.Auction]) {
        const order = await quorumOrder(quorumSystem, { mode, provider: actors.ada.address });
        await expect(quorum.connect(actors.requester).post(order))
          .to.be.revertedWithCustomError(quorum, "QuorumMarketWrongMode")
          .withArgs(mode);
      }
      const order = await quorumOrder(quorumSystem, { epoch: 7n });
      await expect(quorum.connect(actors.requester).post(order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketEpochNotUsed")
        .withArgs(7);
    });

    it("reverts for anyone but the requester", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      await expect(quorum.connect(actors.stranger).post(await quorumOrder(quorumSystem)))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketNotRequester")
        .withArgs(actors.requester.address, actors.stranger.address);
    });

    it("GOV-2: reverts while new work is paused", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      await quorum.connect(actors.guardian).setNewWorkPaused(true);
      await expect(
        quorum.connect(actors.requester).post(await quorumOrder(quorumSystem)),
      ).to.be.revertedWithCustomError(quorum, "MarketNewWorkPaused");
    });

    it("takes the sponsor's deposit, for every member, within what it allowed", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, token, actors } = quorumSystem;
      const sponsor = actors.stranger;
      await fundPayer(quorumSystem, quorum, sponsor);
      const order = await quorumOrder(quorumSystem, { sponsor: sponsor.address });
      await quorum.connect(sponsor).setSponsorship(order.requester, token, LOCKED - 1n);
      await expect(quorum.connect(actors.requester).post(order))
        .to.be.revertedWithCustomError(quorum, "MarketSponsorshipTooLow")
        .withArgs(sponsor.address, order.requester, token.target, LOCKED - 1n, LOCKED);
      await quorum.connect(sponsor).setSponsorship(order.requester, token, LOCKED);
      const own = await depositOf(quorumSystem, actors.requester);
      const sponsors = await depositOf(quorumSystem, sponsor);
      await postQuorum(quorumSystem, order);
      expect(await depositOf(quorumSystem, actors.requester)).to.equal(own);
      expect(sponsors - (await depositOf(quorumSystem, sponsor))).to.equal(LOCKED);
      await quorum.connect(actors.requester).cancel(1, order);
      expect(await depositOf(quorumSystem, sponsor)).to.equal(sponsors);
    });
  });

  describe("postSigned", () => {
    it("posts a signed order once, for anyone who carries it", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, actors } = quorumSystem;
      const order = await quorumOrder(quorumSystem, { nonce: 300n });
      const signature = await signed(quorumSystem, actors.requester, order);
      const posting = quorum.connect(actors.stranger).postSigned(order, signature);
      await expect(posting)
        .to.emit(quorum, "QuorumPosted")
        .withArgs(1, order.requester, order.modelVersion, orderValues(order));
      await expect(posting)
        .to.emit(quorum, "NoncesUsed")
        .withArgs(order.requester, 1, 1n << 44n);
      await expect(quorum.postSigned(order, signature))
        .to.be.revertedWithCustomError(quorum, "MarketNonceUsed")
        .withArgs(order.requester, 300);
    });

    it("reverts for a signature of somebody else, or for another market", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, market, actors } = quorumSystem;
      const order = await quorumOrder(quorumSystem);
      const digest = await quorum.orderDigest(hashOrder(order));
      const { chainId } = await quorum.eip712Domain();
      const name = "Lattice JobMarket";
      const elsewhere = {
        name,
        version: "1",
        chainId,
        verifyingContract: await market.getAddress(),
      };
      for (const signature of [
        await signed(quorumSystem, actors.stranger, order),
        await actors.requester.signTypedData(elsewhere, ORDER_TYPES, order),
      ]) {
        await expect(quorum.postSigned(order, signature))
          .to.be.revertedWithCustomError(quorum, "MarketInvalidSignature")
          .withArgs(order.requester, digest);
      }
      expect((await quorum.eip712Domain()).name).to.equal("Lattice QuorumMarket");
    });
  });

  describe("ModelRegistry", () => {
    it("publishes a version of tier Quorum alone, which needs no verifier", async () => {
      const { models, modelVersion } = await networkHelpers.loadFixture(system);
      const { tiers, verifierSelector } = await models.termsOf(modelVersion);
      expect([tiers, verifierSelector]).to.deep.equal([4n, "0x00000000"]);
    });
  });

  describe("initialize", () => {
    it("runs once, and never on an implementation", async () => {
      const { quorum, manager, peers } = await networkHelpers.loadFixture(system);
      const implementation = await ethers.deployContract("QuorumMarket", [peers]);
      for (const target of [quorum, implementation]) {
        await expect(target.initialize(manager)).to.be.revertedWithCustomError(
          quorum,
          "InvalidInitialization",
        );
      }
      expect(await quorum.jobCount()).to.equal(0);
      expect((await quorum.jobOf(0)).state).to.equal(QuorumState.None);
      expect(await quorum.sponsorshipOf(manager, manager, ZeroAddress)).to.equal(0);
    });
  });
});
