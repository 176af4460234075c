import type { GroundName } from "./dispute.ts";
import type { JobStateName } from "./job.ts";

/** How a settled payment was split; amounts in the smallest unit of the payment token. */
export interface Legs {
  readonly provider: bigint;
  readonly publisher: bigint;
  /** Protocol fee. */
  readonly fee: bigint;
  readonly refund: bigint;
}

interface Sent {
  readonly transaction: string;
  readonly gasUsed: bigint;
}

/** What a provider tells the world, in the order in which it happens. Amounts of LAT are in wei. */
export type NodeEvent =
  | { readonly event: "started"; readonly address: string; readonly chainId: number }
  | { readonly event: "modelReady"; readonly model: string; readonly seconds: number }
  | ({ readonly event: "staked"; readonly amount: bigint } & Sent)
  | ({ readonly event: "registered"; readonly endpoint: string } & Sent)
  | ({
      readonly event: "offered";
      readonly model: string;
      readonly ask: bigint;
      readonly fromEpoch: bigint;
    } & Sent)
  | {
      readonly event: "ready";
      readonly address: string;
      readonly stake: bigint;
      readonly models: readonly string[];
    }
  | ({ readonly event: "bootstrapped"; readonly epoch: bigint } & Sent)
  | ({ readonly event: "fellBack"; readonly epoch: bigint; readonly round: bigint } & Sent)
  | ({
      readonly event: "revealed";
      readonly epoch: bigint;
      readonly rank: bigint;
      readonly seed: string;
    } & Sent)
  | ({
      readonly event: "withholdingReported";
      readonly epoch: bigint;
      readonly rank: bigint;
    } & Sent)
  | {
      readonly event: "assigned";
      readonly jobId: bigint;
      readonly price: bigint;
      readonly epoch: bigint;
      readonly pick: bigint;
      readonly commitBy: number;
      readonly transaction: string;
    }
  | {
      readonly event: "inference";
      readonly jobId: bigint;
      readonly seconds: number;
      readonly outputDigest: string;
    }
  | ({
      readonly event: "committed";
      readonly jobId: bigint;
      readonly outputCommitment: string;
      readonly outputDigest: string;
    } & Sent)
  | { readonly event: "proving"; readonly jobId: bigint }
  | ({
      readonly event: "proved";
      readonly jobId: bigint;
      /** Absent when the proof was made before a restart, or sent by someone else. */
      readonly witnessSeconds?: number;
      readonly proveSeconds?: number;
    } & Sent)
  | ({ readonly event: "settled"; readonly jobId: bigint; readonly legs: Legs } & Sent)
  | ({ readonly event: "declined"; readonly jobId: bigint } & Sent)
  | {
      readonly event: "slashed";
      readonly jobId: bigint;
      readonly state: JobStateName;
      readonly amount: bigint;
      readonly transaction: string;
    }
  | {
      readonly event: "questioned";
      readonly jobId: bigint;
      readonly kind: "inquiry" | "demand";
      readonly asker: string;
    }
  | ({
      readonly event: "answered";
      readonly jobId: bigint;
      readonly asker: string;
      /** From 0, the question about the trace root. */
      readonly round: number;
    } & Sent)
  | ({
      readonly event: "outputPublished";
      readonly jobId: bigint;
      readonly asker: string;
      readonly firstChunk: number;
      readonly chunkCount: number;
    } & Sent)
  | ({
      readonly event: "inputDemanded";
      readonly jobId: bigint;
      readonly firstChunk: number;
      readonly chunkCount: number;
    } & Sent)
  | ({ readonly event: "inputWithheld"; readonly jobId: bigint } & Sent)
  | ({ readonly event: "bondCollected"; readonly jobId: bigint; readonly asker: string } & Sent)
  | {
      readonly event: "convicted";
      readonly jobId: bigint;
      readonly reporter: string;
      readonly ground: GroundName;
      readonly transaction: string;
    }
  | ({
      readonly event: "reaped";
      readonly jobId: bigint;
      readonly provider: string;
      readonly slashed: bigint;
    } & Sent)
  | {
      readonly event: "failed";
      readonly jobId: bigint;
      readonly step: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly event: "stopped" };

/** Receives what happens. Must not throw. */
export type EventSink = (event: NodeEvent) => void;
