import type { Chain } from "../../../test/helpers/system.ts";

/**
 * Sets the chain's clock to one second after its last block, and mines a block there. The clock of an in-memory chain
 * runs with the wall's, so after slow work a deadline or a leader's window may have passed, and the gas be another.
 */
export async function rewindClock({ networkHelpers: { time } }: Chain): Promise<void> {
  await time.increaseTo((await time.latest()) + 1);
}

/** Does slow work that sends no transaction while the chain's clock stands still. */
export async function withClockStopped<T>(chain: Chain, work: () => Promise<T>): Promise<T> {
  const result = await work();
  await rewindClock(chain);
  return result;
}
