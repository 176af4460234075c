import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `condition` holds; fails after `ms`. */
export async function until(condition: () => boolean, ms = 2_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`still not so after ${ms} ms: ${condition}`);
    await sleep(2);
  }
}
