import type { ChainClock } from "../../core/chain-clock.ts";
import { drawWindow } from "../../core/draw.ts";
import type { EventSink } from "../../core/events.ts";
import type { BeaconPort, BeaconSigner } from "../../core/ports/beacon.ts";
import type { EventOf } from "../../core/ports/market.ts";
import type { ContractCall, Submission, Submitter } from "../../core/ports/transactions.ts";
import { isNodeError, revertName } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Loop } from "../../shared/loop.ts";
import type { BeaconMetrics } from "./metrics.ts";

export interface BeaconOptions {
  readonly self: string;
  readonly tickMs: number;
  /** Report leaders that stayed silent, for the bounty. */
  readonly reportWithholding: boolean;
}

interface Dependencies {
  readonly beacon: BeaconPort;
  readonly signer: BeaconSigner;
  readonly submitter: Submitter;
  readonly clock: ChainClock;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly metrics: BeaconMetrics;
}

/** Drawable epochs to remember; a draw looks at two. */
const REMEMBERED_EPOCHS = 64;

/** Takes part in the protocol's randomness, and knows which seeds exist. */
export class BeaconService {
  readonly name = "beacon";
  readonly #options: BeaconOptions;
  readonly #deps: Dependencies;
  readonly #loop: Loop;
  readonly #drawable = new Map<bigint, boolean>();
  readonly #reported = new Set<string>();
  #epoch: bigint | undefined;
  /** Opening of the next window, Unix seconds; read again once an epoch began. */
  #opensAt: number | undefined;

  constructor(options: BeaconOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
    const loop = { name: this.name, intervalMs: options.tickMs };
    this.#loop = new Loop(loop, (signal) => this.tick(signal), dependencies.logger);
  }

  start(): void {
    this.#loop.start();
  }

  async close(): Promise<void> {
    await this.#loop.close();
  }

  /** Takes notice of an epoch that began. */
  epochStarted({ epoch, drawable }: EventOf<"epochStarted">): void {
    if (this.#epoch === undefined || epoch > this.#epoch) this.#epoch = epoch;
    this.#opensAt = undefined;
    this.#reported.clear();
    this.#remember(epoch, drawable);
  }

  /** True when a seed exists that may draw a job of this draw epoch, and still may. */
  readonly isSeedReady = async (drawEpoch: bigint): Promise<boolean> => {
    this.#epoch ??= await this.#deps.beacon.currentEpoch();
    const window = await drawWindow(drawEpoch, this.#epoch, (epoch) => this.#isDrawable(epoch));
    return window === "open";
  };

  /** Reveals when it is this provider's turn, starts the first epochs, and reports the silent. */
  async tick(signal: AbortSignal): Promise<void> {
    const { beacon, clock } = this.#deps;
    this.#opensAt ??= await beacon.nextRevealAt();
    if (clock.now() < this.#opensAt) return;
    const rank = await this.#openRank();
    if (rank === undefined) return;
    const leader = await beacon.leaderOf(rank);
    if (leader === undefined) await this.#bootstrap(signal);
    else if (leader === this.#options.self) await this.#reveal(signal);
    else if (this.#options.reportWithholding) await this.#reportSilent(rank, signal);
  }

  /** Rank whose window is open; undefined when our clock is ahead of the chain's. */
  async #openRank(): Promise<bigint | undefined> {
    try {
      return await this.#deps.beacon.currentRank();
    } catch (error) {
      if (revertName(error) === "EpochBeaconTooEarly") return undefined;
      throw error;
    }
  }

  async #reveal(signal: AbortSignal): Promise<void> {
    const { beacon, signer, metrics } = this.#deps;
    const [epoch, message] = await Promise.all([beacon.currentEpoch(), beacon.revealMessage()]);
    const submission = await this.#send(beacon.calls.reveal(signer, message), signal, epoch);
    if (submission?.outcome === "landed") metrics.add("reveals");
  }

  async #bootstrap(signal: AbortSignal): Promise<void> {
    const { beacon, emit, metrics } = this.#deps;
    const epoch = await beacon.currentEpoch();
    const submission = await this.#send(beacon.calls.bootstrap(), signal, epoch);
    if (submission?.outcome !== "landed") return;
    const { transaction, gasUsed } = submission.receipt;
    metrics.add("bootstraps");
    emit({ event: "bootstrapped", epoch: epoch + 1n, transaction, gasUsed });
  }

  async #reportSilent(current: bigint, signal: AbortSignal): Promise<void> {
    const { beacon, emit, metrics, logger } = this.#deps;
    const epoch = (await beacon.currentEpoch()) + 1n;
    for (let rank = 0n; rank < current; rank++) {
      const key = `${epoch}/${rank}`;
      const leader = await beacon.leaderOf(rank);
      if (this.#reported.has(key) || leader === undefined || leader === this.#options.self)
        continue;
      this.#reported.add(key);
      const submission = await this.#send(beacon.calls.reportWithholding(rank), signal);
      if (submission?.outcome !== "landed") continue;
      const { transaction, gasUsed } = submission.receipt;
      logger.info({ epoch: `${epoch}`, rank: `${rank}`, leader }, "reported a silent leader");
      metrics.add("reports");
      emit({ event: "withholdingReported", epoch, rank, transaction, gasUsed });
    }
  }

  /**
   * Sends a call that others may send too, or that comes too late when the epoch moves on. With
   * `before`, an epoch beyond it means that the call is done.
   */
  async #send(
    call: ContractCall,
    signal: AbortSignal,
    before?: bigint,
  ): Promise<Submission | undefined> {
    const { beacon, submitter, metrics, logger } = this.#deps;
    this.#opensAt = undefined;
    const isDone = async () => before !== undefined && (await beacon.currentEpoch()) > before;
    try {
      return await submitter.submit(call, { signal, isDone });
    } catch (error) {
      if (!isNodeError(error, "CALL_REVERTED")) throw error;
      metrics.add("late");
      logger.debug({ call: call.label, reason: error.message }, "the beacon refused");
      return undefined;
    }
  }

  async #isDrawable(epoch: bigint): Promise<boolean> {
    const known = this.#drawable.get(epoch);
    if (known !== undefined) return known;
    const drawable = await this.#deps.beacon.isDrawable(epoch);
    this.#remember(epoch, drawable);
    return drawable;
  }

  #remember(epoch: bigint, drawable: boolean): void {
    this.#drawable.set(epoch, drawable);
    const oldest = this.#drawable.keys().next().value;
    if (this.#drawable.size > REMEMBERED_EPOCHS && oldest !== undefined)
      this.#drawable.delete(oldest);
  }
}
