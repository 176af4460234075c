import type { ChainEvent } from "./market.ts";

export interface Head {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** Reads blocks and the events of one deployment. */
export interface ChainPort {
  readonly chainId: number;
  head(): Promise<Head>;
  /** Hash of a canonical block; undefined when the chain is shorter. */
  blockHash(number: number): Promise<string | undefined>;
  /** Gas that a mined transaction used. */
  gasUsed(transaction: string): Promise<bigint>;
  /** Events of blocks `from` to `to`, both included, in order. */
  events(from: number, to: number): Promise<readonly ChainEvent[]>;
}

/** Where the watcher stands: every event up to and including this block was handled. */
export interface Cursor {
  readonly block: number;
  readonly hash: string;
}
