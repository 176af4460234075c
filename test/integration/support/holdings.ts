import type { DisputeMarket } from "./dispute-market.ts";

/** What the parties hold, LAT wei. */
export async function holdings({
  requester,
  market,
  dishonest,
  challenger,
  accuser,
  honest,
}: DisputeMarket) {
  const { token, vault, registry, escrow, addresses } = requester;
  const { JobMarket } = addresses.contracts;
  const staked = async (provider: string) => (await vault.provisionOf(provider, registry)).tokens;
  const owner = market.cast.requester.address;
  return {
    requester: await token.balanceOf(owner),
    deposit: (await escrow.accountOf(owner, token)).deposit,
    locked: await escrow.lockedBy(JobMarket, token),
    challenger: await token.balanceOf(challenger.address),
    accuser: await token.balanceOf(accuser.address),
    honest: await token.balanceOf(honest.address),
    earnings: (await escrow.accountOf(honest.address, token)).earnings,
    honestStake: await staked(honest.address),
    dishonestStake: await staked(dishonest.address),
    exposure: await vault.lockedBy(dishonest.address, registry, JobMarket),
    honestExposure: await vault.lockedBy(honest.address, registry, JobMarket),
    supply: await token.totalSupply(),
  };
}

export type Holdings = Awaited<ReturnType<typeof holdings>>;

/** What changed since; what did not is left out. */
export async function changesSince(
  world: DisputeMarket,
  before: Holdings,
): Promise<Partial<Holdings>> {
  const after = await holdings(world);
  const changes = Object.entries(after).map(([who, now]) => [
    who,
    now - before[who as keyof Holdings],
  ]);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0n));
}
