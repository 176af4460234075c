import { randomBytes } from "node:crypto";
import type { Accusation, BondedResult } from "../../core/dispute.ts";
import type { DisputePort } from "../../core/ports/disputes.ts";
import type { TracedModel } from "../../core/ports/model.ts";
import type { CaseStore, DisputeCase } from "../../core/ports/state.ts";
import type { Trace } from "../../core/ports/traces.ts";
import type {
  ContractCall,
  Receipt,
  Submitter,
  TransactionPort,
} from "../../core/ports/transactions.ts";
import type { Outcome, WatchEvent, WatchSink } from "../../core/watch-events.ts";
import type { ChallengerMetrics } from "./metrics.ts";

/** A result that a challenger has not finished with, as this process knows it. */
export interface OpenCase {
  record: DisputeCase;
  /** The run as it should have been, and what knows how to read it. */
  honest?: { readonly model: TracedModel; readonly trace: Trace };
  /** How long the recomputation took. */
  seconds?: number;
  /** What was said once is not said again. */
  readonly noted: Set<WatchEvent["event"]>;
  /** Failed attempts in a row. */
  failures: number;
  /** Earliest next attempt, milliseconds since the Unix epoch. */
  retryAt: number;
}

/** How a turn of a case ended: it moved and may move again, it waits for somebody or something, or it is over. */
export type Turned = "moved" | "waits" | Outcome;

/** What every part of a challenger needs. */
export interface CaseTools {
  readonly self: string;
  readonly disputes: DisputePort;
  readonly submitter: Submitter;
  readonly costs: Pick<TransactionPort, "estimateGas" | "fees">;
  readonly cases: CaseStore;
  readonly emit: WatchSink;
  readonly metrics: ChallengerMetrics;
  /** Chain time, Unix seconds. */
  readonly now: () => number;
}

export function openCase(record: DisputeCase): OpenCase {
  return { record, noted: new Set(), failures: 0, retryAt: 0 };
}

/** Writes down how far a case came, before anything is done about it. */
export async function advance(
  open: OpenCase,
  changes: Partial<DisputeCase>,
  { cases }: Pick<CaseTools, "cases">,
): Promise<void> {
  const record = { ...open.record, ...changes };
  await cases.save(record);
  open.record = record;
}

export function about({ market, subject }: BondedResult) {
  return { market, subject };
}

/** An accusation with a salt of its own, which hides it in its commitment. */
export function salted(accusation: Accusation): Accusation & { readonly salt: string } {
  return { ...accusation, salt: `0x${randomBytes(32).toString("hex")}` };
}

/** Tells something about a case once. */
export function note(open: OpenCase, event: WatchEvent, emit: WatchSink): boolean {
  if (open.noted.has(event.event)) return false;
  open.noted.add(event.event);
  emit(event);
  return true;
}

/**
 * Sends a call whose effect `isDone` recognises.
 * @returns The receipt; undefined when the effect was there already.
 */
export async function send(
  call: ContractCall,
  isDone: () => Promise<boolean>,
  { submitter }: Pick<CaseTools, "submitter">,
  signal: AbortSignal,
): Promise<Pick<Receipt, "transaction" | "gasUsed"> | undefined> {
  const submission = await submitter.submit(call, { isDone, signal });
  if (submission.outcome === "alreadyDone") return undefined;
  const { transaction, gasUsed } = submission.receipt;
  return { transaction, gasUsed };
}
