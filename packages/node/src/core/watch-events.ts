import type { GroundName } from "./dispute.ts";

interface Sent {
  readonly transaction: string;
  readonly gasUsed: bigint;
}

/** What all events about one result say. */
interface About {
  readonly market: string;
  readonly subject: string;
}

/** How a challenger is done with a result. */
export type Outcome =
  /** Not drawn for a check. */
  | "skipped"
  /** The trace root is the right one. */
  | "verified"
  /** Its window passed before the input, or the model's artifact, was there. */
  | "unavailable"
  /** The order's input commitment is not that of its input, or the model cannot be recomputed here. */
  | "uncheckable"
  /** Its window passed before a challenge was worth its cost, or was made. */
  | "expired"
  /** The slash was carried out, and the bounty is ours. */
  | "convicted"
  /** Somebody else's evidence counts earlier. */
  | "outrun"
  /** We let our time in an inquiry pass, or found nothing: half of the bond is the provider's, the rest burns. */
  | "inquiryLost"
  /** What a dry run would have challenged. */
  | "dryRun";

/** What a challenger tells the world, in the order in which it happens. Costs are in wei of the chain's coin. */
export type WatchEvent =
  | { readonly event: "watching"; readonly address: string; readonly chainId: number }
  | ({
      readonly event: "seen";
      readonly provider: string;
      readonly modelVersion: string;
      readonly traceRoot: string;
      readonly challengeableUntil: number;
    } & About)
  | ({ readonly event: "missing"; readonly what: "input" | "model" } & About)
  | ({
      readonly event: "mismatch";
      readonly claimed: string;
      readonly computed: string;
      /** The provider's trace is there to be compared. */
      readonly traced: boolean;
    } & About)
  | ({
      readonly event: "fault";
      readonly kind: "step" | "trace";
      readonly what: string;
    } & About)
  | ({ readonly event: "tooDear"; readonly cost: bigint; readonly bounty: bigint } & About)
  | ({ readonly event: "evidenceCommitted"; readonly bond: bigint } & About & Sent)
  | ({ readonly event: "challenged"; readonly executableAt: number } & About & Sent)
  | ({ readonly event: "inquired"; readonly bond: bigint } & About & Sent)
  | ({ readonly event: "asked"; readonly round: number; readonly child: number } & About & Sent)
  | ({ readonly event: "silenceClaimed"; readonly executableAt: number } & About & Sent)
  | ({ readonly event: "executed"; readonly ground: GroundName } & About & Sent)
  | ({ readonly event: "bondCollected" } & About & Sent)
  | ({
      readonly event: "done";
      readonly outcome: Outcome;
      /** Of the recomputation, when there was one. */
      readonly seconds?: number;
    } & About)
  | ({ readonly event: "failed"; readonly code: string; readonly message: string } & About)
  | { readonly event: "stopped" };

/** Receives what happens. Must not throw. */
export type WatchSink = (event: WatchEvent) => void;
