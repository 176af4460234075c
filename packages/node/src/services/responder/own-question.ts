import { type DisputePort, jobOfSubject } from "../../core/ports/disputes.ts";
import type { ChainEvent, MarketPort } from "../../core/ports/market.ts";
import type { OpenQuestion } from "../../core/ports/state.ts";

interface Dependencies {
  readonly disputes: Pick<DisputePort, "jobMarket">;
  readonly market: Pick<MarketPort, "job">;
}

/** What an event asks of a provider; undefined when it asks nothing, or somebody else. */
export async function ownQuestion(
  event: ChainEvent,
  self: string,
  { disputes, market }: Dependencies,
): Promise<OpenQuestion | undefined> {
  if (event.kind !== "inquiryOpened" && event.kind !== "chunksDemanded") return undefined;
  // Other lanes have no jobs that this provider runs.
  if (event.market !== disputes.jobMarket) return undefined;
  const at = { market: event.market, subject: event.subject, block: event.blockNumber };
  if (event.kind === "inquiryOpened") {
    return event.provider === self ? { kind: "inquiry", asker: event.inquirer, ...at } : undefined;
  }
  if (event.isInput) return undefined;
  const { provider } = await market.job(jobOfSubject(event.subject));
  return provider === self ? { kind: "demand", asker: event.asker, ...at } : undefined;
}
