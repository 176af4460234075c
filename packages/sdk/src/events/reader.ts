import type { Block, Provider } from "ethers";
import type { RawLog, TrackedBlock } from "./cursor.ts";
import type { CompiledFilters } from "./filters.ts";
import { abortable, sleep } from "./wait.ts";

/** What the stream needs of an ethers provider. */
export type EventProvider = Pick<Provider, "getBlock" | "getLogs" | "getNetwork">;

export type BlockTag = number | "latest" | "safe" | "finalized";

export interface Header {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
}

/** The node answered what cannot be used now: a block it does not have yet, or an answer of another fork. */
export class InconsistentAnswer extends Error {}

export interface ReaderOptions {
  readonly provider: EventProvider;
  readonly filters: CompiledFilters;
  /** Most blocks in one request for logs. */
  readonly maxRange: number;
  /** Least pause between two requests. */
  readonly requestGapMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Ranges double again after this many answers in a row. */
const GROW_AFTER = 8;

/** Reads headers and matching logs, one request at a time, throttled. */
export class ChainReader {
  readonly #options: ReaderOptions;
  #rangeSize: number;
  #answered = 0;
  #lastRequest = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#rangeSize = options.maxRange;
  }

  /** Blocks that the next request for a range may span. */
  get rangeSize(): number {
    return this.#rangeSize;
  }

  /**
   * Halves the range after a refusal; false when it is one block already. Nodes word and number their limits each in
   * their own way, so any refusal of a range is taken for one.
   */
  shrinkRange(): boolean {
    if (this.#rangeSize === 1) return false;
    this.#rangeSize = Math.floor(this.#rangeSize / 2);
    this.#answered = 0;
    return true;
  }

  /** Throws `InconsistentAnswer` when the node has no such block. */
  async header(tag: BlockTag): Promise<Header> {
    const block: Block | null = await this.#request(() => this.#options.provider.getBlock(tag));
    if (!block?.hash) throw new InconsistentAnswer(`The node has no block ${tag}.`);
    return { number: block.number, hash: block.hash, parentHash: block.parentHash };
  }

  /** Matching logs of exactly this block. A node that does not have it fails, instead of answering nothing. */
  async block({ number, hash }: Header): Promise<TrackedBlock> {
    const { address, topics } = this.#options.filters;
    const logs = await this.#logs({ blockHash: hash, address, topics });
    if (logs.some((log) => log.blockHash !== hash)) {
      throw new InconsistentAnswer(`Asked for logs of block ${hash}, the node sent another's.`);
    }
    return { number, hash, logs };
  }

  /** Blocks from `from` to `to` that have matching logs, and block `to`. For blocks that are final. */
  async range(from: number, to: number): Promise<TrackedBlock[]> {
    const { address, topics } = this.#options.filters;
    const logs = await this.#logs({ fromBlock: from, toBlock: to, address, topics });
    const last = await this.header(to);
    const blocks = new Map<number, { number: number; hash: string; logs: RawLog[] }>();
    for (const log of logs) {
      const { blockNumber: number, blockHash: hash } = log;
      const block = blocks.get(number) ?? { number, hash, logs: [] };
      const expected = number === to ? last.hash : block.hash;
      if (number < from || number > to || hash !== expected) {
        throw new InconsistentAnswer(`Logs of blocks ${from} to ${to} are not of one chain.`);
      }
      block.logs.push(log);
      blocks.set(number, block);
    }
    if (!blocks.has(to)) blocks.set(to, { number: to, hash: last.hash, logs: [] });
    this.#answered++;
    if (this.#answered >= GROW_AFTER) {
      this.#answered = 0;
      this.#rangeSize = Math.min(this.#options.maxRange, this.#rangeSize * 2);
    }
    return [...blocks.values()].sort((left, right) => left.number - right.number);
  }

  async #logs(filter: Parameters<EventProvider["getLogs"]>[0]): Promise<RawLog[]> {
    const found = await this.#request(() => this.#options.provider.getLogs(filter));
    // By position, so that a node that repeats a log doubles nothing.
    const logs = new Map<string, RawLog>();
    for (const log of found) {
      if (log.removed) continue;
      const { address, data, blockNumber, blockHash, transactionHash, index } = log;
      const topics = [...log.topics];
      const raw = { address, topics, data, blockNumber, blockHash, transactionHash, index };
      if (this.#options.filters.matches(raw)) logs.set(`${blockNumber}:${index}`, raw);
    }
    return [...logs.values()].sort(
      (left, right) => left.blockNumber - right.blockNumber || left.index - right.index,
    );
  }

  async #request<T>(send: () => Promise<T>): Promise<T> {
    const { signal, requestGapMs } = this.#options;
    const wait = this.#lastRequest + requestGapMs - Date.now();
    if (wait > 0) await sleep(wait, signal);
    this.#lastRequest = Date.now();
    return abortable(send(), signal);
  }
}
