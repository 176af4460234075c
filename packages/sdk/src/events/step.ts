import { SdkError } from "../errors.ts";
import type { EventCursor, TrackedBlock } from "./cursor.ts";
import { nextBlock } from "./position.ts";
import type { ChainReader, Header } from "./reader.ts";

/** What to do next. `settled`: number of a block that is final by now, and everything below it. */
export type Step =
  | { readonly kind: "deliver"; readonly blocks: readonly TrackedBlock[]; readonly settled: number }
  | { readonly kind: "retreat"; readonly ancestor: number }
  | { readonly kind: "shrink"; readonly cause: unknown }
  | { readonly kind: "wait" }
  | { readonly kind: "end" };

export interface StepOptions {
  readonly reader: ChainReader;
  /** Depth from which a block counts as final. */
  readonly window: number;
  readonly confirmations: number | "safe" | "finalized";
  /** Whether nothing may ever be taken back. */
  readonly finalOnly: boolean;
  readonly toBlock: number | undefined;
}

/** Decides the next step from the node's answers. Changes nothing but what it knows of the head. */
export class Stepper {
  readonly #options: StepOptions;
  #limit = -1;
  #settled = -1;

  constructor(options: StepOptions) {
    this.#options = options;
  }

  async next(position: EventCursor): Promise<Step> {
    const next = nextBlock(position);
    if (next > this.#limit) {
      const reorg = await this.#refresh(position);
      if (reorg) return reorg;
      if (next > this.#limit) return this.#idle(next);
    }
    const final = Math.min(this.#limit, this.#settled);
    return next <= final ? this.#range(position, next, final) : this.#block(position, next);
  }

  /** Everything known of the head may be stale: look again before the next step. */
  forget(): void {
    this.#limit = -1;
  }

  /** The last blocks may still be taken back, but who named an end does not wait for that. */
  #idle(next: number): Step {
    const { toBlock } = this.#options;
    return toBlock !== undefined && next > toBlock ? { kind: "end" } : { kind: "wait" };
  }

  async #refresh(position: EventCursor): Promise<Step | undefined> {
    const { reader, window, confirmations, toBlock } = this.#options;
    const head = await reader.header("latest");
    const reorg = await this.#findReorg(position, head);
    if (reorg) return reorg;
    const tagged = typeof confirmations === "string" ? await reader.header(confirmations) : head;
    const depth = typeof confirmations === "number" ? confirmations : 0;
    this.#settled = tagged === head ? head.number - window : tagged.number;
    this.#limit = Math.min(tagged.number - depth, toBlock ?? Number.POSITIVE_INFINITY);
    return undefined;
  }

  /** Compares tracked blocks with the chain, newest first, down to the first that is still there. */
  async #findReorg({ blocks, floor }: EventCursor, head: Header): Promise<Step | undefined> {
    // A node behind the newest tracked block cannot say that it is gone; a shorter chain is none until it differs.
    const { reader, finalOnly } = this.#options;
    const visible = blocks.filter(({ number }) => number <= head.number);
    for (const [position, { number, hash }] of [...visible.entries()].reverse()) {
      const now = number === head.number ? head : await reader.header(number);
      if (now.hash === hash) {
        return position === visible.length - 1 ? undefined : { kind: "retreat", ancestor: number };
      }
      if (number < floor || finalOnly) throw this.#tooDeep(number, hash, now.hash);
    }
    return visible.length > 0 ? { kind: "retreat", ancestor: floor - 1 } : undefined;
  }

  #tooDeep(number: number, delivered: string, found: string): SdkError {
    return new SdkError(
      "REORG_TOO_DEEP",
      `Block ${number} was taken for final and is another now: the chain changed below the window of ${this.#options.window} blocks, and the events that left it can no longer be told. Drop what was derived from the events, start again from a block below ${number}, and use a larger window.`,
      { metadata: { blockNumber: number, delivered, found, window: this.#options.window } },
    );
  }

  async #range({ blocks, partial }: EventCursor, from: number, final: number): Promise<Step> {
    const { reader } = this.#options;
    const to = Math.min(final, from + reader.rangeSize - 1);
    let read: TrackedBlock[];
    try {
      read = await reader.range(from, to);
    } catch (cause) {
      if (reader.shrinkRange()) return { kind: "shrink", cause };
      throw cause;
    }
    if (partial && read[0]?.hash !== blocks.at(-1)?.hash) return this.#lookAgain();
    return { kind: "deliver", blocks: read, settled: this.#settled };
  }

  #lookAgain(): Step {
    this.forget();
    return { kind: "wait" };
  }

  async #block({ blocks, partial }: EventCursor, number: number): Promise<Step> {
    const { reader } = this.#options;
    const tip = blocks.at(-1);
    const header = await reader.header(number);
    const continues = partial
      ? tip?.hash === header.hash
      : tip?.number !== number - 1 || tip.hash === header.parentHash;
    if (!continues) return this.#lookAgain();
    const block = await reader.block(header);
    return { kind: "deliver", blocks: [block], settled: this.#settled };
  }
}
