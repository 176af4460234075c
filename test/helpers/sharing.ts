import { deployProviders, join } from "./providers.ts";
import type { Chain } from "./system.ts";

/** What Alice keeps of her delegators' earnings. */
const CUT_PPM = 200_000n;

/**
 * Alice provides 3 000 LAT at a cut of 20 %; Bob delegated 600 and Carol 400. Of 100 earned, Alice keeps 20 and three
 * quarters of the rest; Bob and Carol share 20. `market` may pay LAT and dollars out of escrow to whom it likes.
 */
export async function deploySharing({ ethers, networkHelpers }: Chain) {
  const base = await deployProviders(ethers);
  const lat = ethers.parseEther;
  const { registry, vault, escrow, alice, bob, carol, payout, stranger: market } = base;
  await join(base, alice, 3_000n, payout);
  await registry.connect(alice).openDelegation(CUT_PPM);
  for (const [delegator, amount] of [
    [bob, "600"],
    [carol, "400"],
  ] as const) {
    await base.lat.transfer(delegator, lat("10000"));
    await base.lat.connect(delegator).approve(vault, ethers.MaxUint256);
    await vault.connect(delegator).delegate(alice, registry, lat(amount));
  }
  const dollar = await ethers.deployContract("TaxedToken");
  await dollar.mint(market, lat("10000"));
  await base.lat.transfer(market, lat("10000"));
  await escrow.connect(market).setMarket(market, true);
  for (const token of [dollar, base.lat]) {
    await token.connect(market).approve(escrow, lat("10000"));
    await escrow.connect(market).deposit(token, market, lat("10000"));
  }
  // Holdings count from the second after they began.
  await networkHelpers.time.increase(1);
  const sharing = await ethers.getContractAt("DelegationPayout", await registry.payoutOf(alice));
  const earn = async (token: typeof dollar | typeof base.lat, amount: bigint) => {
    await escrow.connect(market).lock(token, market, amount);
    const leg = { recipient: sharing, amount, toDeposit: false };
    await escrow.connect(market).pay(token, [leg]);
  };
  return { ...base, market, dollar, sharing, earn };
}
