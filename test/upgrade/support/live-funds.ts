import { expect } from "chai";
import { LAT } from "../../helpers/custody.ts";
import { directOrder, postProved } from "../../helpers/orders.ts";
import type { Live } from "./live-state.ts";
import { STAKES } from "./world.ts";

/** Money of users: stake, earnings, deposits. */
export const FUNDS: Live[] = [
  {
    name: "stake that thawed before and stake that did not are withdrawn",
    begin: async ({ vault, registry, token, actors, chain }) => {
      const { time } = chain.networkHelpers;
      return async () => {
        await time.increaseTo((await vault.provisionOf(actors.ada, registry)).thawingUntil);
        await expect(vault.connect(actors.ada).withdraw(registry)).to.changeTokenBalances(
          chain.ethers,
          token,
          [vault, actors.ada],
          [-1_000n * LAT, 1_000n * LAT],
        );
        // All but what backs the jobs under way.
        const free = await vault.freeStake(actors.cal, registry);
        expect(free).to.be.greaterThan(STAKES.cal - 1_000n * LAT);
        await vault.connect(actors.cal).thaw(registry, free);
        await time.increaseTo((await vault.provisionOf(actors.cal, registry)).thawingUntil);
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
    name: "earnings of settled jobs are withdrawn",
    begin: async (world) => {
      const { market, escrow, token, actors, chain } = world;
      const order = await directOrder(world, actors.ada);
      const { jobId } = await postProved(world, order);
      await market.settle(jobId, order);
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
    begin: async ({ escrow, token, actors, chain }) => {
      const { reporter, deployer } = actors;
      await token.connect(deployer).approve(escrow, 7n * LAT);
      await escrow.connect(deployer).deposit(token, reporter, 7n * LAT);
      return async () => {
        await escrow.connect(reporter).thaw(token, 7n * LAT);
        const { thawingUntil } = await escrow.accountOf(reporter, token);
        await chain.networkHelpers.time.increaseTo(thawingUntil);
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
