import type {
  BroadcastOutcome,
  ContractCall,
  Fees,
  Receipt,
  SignedTransaction,
  Submission,
  SubmitOptions,
  Submitter,
  TransactionPort,
} from "../../core/ports/transactions.ts";
import { isAbort, isNodeError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Mutex } from "../../shared/mutex.ts";
import { type Clock, sleep, systemClock } from "../../shared/time.ts";
import {
  nonceContended,
  transactionFailed,
  transactionReplaced,
  transactionStuck,
} from "./errors.ts";
import type { SubmitterMetrics } from "./metrics.ts";

export interface SubmitterOptions {
  /** Pause between looks for a receipt. */
  readonly pollMs: number;
  /** Without a receipt for this long, the transaction is sent again with higher fees. */
  readonly resendAfterMs: number;
  readonly maxResends: number;
  /** Added to the gas estimate, millionths: state may change between estimate and inclusion. */
  readonly gasMarginPpm: bigint;
}

export const DEFAULT_SUBMITTER_OPTIONS: SubmitterOptions = {
  pollMs: 250,
  resendAfterMs: 60_000,
  maxResends: 4,
  gasMarginPpm: 200_000n,
};

const MILLION = 1_000_000n;
// Pools ask for at least 10 % more on both fees before they replace a transaction.
const FEE_INCREASE_PPM = 250_000n;
const NONCE_ATTEMPTS = 4;
const FEE_ATTEMPTS = 5;

interface Dependencies {
  readonly port: TransactionPort;
  readonly logger: Logger;
  readonly metrics: SubmitterMetrics;
  readonly clock?: Clock;
}

/** One nonce of ours: every transaction that was signed for it, newest last. */
interface Flight {
  readonly call: ContractCall;
  readonly nonce: number;
  readonly gasLimit: bigint;
  fees: Fees;
  readonly sent: SignedTransaction[];
}

function increased(amount: bigint): bigint {
  return (amount * (MILLION + FEE_INCREASE_PPM)) / MILLION + 1n;
}

function higherFees({ maxFeePerGas, maxPriorityFeePerGas }: Fees): Fees {
  return {
    maxFeePerGas: increased(maxFeePerGas),
    maxPriorityFeePerGas: increased(maxPriorityFeePerGas),
  };
}

/**
 * Sends calls from one account. Nonces are given and broadcast one at a time; waiting for receipts
 * overlaps. A transaction without a receipt is sent again with higher fees under its own nonce, so
 * at most one of its copies can ever be mined.
 */
export class SubmitterService implements Submitter {
  readonly #options: SubmitterOptions;
  readonly #port: TransactionPort;
  readonly #logger: Logger;
  readonly #metrics: SubmitterMetrics;
  readonly #clock: Clock;
  readonly #sending = new Mutex();
  readonly #inFlight = new Set<number>();

  constructor(
    options: SubmitterOptions,
    { port, logger, metrics, clock = systemClock }: Dependencies,
  ) {
    this.#options = options;
    this.#port = port;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#clock = clock;
  }

  get address(): string {
    return this.#port.address;
  }

  async submit(call: ContractCall, options: SubmitOptions = {}): Promise<Submission> {
    const { isDone, signal } = options;
    this.#metrics.add("submitted");
    try {
      const gas = await this.#port.estimateGas(call);
      signal?.throwIfAborted();
      const gasLimit = (gas * (MILLION + this.#options.gasMarginPpm)) / MILLION;
      const flight = await this.#sending.run(() => this.#launch(call, gasLimit));
      try {
        const receipt = await this.#land(flight, signal);
        if (receipt.succeeded) return this.#landed(call, receipt);
        // Mined and failed: ask for the reason before reporting the bare fact.
        await this.#port.simulate(call);
        throw transactionFailed(call.label, receipt.transaction);
      } finally {
        this.#inFlight.delete(flight.nonce);
      }
    } catch (error) {
      return await this.#afterFailure(call, error, isDone);
    }
  }

  #landed(call: ContractCall, receipt: Receipt): Submission {
    const { transaction, gasUsed } = receipt;
    this.#metrics.add("landed");
    this.#metrics.add("gasUsed", Number(gasUsed));
    this.#logger.debug({ call: call.label, transaction, gasUsed: `${gasUsed}` }, "landed");
    return { outcome: "landed", receipt };
  }

  /** A failure counts only when the chain does not show the effect. */
  async #afterFailure(
    call: ContractCall,
    error: unknown,
    isDone: (() => Promise<boolean>) | undefined,
  ): Promise<Submission> {
    if (isAbort(error)) throw error;
    if (isDone && (await isDone())) {
      this.#metrics.add("alreadyDone");
      this.#logger.debug({ call: call.label }, "already done");
      return { outcome: "alreadyDone" };
    }
    this.#metrics.add(isNodeError(error, "CALL_REVERTED") ? "refused" : "failed");
    throw error;
  }

