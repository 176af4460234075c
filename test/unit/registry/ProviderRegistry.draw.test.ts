import { expect } from "chai";
import { network } from "hardhat";
import { drawFromWeights, drawTicket } from "../../../packages/sdk/src/draw.ts";
import { itMeasuresGas } from "../../helpers/gas.ts";
import {
  advance,
  deployProviders,
  join,
  LEADER_POOL,
  pretendMembers,
} from "../../helpers/providers.ts";

const { ethers, networkHelpers } = await network.create();

const DRAWS = 10_000;
const CALL_SIZE = 250;
const SEED = ethers.id("RND");
const STAKES = [1_000n, 2_500n, 7_777n, 40_000n, 23_456n];
// 99.9th percentile of chi-square with four degrees of freedom.
const CHI_SQUARE_LIMIT = 18.467;

/** Five providers of unequal weight, and a sixth that is drained. */
async function withFive() {
  const base = await deployProviders(ethers);
  const accounts = (await ethers.getSigners()).slice(10, 16);
  for (const [i, account] of accounts.entries()) await join(base, account, STAKES[i] ?? 5_000n);
  const drained = accounts[5];
  if (!drained) throw new Error("too few accounts");
  await base.registry.connect(drained).setDraining(true);
  await advance(base, networkHelpers, 2);
  const sampler = await ethers.deployContract("DrawSampler");
  return { ...base, sampler, accounts };
}

function randomness(draw: number): bigint {
  const coder = ethers.AbiCoder.defaultAbiCoder();
  return BigInt(ethers.keccak256(coder.encode(["bytes32", "uint256"], [SEED, draw])));
}

/** What anyone can read of a pool for the draws of `epoch`. */
async function readPool({ registry }: Awaited<ReturnType<typeof withFive>>, epoch: number) {
  const members = await registry.poolMembers(LEADER_POOL, 0, 100);
  const weights = await Promise.all(
    members.map((member) => registry.weightOf(member, LEADER_POOL, epoch)),
  );
  return { members, weights, total: await registry.totalWeight(LEADER_POOL, epoch) };
}

async function sampleAll({ sampler, registry }: Awaited<ReturnType<typeof withFive>>) {
  const drawn: string[] = [];
  for (let first = 0; first < DRAWS; first += CALL_SIZE) {
    drawn.push(...(await sampler.sample(registry, LEADER_POOL, 2, SEED, first, CALL_SIZE)));
  }
  return drawn;
}

describe("ProviderRegistry: draw", () => {
  it("RND-2: frequency follows weight, and RND-3: the same winner off-chain, in 10 000 draws", async () => {
    const base = await networkHelpers.loadFixture(withFive);
    const { members, weights, total } = await readPool(base, 2);
    expect(weights).to.deep.equal([...STAKES, 0n]);
    const drawn = await sampleAll(base);

    const counts = members.map(() => 0);
    for (const [draw, winner] of drawn.entries()) {
      const position = drawFromWeights(weights, drawTicket(randomness(draw), total));
      if (members[position] !== winner) expect.fail(`draw ${draw}: on-chain ${winner}`);
      counts[position] = (counts[position] ?? 0) + 1;
    }
    expect(counts[5], "a provider without weight").to.equal(0);
    const chiSquare = STAKES.reduce((sum, weight, i) => {
      const expected = (DRAWS * Number(weight)) / Number(total);
      return sum + ((counts[i] ?? 0) - expected) ** 2 / expected;
    }, 0);
    expect(chiSquare).to.be.lessThan(CHI_SQUARE_LIMIT);
  });

  it("RND-3: agrees off-chain in a large tree with gaps, at every edge of a weight", async () => {
    const tree = await ethers.deployContract("SumTreeHarness");
    const weights = Array.from({ length: 100 }, (_, i) =>
      i % 7 === 3 ? 0n : BigInt(ethers.id(`weight ${i}`)) % (1n << 38n),
    );
    await tree.addLeaves(weights.length);
    await tree.setMany(0, 5, weights);
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    expect(await tree.total(7)).to.equal(total);
    let edge = 0n;
    for (const weight of weights) {
      for (const ticket of [edge, edge + weight - 1n]) {
        if (weight === 0n) continue;
        expect(await tree.draw(7, ticket)).to.equal(drawFromWeights(weights, ticket));
      }
      edge += weight;
    }
  });

  it("reverts when the pool has no weight in the epoch", async () => {
    const { registry } = await networkHelpers.loadFixture(withFive);
    const pool = ethers.id("nobody offers this");
    await expect(registry.draw(pool, 2, 1))
      .to.be.revertedWithCustomError(registry, "ProviderRegistryEmptyPool")
      .withArgs(pool, 2);
    await expect(registry.draw(LEADER_POOL, 1, 1))
      .to.be.revertedWithCustomError(registry, "ProviderRegistryEmptyPool")
      .withArgs(LEADER_POOL, 1);
  });

  describe("off-chain reference", () => {
    it("finds the first member whose weights add up to more than the ticket", () => {
      const weights = [0n, 3n, 0n, 1n];
      expect([0n, 1n, 2n, 3n].map((ticket) => drawFromWeights(weights, ticket))).to.deep.equal([
        1, 1, 1, 3,
      ]);
    });

    it("refuses an empty pool and tickets outside of it", () => {
      expect(() => drawTicket(7n, 0n)).to.throw(RangeError, "no weight");
      expect(() => drawFromWeights([2n, 2n], 4n)).to.throw(RangeError, "Ticket 4");
      expect(() => drawFromWeights([2n, 2n], -1n)).to.throw(RangeError, "Ticket -1");
      expect(() => drawFromWeights([], 0n)).to.throw(RangeError, "total weight of 0");
    });
  });

  describe("gas in a pool of 1 024", () => {
    itMeasuresGas("stays below 33 000 in the tree", async () => {
      const tree = await ethers.deployContract("SumTreeHarness");
      await tree.addLeaves(1_024);
      for (const leaf of [0, 340, 1_023]) await tree.set(leaf, 5, 1_000n);
      for (const [ticket, leaf] of [
        [0n, 0n],
        [1_999n, 340n],
        [2_999n, 1_023n],
      ] as const) {
        expect(await tree.draw(7, ticket)).to.equal(leaf);
        expect(await tree.drawGas(7, ticket)).to.be.lessThan(33_000n);
      }
    });

    itMeasuresGas("stays below 50 000 as a call from another contract", async () => {
      const base = await deployProviders(ethers);
      const { registry, alice, bob } = base;
      await pretendMembers(networkHelpers, registry, LEADER_POOL, {
        leafCount: 1_022n,
        depth: 10n,
      });
      await join(base, alice, 1_000n);
      await join(base, bob, 3_000n);
      const sampler = await ethers.deployContract("DrawSampler");
      for (const [ticket, winner] of [
        [999n, alice],
        [1_000n, bob],
      ] as const) {
        expect(await registry.draw(LEADER_POOL, 2, ticket)).to.equal(winner.address);
        expect(await sampler.drawGas(registry, LEADER_POOL, 2, ticket)).to.be.lessThan(50_000n);
      }
    });
  });
});
