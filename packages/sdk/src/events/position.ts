import type { EventCursor, RawLog, TrackedBlock } from "./cursor.ts";

// A position is a cursor: every step makes a new one, so that each item can carry its own.

/** Lowest block that is not wholly delivered. */
export function nextBlock({ blocks, floor, partial }: EventCursor): number {
  const tip = blocks.at(-1);
  if (!tip) return floor;
  return partial ? tip.number : tip.number + 1;
}

/** Logs of a block that the position has not seen. */
function remainingLogs({ blocks, partial }: EventCursor, block: TrackedBlock): readonly RawLog[] {
  const tip = blocks.at(-1);
  if (!partial || tip?.hash !== block.hash) return block.logs;
  const last = tip.logs.at(-1)?.index ?? -1;
  return block.logs.filter(({ index }) => index > last);
}

/** Positions after each log of a block, and the one after the block, which has no log. */
export function* advance(
  start: EventCursor,
  block: TrackedBlock,
): Generator<{ position: EventCursor; log?: RawLog }> {
  const rest = remainingLogs(start, block);
  const before = start.partial ? start.blocks.slice(0, -1) : start.blocks;
  const delivered = block.logs.slice(0, block.logs.length - rest.length);
  for (const [offset, log] of rest.entries()) {
    const logs = [...delivered, ...rest.slice(0, offset + 1)];
    const partial = offset + 1 < rest.length;
    yield { position: { ...start, blocks: [...before, { ...block, logs }], partial }, log };
  }
  yield { position: { ...start, blocks: [...before, block], partial: false } };
}

/** Positions while the blocks above number `ancestor` are taken back, newest log first. */
export function* retreat(
  start: EventCursor,
  ancestor: number,
): Generator<{ position: EventCursor; log?: RawLog }> {
  const kept = start.blocks.filter(({ number }) => number <= ancestor);
  const gone = start.blocks.slice(kept.length);
  for (let block = gone.pop(); block; block = gone.pop()) {
    const { logs } = block;
    for (let count = logs.length - 1; count >= 0; count--) {
      const log = logs[count];
      if (!log) continue;
      // Without its newest logs the block counts as partial: should it come back, they are delivered again.
      const left = count > 0 ? [{ ...block, logs: logs.slice(0, count) }] : [];
      const position = { ...start, blocks: [...kept, ...gone, ...left], partial: count > 0 };
      yield { position, log };
    }
  }
  yield { position: { ...start, blocks: kept, partial: false } };
}

/** Forgets what lies below `final`, but for the newest such block, which anchors those above it. */
export function settle(position: EventCursor, final: number): EventCursor {
  const { blocks, partial } = position;
  const anchorAt = blocks.findLastIndex(({ number }) => number <= final);
  const anchor = blocks[anchorAt];
  if (!anchor || (partial && anchorAt === blocks.length - 1)) return position;
  return {
    ...position,
    floor: Math.max(position.floor, anchor.number + 1),
    blocks: [{ ...anchor, logs: [] }, ...blocks.slice(anchorAt + 1)],
  };
}
