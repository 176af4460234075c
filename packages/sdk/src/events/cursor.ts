import { SdkError } from "../errors.ts";

/** A log as it came from the node: what a cursor keeps to take an event back after a restart. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly index: number;
}

/** A block whose events were delivered and that may still leave the chain. */
export interface TrackedBlock {
  readonly number: number;
  readonly hash: string;
  /** Matching logs that were delivered, in order. */
  readonly logs: readonly RawLog[];
}

/**
 * Where a stream stands: everything up to the newest tracked block is delivered, but that the newest one may be
 * delivered in part. Plain data: `JSON.stringify` it, and pass the parsed value back.
 */
export interface EventCursor {
  readonly version: 1;
  readonly chainId: number;
  /** Blocks below are never taken back: they are final, or lie before the stream's first block. */
  readonly floor: number;
  /** Oldest first, numbers ascending. The first may lie below the floor: it anchors the others. */
  readonly blocks: readonly TrackedBlock[];
  /** Whether logs of the newest tracked block remain to be delivered. */
  readonly partial: boolean;
}

const HASH = /^0x[0-9a-f]{64}$/i;
const BYTES = /^0x([0-9a-f]{2})*$/i;

const isBlockNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const matches = (pattern: RegExp, value: unknown) =>
  typeof value === "string" && pattern.test(value);

function isRawLog(value: unknown, block: { number: number; hash: string }): value is RawLog {
  if (typeof value !== "object" || value === null) return false;
  const log = value as Record<keyof RawLog, unknown>;
  return (
    matches(/^0x[0-9a-f]{40}$/i, log.address) &&
    Array.isArray(log.topics) &&
    log.topics.every((topic) => matches(HASH, topic)) &&
    matches(BYTES, log.data) &&
    log.blockNumber === block.number &&
    log.blockHash === block.hash &&
    matches(HASH, log.transactionHash) &&
    isBlockNumber(log.index)
  );
}

function isTrackedBlock(value: unknown): value is TrackedBlock {
  if (typeof value !== "object" || value === null) return false;
  const { number, hash, logs } = value as Record<keyof TrackedBlock, unknown>;
  if (!isBlockNumber(number) || typeof hash !== "string" || !HASH.test(hash)) return false;
  return Array.isArray(logs) && logs.every((log) => isRawLog(log, { number, hash }));
}

/** Checks a cursor that was kept as JSON. Throws `SdkError` CURSOR_INVALID naming what is wrong. */
export function parseEventCursor(value: unknown): EventCursor {
  const invalid = (what: string) =>
    new SdkError(
      "CURSOR_INVALID",
      `The event cursor is not usable: ${what}. Start again from a block number, or pass what an item's cursor held.`,
    );
  if (typeof value !== "object" || value === null) throw invalid("it is not a JSON object");
  const { version, chainId, floor, blocks, partial } = value as Record<keyof EventCursor, unknown>;
  if (version !== 1) throw invalid(`its version is ${String(version)}, not 1`);
  if (!isBlockNumber(chainId)) throw invalid("chainId is not a chain id");
  if (!isBlockNumber(floor)) throw invalid("floor is not a block number");
  if (typeof partial !== "boolean") throw invalid("partial is not a boolean");
  if (!Array.isArray(blocks) || !blocks.every(isTrackedBlock)) {
    throw invalid("blocks is not a list of tracked blocks");
  }
  const tracked: readonly TrackedBlock[] = blocks;
  const ascends = tracked.every(
    ({ number }, position) => position === 0 || number > (tracked[position - 1]?.number ?? -1),
  );
  if (!ascends) throw invalid("blocks are not in ascending order");
  if (partial && tracked.length === 0) throw invalid("no block is tracked that could be partial");
  return { version, chainId, floor, blocks: tracked, partial };
}
