import { type Lattice, requireChain } from "../client.ts";
import { SdkError } from "../errors.ts";
import { type EventCursor, parseEventCursor, type RawLog } from "./cursor.ts";
import { compileFilters } from "./filters.ts";
import { advance, retreat, settle } from "./position.ts";
import { ChainReader } from "./reader.ts";
import { type Step, Stepper } from "./step.ts";
import type { EventFilter, EventItem, EventOf } from "./types.ts";
import { abortable, sleep } from "./wait.ts";

export interface WatchOptions<F extends EventFilter = EventFilter> {
  /** Events to read. Default: every event of every contract of the deployment. */
  readonly filters?: readonly F[];
  /** First block. Default: the block that the deployment began in. */
  readonly fromBlock?: number;
  /** Resumes where the item that held it left off; `fromBlock` is not used then. */
  readonly cursor?: EventCursor;
  /** Ends after this block. Default: goes on until `signal` aborts. */
  readonly toBlock?: number;
  /**
   * Blocks on top before an event is told, or the node's own word for settled. Default: 0, events of the newest block
   * come at once and may be taken back.
   */
  readonly confirmations?: number | "safe" | "finalized";
  /** Tells events only once they are `window` blocks deep, so that none is taken back. Default: false. */
  readonly finalOnly?: boolean;
  /**
   * Depth from which a block counts as final. Blocks above are read one by one, since only their hashes tell a reorg;
   * those below in ranges. Default: 64.
   */
  readonly window?: number;
  /** Most blocks in one request; halves while the node refuses, and grows back. Default: 2000. */
  readonly maxRange?: number;
  /** Pause once everything was read. Default: 4000 ms. */
  readonly pollMs?: number;
  /** Least pause between two requests. Default: 20 ms. */
  readonly requestGapMs?: number;
  /** Failed tries in a row before RPC_FAILED. Default: 8. */
  readonly attempts?: number;
  /** Pause after a failed try; doubles each time, up to 30 s. Default: 250 ms. */
  readonly retryMs?: number;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

type Settings = Required<Pick<WatchOptions, "pollMs" | "attempts" | "retryMs">> & {
  readonly signal: AbortSignal | undefined;
};

const MAX_RETRY_MS = 30_000;

/**
 * Reads the events of a deployment in order, from a block or a cursor on, each exactly once as long as the chain keeps
 * it. When a reorg takes blocks away, their events come again as `reverted`, newest first, before those of the blocks
 * in their place.
 *
 * Throws `SdkError`: WRONG_CHAIN, EVENT_UNKNOWN for a filter that does not exist, CURSOR_INVALID, RPC_FAILED
 * (retryable: resume from the last cursor), REORG_TOO_DEEP when a block below the window changed, EVENT_UNDECODABLE.
 */
export async function* watchEvents<const F extends EventFilter = EventFilter>(
  lattice: Lattice,
  options: WatchOptions<F> = {},
): AsyncGenerator<EventItem<EventOf<F>>, void, undefined> {
  const { signal, attempts = 8, retryMs = 250, pollMs = 4000 } = options;
  const settings: Settings = { signal, attempts, retryMs, pollMs };
  const filters = compileFilters(lattice.addresses, options.filters);
  const stepper = stepperOf(lattice, options, filters);
  const item = (type: "event" | "reverted", log: RawLog, cursor: EventCursor) => ({
    type,
    event: filters.decode(log) as EventOf<F>,
    cursor,
  });
  let position = startOf(lattice, options);
  try {
    await retrying(() => abortable(requireChain(lattice), signal), settings);
    for (;;) {
      const step = await nextStep(stepper, position, settings);
      if (step.kind === "end") return;
      if (step.kind === "retreat") {
        for (const { position: after, log } of retreat(position, step.ancestor)) {
          position = after;
          if (log) yield item("reverted", log, position);
        }
        continue;
      }
      for (const block of step.blocks) {
        for (const { position: after, log } of advance(position, block)) {
          position = settle(after, step.settled);
          if (log) yield item("event", log, position);
          signal?.throwIfAborted();
        }
      }
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

function stepperOf(
  { runner }: Lattice,
  options: WatchOptions,
  filters: ReturnType<typeof compileFilters>,
): Stepper {
  const { window = 64, maxRange = 2000, requestGapMs = 20, finalOnly = false } = options;
  const { confirmations = 0, toBlock, signal } = options;
  const { provider } = runner;
  if (!provider) throw new TypeError("The runner has no provider to read events from.");
  requireWhole("window", window, 1);
  requireWhole("maxRange", maxRange, 1);
  if (typeof confirmations === "number") requireWhole("confirmations", confirmations, 0);
  const reader = new ChainReader({ provider, filters, maxRange, requestGapMs, signal });
  const depth =
    finalOnly && typeof confirmations === "number"
      ? Math.max(confirmations, window)
      : confirmations;
  return new Stepper({ reader, window, confirmations: depth, finalOnly, toBlock });
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${name} must be a whole number from ${least} on, not ${value}.`);
}

function startOf({ addresses }: Lattice, { cursor, fromBlock }: WatchOptions): EventCursor {
  const { chainId } = addresses;
  if (cursor === undefined) {
    const floor = fromBlock ?? addresses.fromBlock;
    requireWhole("fromBlock", floor, 0);
    return { version: 1, chainId, floor, blocks: [], partial: false };
  }
  const position = parseEventCursor(cursor);
  if (position.chainId === chainId) return position;
  throw new SdkError(
    "CURSOR_INVALID",
    `The event cursor is of chain ${position.chainId}, but the address book is for chain ${chainId} (${addresses.network}). Use the cursor of this deployment, or start from a block number.`,
    { metadata: { cursor: position.chainId, addressBook: chainId } },
  );
}

/** The next step that changes something: waits, and tries again what failed. */
async function nextStep(
  stepper: Stepper,
  position: EventCursor,
  settings: Settings,
): Promise<Exclude<Step, { kind: "wait" | "shrink" }>> {
  for (;;) {
    // What was known of the head may be why it failed: a block that another fork replaced has no logs to ask for.
    const step = await retrying(
      () => stepper.next(position),
      settings,
      () => stepper.forget(),
    );
    if (step.kind !== "wait" && step.kind !== "shrink") return step;
    await sleep(step.kind === "wait" ? settings.pollMs : settings.retryMs, settings.signal);
  }
}

async function retrying<T>(
  work: () => Promise<T>,
  { signal, attempts, retryMs }: Settings,
  failed: () => void = () => undefined,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof SdkError || signal?.aborted) throw cause;
      if (failures >= attempts) throw rpcFailed(failures, cause);
      failed();
      await sleep(Math.min(MAX_RETRY_MS, retryMs * 2 ** (failures - 1)), signal);
    }
  }
}

function rpcFailed(attempts: number, cause: unknown): SdkError {
  return new SdkError(
    "RPC_FAILED",
    `The node did not answer ${attempts} times in a row, or not with blocks of one chain. Check it, then resume from the cursor of the last item.`,
    { cause, retryable: true, metadata: { attempts } },
  );
}
