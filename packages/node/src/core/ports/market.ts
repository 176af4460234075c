import type { Ground, Place } from "../dispute.ts";
import type { Legs } from "../events.ts";
import type { Job, JobId, JobState, Proof } from "../job.ts";
import type { Order } from "../order.ts";
import type { ContractCall, LogEntry } from "./transactions.ts";

interface Logged {
  readonly blockNumber: number;
  readonly transaction: string;
}

interface Disputed {
  readonly market: string;
  readonly subject: string;
}

/** What happens in the dispute game. */
type DisputeEvent = Disputed &
  (
    | { readonly kind: "inquiryOpened"; readonly inquirer: string; readonly provider: string }
    | {
        readonly kind: "questionAsked";
        readonly inquirer: string;
        readonly place: Place;
        readonly height: number;
        readonly child: number;
      }
    | { readonly kind: "questionAnswered"; readonly inquirer: string }
    | { readonly kind: "inquiryClosed"; readonly inquirer: string; readonly bondTo: string }
    | { readonly kind: "chunksDemanded"; readonly asker: string; readonly isInput: boolean }
    | {
        readonly kind: "chunksPublished";
        readonly isInput: boolean;
        readonly firstChunk: number;
        /** Hex. */
        readonly chunks: string;
      }
    | { readonly kind: "demandUnanswered"; readonly asker: string; readonly isInput: boolean }
    | {
        readonly kind: "convicted";
        readonly provider: string;
        readonly reporter: string;
        readonly ground: Ground;
        readonly executableAt: number;
      }
    | {
        readonly kind: "executed";
        readonly provider: string;
        readonly reporter: string;
        readonly ground: Ground;
      }
  );

/** Events of the markets, the beacon and the dispute game that a provider or a challenger acts on. */
export type ChainEvent = Logged &
  (
    | DisputeEvent
    | {
        readonly kind: "batchClaimed";
        readonly batchId: string;
        readonly provider: string;
        readonly modelVersion: string;
        /** Bit i: item i of the transaction was accepted. */
        readonly accepted: bigint;
      }
    | { readonly kind: "posted"; readonly jobId: JobId; readonly order: Order }
    | {
        readonly kind: "assigned";
        readonly jobId: JobId;
        readonly provider: string;
        readonly price: bigint;
        readonly epoch: bigint;
        readonly pick: bigint;
        readonly commitBy: number;
      }
    | {
        readonly kind: "committed";
        readonly jobId: JobId;
        readonly provider: string;
        readonly outputCommitment: string;
        readonly outputDigest: string;
      }
    | { readonly kind: "proved"; readonly jobId: JobId; readonly provider: string }
    | {
        readonly kind: "settled";
        readonly jobId: JobId;
        readonly provider: string;
        readonly legs: Legs;
      }
    | {
        readonly kind: "timedOut";
        readonly jobId: JobId;
        readonly provider: string;
        readonly reporter: string;
        readonly state: JobState;
        readonly slashed: bigint;
      }
    | { readonly kind: "declined"; readonly jobId: JobId; readonly provider: string }
    | { readonly kind: "reassigned"; readonly jobId: JobId; readonly drawEpoch: bigint }
    | { readonly kind: "refunded"; readonly jobId: JobId; readonly amount: bigint }
    | {
        readonly kind: "epochStarted";
        readonly epoch: bigint;
        readonly leader: string;
        readonly seed: string;
        readonly rank: bigint;
        readonly drawable: boolean;
      }
  );

export type ChainEventKind = ChainEvent["kind"];
export type EventOf<K extends ChainEventKind> = Extract<ChainEvent, { kind: K }>;

export interface MarketPort {
  job(jobId: JobId): Promise<Job>;
  /** The order that a job was posted with, from its event. */
  order(jobId: JobId): Promise<Order>;
  /** First public input of a proof: binds chain, market, order, provider and model version. */
  proofContext(order: Order, provider: string): bigint;
  /**
   * Whom the draw of a posted job would choose now; undefined when nobody, or when its seed does
   * not exist.
   */
  expectedProvider(jobId: JobId, job: Job, order: Order): Promise<string | undefined>;
  /** Events of ours in a receipt. */
  decode(logs: readonly LogEntry[]): readonly ChainEvent[];
  readonly calls: {
    assign(order: Order): ContractCall;
    accept(order: Order): ContractCall;
    commit(order: Order, commitment: string, digest: string): ContractCall;
    prove(order: Order, proof: Proof): ContractCall;
    settle(order: Order): ContractCall;
    decline(order: Order): ContractCall;
    timeOut(order: Order): ContractCall;
    refund(order: Order): ContractCall;
  };
}
