import { expect } from "chai";
import { LAT } from "../../helpers/custody.ts";
import { directOrder, postSettled } from "../../helpers/orders.ts";
import type { Signer } from "../../helpers/system.ts";
import type { Live } from "./live-state.ts";
import { STAKES, type World, waitUntil } from "./world.ts";

/** Gives `delegator` 1 200 LAT, which it delegates to Ben. Returns its shares. */
async function delegateToBen({ vault, registry, token, actors }: World, delegator: Signer) {
  await token.connect(actors.deployer).transfer(delegator, 1_200n * LAT);
  await token.connect(delegator).approve(vault, 1_200n * LAT);
  await vault.connect(delegator).delegate(actors.ben, registry, 1_200n * LAT);
  return (await vault.delegationOf(delegator, actors.ben, registry)).shares;
}

/** Waits for the thaw of `shares` and withdraws them: the delegator gets what they are worth. */
async function leaveBen(world: World, delegator: Signer, shares: bigint) {
  const { vault, registry, token, actors, chain } = world;
  const { thawing, thawingUntil } = await vault.delegationOf(delegator, actors.ben, registry);
  expect(thawing).to.equal(shares);
  await waitUntil(world, thawingUntil);
  const worth = await vault.delegatedTokens(actors.ben, registry, shares);
  expect(worth).to.be.greaterThan(1_000n * LAT);
  await expect(
    vault.connect(delegator).withdrawDelegated(actors.ben, registry),
  ).to.changeTokenBalances(chain.ethers, token, [vault, delegator], [-worth, worth]);
}

/** Money of users: stake, delegations, earnings, deposits. */
export const FUNDS: Live[] = [
  {
    name: "a delegator leaves: undelegates, thaws and withdraws",
    begin: async (world) => {
      const { vault, registry, actors } = world;
      const shares = await delegateToBen(world, actors.dana);
      return async () => {
        await vault.connect(actors.dana).undelegate(actors.ben, registry, shares);
        await leaveBen(world, actors.dana, shares);
      };
    },
  },
  {
    name: "a delegation that thaws is withdrawn",
    begin: async (world) => {
      const { vault, registry, actors } = world;
      const shares = await delegateToBen(world, actors.emil);
      await vault.connect(actors.emil).undelegate(actors.ben, registry, shares);
      return () => leaveBen(world, actors.emil, shares);
    },
  },
  {
    name: "stake that thawed before and stake that did not are withdrawn",
    begin: async (world) => {
      const { vault, registry, token, actors, chain } = world;
      return async () => {
        await waitUntil(world, (await vault.provisionOf(actors.ada, registry)).thawingUntil);
        await expect(vault.connect(actors.ada).withdraw(registry)).to.changeTokenBalances(
          chain.ethers,
          token,
          [vault, actors.ada],
          [-1_000n * LAT, 1_000n * LAT],
        );
        // All but what backs the jobs under way.
        const free = await vault.freeStake(actors.cal, registry);
        expect(free).to.be.greaterThan(STAKES.cal - 2_000n * LAT);
        await vault.connect(actors.cal).thaw(registry, free);
        await waitUntil(world, (await vault.provisionOf(actors.cal, registry)).thawingUntil);
        await expect(vault.connect(actors.cal).withdraw(registry)).to.changeTokenBalances(
          chain.ethers,
          token,
          [vault, actors.cal],
          [-free, free],
        );
      };
    },
  },
  {
    name: "earnings of a provider with delegators are shared with them",
    begin: async (world) => {
      const { registry, escrow, vault, token, actors, chain } = world;
      await postSettled(world, await directOrder(world, actors.ben));
      const payout = await registry.payoutOf(actors.ben);
      const { earnings } = await escrow.accountOf(payout, token);
      const sharing = await chain.ethers.getContractAt("DelegationPayout", payout);
      return async () => {
        const { tokens } = await vault.delegationPoolOf(actors.ben, registry);
        // Draws may have earned Ben more meanwhile.
        const all = (await escrow.accountOf(payout, token)).earnings;
        expect(all).to.be.greaterThanOrEqual(earnings);
        const toPool = await sharing.distribute.staticCall(token);
        expect(toPool).to.be.greaterThan(0n);
        await expect(sharing.distribute(token)).to.changeTokenBalances(
          chain.ethers,
          token,
          [escrow, vault, actors.benPayout],
          [-all, toPool, all - toPool],
        );
        const grown = await vault.delegationPoolOf(actors.ben, registry);
        expect(grown.tokens - tokens).to.equal(toPool);
      };
    },
  },
  {
    name: "earnings of settled jobs are withdrawn",
    begin: async (world) => {
      const { escrow, token, actors, chain } = world;
      const order = await directOrder(world, actors.ada);
      await postSettled(world, order);
      const { earnings } = await escrow.accountOf(actors.adaPayout, token);
      return async () => {
        const leaving = escrow.connect(actors.adaPayout);
        await expect(
          leaving.withdrawEarnings(token, actors.adaPayout, earnings),
        ).to.changeTokenBalances(chain.ethers, token, [actors.adaPayout], [earnings]);
      };
    },
  },
  {
    name: "an escrow deposit thaws and is withdrawn",
    begin: async (world) => {
      const { escrow, token, actors, chain } = world;
      const { reporter, deployer } = actors;
      await token.connect(deployer).approve(escrow, 7n * LAT);
      await escrow.connect(deployer).deposit(token, reporter, 7n * LAT);
      return async () => {
        await escrow.connect(reporter).thaw(token, 7n * LAT);
        const { thawingUntil } = await escrow.accountOf(reporter, token);
        await waitUntil(world, thawingUntil);
        await expect(escrow.connect(reporter).withdraw(token, reporter)).to.changeTokenBalances(
          chain.ethers,
          token,
          [escrow, reporter],
          [-7n * LAT, 7n * LAT],
        );
      };
    },
  },
];
