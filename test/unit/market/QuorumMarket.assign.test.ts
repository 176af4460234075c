import { drawRandomness, explainError, poolOf, QuorumState } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";
import { network } from "hardhat";
import { settleWeights } from "../../helpers/epochs.ts";
import {
  askOf,
  assigned,
  awaitSeed,
  COLLATERAL,
  deployQuorum,
  membersOf,
  postQuorum,
  type Quorum,
  quorumOrder,
} from "../../helpers/quorum.ts";

const chain = await network.create();
const { networkHelpers } = chain;

async function system() {
  return deployQuorum(chain);
}

/** The first distinct picks of a job from its seed, as anyone can recompute them. */
async function expectedMembers(quorumSystem: Quorum, jobId: bigint, epoch: bigint, count: number) {
  const { beacon, quorum, registry, token, modelVersion } = quorumSystem;
  const { seed } = await beacon.epochInfo(epoch);
  const pool = poolOf(modelVersion, await token.getAddress());
  const place = await quorum.getAddress();
  const found: string[] = [];
  for (let pick = 0n; found.length < count && pick < 4n * BigInt(count); pick++) {
    const picked = await registry.draw(pool, epoch, drawRandomness(seed, place, jobId, 0, pick));
    if (!found.includes(picked)) found.push(picked);
  }
  return found;
}

const CAPABILITIES = {
  accelerator: 2,
  memoryMiB: 4096,
  maxTensorBytes: 1,
  tiers: 7,
  maxCollateral: 2n ** 96n - 1n,
};