  /** Gives the call a nonce and brings it into the pool. Runs alone. */
  async #launch(call: ContractCall, gasLimit: bigint): Promise<Flight> {
    for (let attempt = 0; attempt < NONCE_ATTEMPTS; attempt++) {
      const flight: Flight = {
        call,
        nonce: await this.#nextNonce(),
        gasLimit,
        fees: await this.#port.fees(),
        sent: [],
      };
      if (await this.#send(flight)) {
        this.#inFlight.add(flight.nonce);
        return flight;
      }
      this.#logger.warn({ call: call.label, nonce: flight.nonce }, "nonce taken");
    }
    throw nonceContended(call.label, NONCE_ATTEMPTS);
  }

  /** After a restart, or when nothing is in flight, the chain knows best. */
  async #nextNonce(): Promise<number> {
    const pending = await this.#port.transactionCount("pending");
    return Math.max(pending, ...[...this.#inFlight].map((nonce) => nonce + 1));
  }

  /** Signs and broadcasts. False when the nonce was used up by a transaction that is not ours. */
  async #send(flight: Flight): Promise<boolean> {
    for (let attempt = 0; attempt < FEE_ATTEMPTS; attempt++) {
      const { call, nonce, gasLimit, fees } = flight;
      const transaction = await this.#port.sign(call, nonce, gasLimit, fees);
      flight.sent.push(transaction);
      const outcome = await this.#broadcast(flight, transaction);
      if (outcome === "accepted") return true;
      if (outcome === "nonceUsed") return (await this.#receiptOf(flight)) !== undefined;
      flight.fees = higherFees(fees);
    }
    throw transactionStuck(flight.call.label, flight.nonce, FEE_ATTEMPTS);
  }

  async #broadcast(flight: Flight, transaction: SignedTransaction): Promise<BroadcastOutcome> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#port.broadcast(transaction, flight.call);
      } catch (error) {
        // The node may have taken it all the same, and one that mines at once has a receipt.
        if (await this.#port.receipt(transaction.hash)) return "accepted";
        // Broadcasting the same bytes again is harmless.
        if (attempt >= 2 || !isNodeError(error, "RPC_UNREACHABLE")) throw error;
        await sleep(this.#options.pollMs);
      }
    }
  }

  /** Waits until a copy of the transaction is mined. */
  async #land(flight: Flight, signal: AbortSignal | undefined): Promise<Receipt> {
    const { pollMs, resendAfterMs, maxResends } = this.#options;
    let sentAt = this.#clock.now();
    for (let resends = 0; ; ) {
      try {
        const receipt = await this.#lookFor(flight);
        if (receipt) return receipt;
        if (this.#clock.now() - sentAt >= resendAfterMs) {
          if (resends >= maxResends)
            throw transactionStuck(flight.call.label, flight.nonce, resends);
          resends++;
          sentAt = this.#clock.now();
          this.#metrics.add("resent");
          flight.fees = higherFees(flight.fees);
          await this.#send(flight);
        }
      } catch (error) {
        // An outage says nothing about the transaction: go on looking, as long as for a resend.
        const outageMs = this.#clock.now() - sentAt;
        if (!isNodeError(error, "RPC_UNREACHABLE") || outageMs >= resendAfterMs) throw error;
      }
      await sleep(pollMs, signal);
    }
  }

  async #lookFor(flight: Flight): Promise<Receipt | undefined> {
    const receipt = await this.#receiptOf(flight);
    if (receipt || (await this.#port.transactionCount("latest")) <= flight.nonce) return receipt;
    // The receipt may have appeared between the two questions.
    const late = await this.#receiptOf(flight);
    if (!late) throw transactionReplaced(flight.call.label, flight.nonce);
    return late;
  }

  async #receiptOf({ sent }: Flight): Promise<Receipt | undefined> {
    for (const { hash } of [...sent].reverse()) {
      const receipt = await this.#port.receipt(hash);
      if (receipt) return receipt;
    }
    return undefined;
  }
}
