import { type EventCursor, type Lattice, watchEvents } from "@lattice/sdk";

/** Keeps the LAT balance changes of one account, across reorgs and restarts. */
export async function followIncoming(
  lattice: Lattice,
  account: string,
  store: {
    cursor?: EventCursor;
    save(cursor: EventCursor, change: bigint): Promise<void>;
  },
  signal: AbortSignal,
) {
  const stream = watchEvents(lattice, {
    filters: [{ contract: "LatticeToken", event: "Transfer", args: { to: account } }],
    ...(store.cursor ? { cursor: store.cursor } : {}),
    pollMs: 1000,
    signal,
  });
  for await (const { type, event, cursor } of stream) {
    // A reorg took a `reverted` event back: undo what it did. Change and cursor belong into one transaction.
    await store.save(cursor, type === "event" ? event.args.value : -event.args.value);
  }
}
