import type { ChainClock } from "../../core/chain-clock.ts";
import { drawWindow } from "../../core/draw.ts";
import type { EventSink } from "../../core/events.ts";
import type { BeaconPort, BeaconSigner } from "../../core/ports/beacon.ts";
import type { DrandPort } from "../../core/ports/drand.ts";
import type { EventOf } from "../../core/ports/market.ts";
import type { ContractCall, Submission, Submitter } from "../../core/ports/transactions.ts";
import { isNodeError, revertName } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Loop } from "../../shared/loop.ts";
import type { BeaconMetrics } from "./metrics.ts";
import { RoundSource } from "./round-source.ts";
import { SilentLeaders } from "./silent-leaders.ts";

export interface BeaconOptions {
  readonly self: string;
  readonly tickMs: number;
  /** Report leaders that stayed silent, for the bounty. */
  readonly reportWithholding: boolean;
}

interface Dependencies {
  readonly beacon: BeaconPort;
  /** Undefined: this provider brings no rounds. */
  readonly drand: DrandPort | undefined;
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
  readonly #silent: SilentLeaders;
  readonly #rounds: RoundSource;
  /** The epoch that began last, and the rank that began it: those below stayed silent. */
  #began: { readonly epoch: bigint; readonly rank: bigint } | undefined;
  #epoch: bigint | undefined;
  /** Opening of the next window, Unix seconds; read again once an epoch began. */
  #opensAt: number | undefined;

  constructor(options: BeaconOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#deps = dependencies;
    this.#silent = new SilentLeaders(options.self);
    this.#rounds = new RoundSource(dependencies.drand, dependencies.clock);
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
  epochStarted({ epoch, rank, drawable }: EventOf<"epochStarted">): void {
    if (this.#epoch === undefined || epoch > this.#epoch) this.#epoch = epoch;
    this.#opensAt = undefined;
    this.#began = { epoch, rank };
    this.#remember(epoch, drawable);
  }

  /** True when a seed exists that may draw a job of this draw epoch, and still may. */
  readonly isSeedReady = async (drawEpoch: bigint): Promise<boolean> => {
    this.#epoch ??= await this.#deps.beacon.currentEpoch();
    const window = await drawWindow(drawEpoch, this.#epoch, (epoch) => this.#isDrawable(epoch));
    return window === "open";
  };

  /** Reveals when it is this provider's turn, stands in when nobody's is, and reports the silent. */
  async tick(signal: AbortSignal): Promise<void> {
    const { beacon, clock } = this.#deps;
    if (this.#began) await this.#report(this.#began.epoch, this.#began.rank, signal);
    this.#began = undefined;
    this.#opensAt ??= await beacon.nextRevealAt();
    if (clock.now() < this.#opensAt) return;
    const rank = await this.#openRank();
    if (rank === "none yet") return;
    const isFallback = rank === "none any more";
    const [epoch, leader] = await Promise.all([
      beacon.currentEpoch(),
      beacon.leaderOf(isFallback ? 0n : rank),
    ]);
    if (isFallback || leader === undefined) {
      return await this.#standIn(epoch, leader !== undefined, signal);
    }
    await this.#observe(epoch + 1n, rank, leader);
    if (leader === this.#options.self) await this.#reveal(epoch, signal);
    else await this.#report(epoch + 1n, rank, signal);
  }

  async #observe(epoch: bigint, rank: bigint, leader: string): Promise<void> {
    for (const below of this.#silent.unknownBelow(epoch, rank)) {
      const silent = await this.#deps.beacon.leaderOf(below);
      if (silent !== undefined) this.#silent.observe(epoch, below, silent);
    }
    this.#silent.observe(epoch, rank, leader);
  }

  /** Rank whose window is open. None yet: our clock is ahead of the chain's. None any more: the fallback's turn. */
  async #openRank(): Promise<bigint | "none yet" | "none any more"> {
    try {
      return await this.#deps.beacon.currentRank();
    } catch (error) {
      if (revertName(error) === "EpochBeaconTooEarly") return "none yet";
      if (revertName(error) === "EpochBeaconWindowsClosed") return "none any more";
      throw error;
    }
  }

  /** Begins the epoch that no leader can begin now: with a drand round, or after that by bootstrap. */
  async #standIn(epoch: bigint, hasLeaders: boolean, signal: AbortSignal): Promise<void> {
    const { beacon, clock, emit, metrics } = this.#deps;
    const { opensAt, endsAt, round } = await beacon.fallback();
    if (clock.now() >= endsAt) return hasLeaders ? undefined : await this.#bootstrap(epoch, signal);
    if (clock.now() < opensAt) return;
    const signature = await this.#rounds.signatureOf(round, signal);
    if (!signature) return;
    const submission = await this.#send(
      beacon.calls.revealFallback(round, signature),
      signal,
      epoch,
    );
    if (submission?.outcome !== "landed") return;
    const { transaction, gasUsed } = submission.receipt;
    metrics.add("fallbacks");
    emit({ event: "fellBack", epoch: epoch + 1n, round, transaction, gasUsed });
  }

  async #reveal(epoch: bigint, signal: AbortSignal): Promise<void> {
    const { beacon, signer, metrics } = this.#deps;
    const call = beacon.calls.reveal(signer, await beacon.revealMessage());
    const submission = await this.#send(call, signal, epoch);
    if (submission?.outcome === "landed") metrics.add("reveals");
  }

  async #bootstrap(epoch: bigint, signal: AbortSignal): Promise<void> {
    const { beacon, emit, metrics } = this.#deps;
    const submission = await this.#send(beacon.calls.bootstrap(), signal, epoch);
    if (submission?.outcome !== "landed") return;
    const { transaction, gasUsed } = submission.receipt;
    metrics.add("bootstraps");
    emit({ event: "bootstrapped", epoch: epoch + 1n, transaction, gasUsed });
  }

  /** Reports everyone below `rank` who stayed silent instead of beginning `epoch`. */
  async #report(epoch: bigint, rank: bigint, signal: AbortSignal): Promise<void> {
    if (!this.#options.reportWithholding) return;
    const { beacon, emit, metrics } = this.#deps;
    for (const silent of this.#silent.take(epoch, rank)) {
      const call = beacon.calls.reportWithholding(epoch, silent.rank);
      const submission = await this.#send(call, signal);
      if (submission?.outcome !== "landed") continue;
      const { transaction, gasUsed } = submission.receipt;
      metrics.add("reports");
      emit({ event: "withholdingReported", ...silent, transaction, gasUsed });
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
