import type { Head } from "./ports/chain.ts";

/**
 * Estimates the chain's time between blocks. A chain without new blocks does not show time passing,
 * and a development chain can be moved ahead of the wall clock; acting a little early costs a
 * refused estimate, acting late can cost a deadline. So the estimate is the wall clock, ahead by as
 * much as the newest block was when it was seen.
 */
export class ChainClock {
  readonly #wall: () => number;
  #head: Head | undefined;
  #aheadSeconds = 0;

  /** @param wall Milliseconds since the Unix epoch. */
  constructor(wall: () => number) {
    this.#wall = wall;
  }

  get head(): Head | undefined {
    return this.#head;
  }

  observe(head: Head): void {
    if (this.#head?.hash === head.hash) return;
    this.#head = head;
    this.#aheadSeconds = Math.max(0, head.timestamp - Math.floor(this.#wall() / 1000));
  }

  /** Unix seconds. */
  now(): number {
    return Math.floor(this.#wall() / 1000) + this.#aheadSeconds;
  }
}