describe("QuorumMarket", () => {
  describe("assign", () => {
    it("RND-3: draws the first distinct picks of the seed, each at its own ask (PAY-3)", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, vault, registry, providers, actors } = quorumSystem;
      // Enough jobs for some with repeated picks, which are passed by.
      let repeated = 0;
      for (let round = 0; round < 6; round++) {
        const order = await quorumOrder(quorumSystem, { commitSeconds: 240 });
        const jobId = await postQuorum(quorumSystem, order);
        const epoch = await awaitSeed(quorumSystem, jobId);
        const members = await expectedMembers(quorumSystem, jobId, epoch, 3);
        const asks = members.map((member) =>
          askOf(providers.findIndex(({ address }) => address === member)),
        );
        const assigning = quorum.connect(actors.stranger).assign(jobId, order);
        await assigning;
        const commitBy = (await networkHelpers.time.latest()) + order.commitSeconds;
        await expect(assigning)
          .to.emit(quorum, "QuorumAssigned")
          .withArgs(jobId, 0, members, asks, epoch, commitBy);
        const job = await quorum.jobOf(jobId);
        expect([job.state, job.deadline, job.protocolFeePpm]).to.deep.equal([
          BigInt(QuorumState.Committing),
          BigInt(commitBy),
          50_000n,
        ]);
        expect(job.members.map((member) => [...member])).to.deep.equal(
          members.map((member, i) => [member, asks[i], false, false, false, ZeroHash]),
        );
        for (const member of members) {
          await expect(assigning)
            .to.emit(vault, "StakeLocked")
            .withArgs(member, registry.target, quorum.target, COLLATERAL);
        }
        const { seed } = await quorumSystem.beacon.epochInfo(epoch);
        const pool = poolOf(order.modelVersion, order.paymentToken);
        const picks = await Promise.all(
          [0n, 1n, 2n].map((pick) =>
            registry.draw(pool, epoch, drawRandomness(seed, String(quorum.target), jobId, 0, pick)),
          ),
        );
        if (new Set(picks).size < 3) repeated++;
      }
      expect(repeated).to.be.greaterThan(0);
    });

    it("passes by who asks too much, drains, or does not serve the tier (SLA-4)", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, registry, providers, token, modelVersion } = quorumSystem;
      const [asksTooMuch, servesNoQuorum, ...others] = providers;
      if (!asksTooMuch || !servesNoQuorum) throw new Error("two providers are needed");
      await registry.connect(asksTooMuch).setOffer(modelVersion, token, parseEther("4"));
      await registry
        .connect(servesNoQuorum)
        .update("https://provider.example", servesNoQuorum, { ...CAPABILITIES, tiers: 3 });
      expect(await registry.tiersOf(servesNoQuorum)).to.equal(3);
      await settleWeights(quorumSystem);
      const order = await quorumOrder(quorumSystem);
      const willing = others.map(({ address }) => address).sort();
      // Twelve picks of five providers do not always hit the three that are willing: another job has another draw.
      for (let tries = 0; tries < 8; tries++) {
        const jobId = await postQuorum(quorumSystem, order);
        await awaitSeed(quorumSystem, jobId);
        try {
          await quorum.assign(jobId, order);
        } catch (error) {
          expect(explainError(error)?.name).to.equal("MatchmakerTooFewProviders");
          continue;
        }
        const members = (await membersOf(quorumSystem, jobId)).map(({ address }) => address);
        expect(members.sort()).to.deep.equal(willing);
        return;
      }
      throw new Error("eight draws in a row hit too few willing providers");
    });

    it("reverts when too few can take the job, and leaves it to its refund", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, matchmaker, registry, providers } = quorumSystem;
      const order = await quorumOrder(quorumSystem);
      const jobId = await postQuorum(quorumSystem, order);
      await awaitSeed(quorumSystem, jobId);
      const willing = providers.slice(0, 2);
      for (const provider of providers.slice(2)) {
        await registry.connect(provider).setDraining(true);
      }
      const { drawEpoch } = await quorum.jobOf(jobId);
      const { seed } = await quorumSystem.beacon.epochInfo(drawEpoch);
      const pool = poolOf(order.modelVersion, order.paymentToken);
      const found = new Set<string>();
      for (let pick = 0n; pick < 12n; pick++) {
        const randomness = drawRandomness(seed, String(quorum.target), jobId, 0, pick);
        const picked = await registry.draw(pool, drawEpoch, randomness);
        if (willing.some(({ address }) => address === picked)) found.add(picked);
      }
      await expect(quorum.assign(jobId, order))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerTooFewProviders")
        .withArgs(jobId, found.size, 3, 12);
    });

    it("passes by who has too little stake free", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, matchmaker } = quorumSystem;
      // Each provider staked 20 000 LAT, so one such job takes all that three of five have free.
      const order = await quorumOrder(quorumSystem, { collateral: parseEther("20000") });
      const first = await postQuorum(quorumSystem, order);
      const second = await postQuorum(quorumSystem, order);
      await awaitSeed(quorumSystem, second);
      await quorum.assign(first, order);
      await expect(quorum.assign(second, order)).to.be.revertedWithCustomError(
        matchmaker,
        "MatchmakerTooFewProviders",
      );
    });

    it("reverts before the seed exists, after the deadline, and twice", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { quorum, matchmaker, beacon } = quorumSystem;
      const order = await quorumOrder(quorumSystem);
      const jobId = await postQuorum(quorumSystem, order);
      const { drawEpoch, deadline } = await quorum.jobOf(jobId);
      await expect(quorum.assign(jobId, order))
        .to.be.revertedWithCustomError(matchmaker, "MatchmakerDrawTooEarly")
        .withArgs(jobId, drawEpoch, await beacon.currentEpoch());
      await awaitSeed(quorumSystem, jobId);
      const snapshot = await networkHelpers.takeSnapshot();
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(quorum.assign(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketDeadlinePassed")
        .withArgs(jobId, deadline);
      await snapshot.restore();
      await quorum.assign(jobId, order);
      await expect(quorum.assign(jobId, order))
        .to.be.revertedWithCustomError(quorum, "QuorumMarketWrongState")
        .withArgs(jobId, QuorumState.Committing);
    });

    it("draws five of five", async () => {
      const quorumSystem = await networkHelpers.loadFixture(system);
      const { members } = await assigned(quorumSystem, { redundancy: 5 });
      expect(new Set(members.map(({ address }) => address)).size).to.equal(5);
    });
  });
});
