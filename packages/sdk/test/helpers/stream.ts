import {
  connectLattice,
  type EventCursor,
  type EventItem,
  SdkError,
  type WatchOptions,
  watchEvents,
} from "../../src/index.ts";
import { BOOK } from "./book.ts";
import type { ScriptedChain } from "./scripted-chain.ts";

const TRANSFERS = [{ contract: "LatticeToken", event: "Transfer" }] as const;
type Transfers = (typeof TRANSFERS)[number];
type Options = Omit<WatchOptions<Transfers>, "filters">;

const FAST = { pollMs: 1, requestGapMs: 0, retryMs: 1, attempts: 4 };

/** The transfers of a scripted chain. */
export function transfersOf(chain: ScriptedChain, options: Options = {}) {
  const lattice = connectLattice({ addresses: BOOK, runner: chain.provider() });
  return watchEvents(lattice, { filters: TRANSFERS, ...FAST, ...options });
}

/** "+3" for transfer 3, "-3" for transfer 3 taken back. */
export function label(item: { type: string; event: { args: { value: bigint } } }): string {
  return `${item.type === "event" ? "+" : "-"}${item.event.args.value}`;
}

export interface Taken {
  readonly labels: string[];
  readonly cursor: EventCursor;
}

/** The next `count` items of a stream, as labels. The last cursor went through JSON. */
export async function take(stream: ReturnType<typeof transfersOf>, count: number): Promise<Taken> {
  const labels: string[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error(`the stream ended after ${labels.join(" ")}`);
    labels.push(label(value));
    if (labels.length === count) {
      return { labels, cursor: JSON.parse(JSON.stringify(value.cursor)) as EventCursor };
    }
  }
}

/** Everything that a stream tells until it ends by itself. */
export async function drain(stream: AsyncIterable<Parameters<typeof label>[0]>): Promise<string[]> {
  const labels: string[] = [];
  for await (const item of stream) labels.push(label(item));
  return labels;
}

/** The `SdkError` that a stream ends with. */
export async function failureOf(stream: AsyncIterable<EventItem<unknown>>): Promise<SdkError> {
  try {
    for await (const _item of stream);
  } catch (error) {
    if (error instanceof SdkError) return error;
    throw error;
  }
  throw new Error("the stream ended without an error");
}
