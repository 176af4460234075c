import type { ChainClock } from "../../core/chain-clock.ts";
import type { ChainPort, Cursor } from "../../core/ports/chain.ts";
import type { ChainEvent } from "../../core/ports/market.ts";
import type { CursorStore } from "../../core/ports/state.ts";
import { isNodeError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Loop } from "../../shared/loop.ts";
import type { WatcherMetrics } from "./metrics.ts";

export interface WatcherOptions {
  /** Block to start from when nothing was handled before. */
  readonly fromBlock: number;
  readonly pollMs: number;
  /** Blocks that must lie on top of one before its events are handled. */
  readonly confirmations: number;
  /** Most blocks asked for at once; halved when the chain's node refuses. */
  readonly maxBlockRange: number;
  /** Blocks to go back when the last handled one is no longer part of the chain. */
  readonly rewindBlocks: number;
}

export const DEFAULT_WATCHER_OPTIONS: Omit<WatcherOptions, "fromBlock"> = {
  pollMs: 300,
  confirmations: 0,
  maxBlockRange: 2_000,
  rewindBlocks: 64,
};

interface Dependencies {
  readonly chain: ChainPort;
  readonly clock: ChainClock;
  readonly cursors: CursorStore;
  readonly logger: Logger;
  readonly metrics: WatcherMetrics;
  /** Called for each event in order. May see an event twice: after a crash or a reorganisation. */
  readonly onEvent: (event: ChainEvent) => Promise<void>;
}

/** Follows the chain by polling, and remembers how far it came. */
export class WatcherService {
  readonly name = "watcher";
  readonly #options: WatcherOptions;
  readonly #chain: ChainPort;
  readonly #clock: ChainClock;
  readonly #cursors: CursorStore;
  readonly #logger: Logger;
  readonly #metrics: WatcherMetrics;
  readonly #onEvent: (event: ChainEvent) => Promise<void>;
  readonly #loop: Loop;
  #cursor: Cursor | undefined;
  #range: number;
  #synced = false;

  constructor(options: WatcherOptions, dependencies: Dependencies) {
    const { chain, clock, cursors, logger, metrics, onEvent } = dependencies;
    this.#options = options;
    this.#chain = chain;
    this.#clock = clock;
    this.#cursors = cursors;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#onEvent = onEvent;
    this.#range = options.maxBlockRange;
    this.#loop = new Loop(
      { name: this.name, intervalMs: options.pollMs },
      (signal) => this.poll(signal),
      logger,
    );
  }

  /** True once every event up to a recent head was handled. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Last block whose events were all handled. */
  get position(): number | undefined {
    return this.#cursor?.block;
  }

  /** Takes up the position of an earlier process. */
  async load(): Promise<void> {
    this.#cursor = await this.#cursors.load();
  }

  async start(): Promise<void> {
    await this.load();
    this.#loop.start();
  }

  async close(): Promise<void> {
    await this.#loop.close();
  }

  /** One look at the chain: handles all events up to the newest confirmed block. */
  async poll(signal: AbortSignal): Promise<void> {
    this.#metrics.add("polls");
    const head = await this.#chain.head();
    this.#clock.observe(head);
    const target = head.number - this.#options.confirmations;
    await this.#checkCursor(target);
    let from = this.#nextBlock();
    while (from <= target) {
      signal.throwIfAborted();
      const to = Math.min(target, from + this.#range - 1);
      await this.#handle(await this.#eventsOf(from, to), signal);
      await this.#advance(to);
      from = to + 1;
    }
    this.#synced = true;
  }

  #nextBlock(): number {
    return this.#cursor === undefined ? this.#options.fromBlock : this.#cursor.block + 1;
  }

  /** Goes back when the last handled block was replaced, or the chain is another one of the same id. */
  async #checkCursor(target: number): Promise<void> {
    const cursor = this.#cursor;
    if (!cursor || target === cursor.block) return;
    const hash = await this.#chain.blockHash(cursor.block);
    if (hash === cursor.hash) return;
    const block = Math.max(this.#options.fromBlock - 1, cursor.block - this.#options.rewindBlocks);
    this.#metrics.add("rewinds");
    this.#logger.warn(
      { from: cursor.block, to: block },
      "the chain was reorganised; reading again",
    );
    const canonical = hash === undefined ? undefined : await this.#chain.blockHash(block);
    this.#cursor = canonical === undefined ? undefined : { block, hash: canonical };
  }

  async #eventsOf(from: number, to: number): Promise<readonly ChainEvent[]> {
    try {
      return await this.#chain.events(from, to);
    } catch (error) {
      // Nodes limit ranges and answers, each in its own words: any refusal asks for less next time.
      if (!isNodeError(error, "RPC_UNREACHABLE")) this.#range = Math.max(1, this.#range >> 1);
      throw error;
    }
  }

  async #handle(events: readonly ChainEvent[], signal: AbortSignal): Promise<void> {
    for (const event of events) {
      signal.throwIfAborted();
      await this.#onEvent(event);
      this.#metrics.add("events");
    }
  }

  async #advance(block: number): Promise<void> {
    const hash = await this.#chain.blockHash(block);
    // Gone meanwhile: the next poll reads this range again.
    if (hash === undefined) return;
    this.#metrics.add("blocks", block - this.#nextBlock() + 1);
    this.#cursor = { block, hash };
    await this.#cursors.save(this.#cursor);
  }
}
