import { formatEther, formatUnits } from "ethers";
import type { Outcome, WatchEvent } from "../core/watch-events.ts";

const short = (hex: string) => `${hex.slice(0, 10)}…`;
const clock = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString().slice(11, 19);

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  skipped: "not drawn for a check",
  verified: "verified",
  unavailable: "its input never came; its window has passed",
  uncheckable: "cannot be recomputed; see the log",
  expired: "its window has passed",
  convicted: "the slash was carried out, the bounty is ours",
  outrun: "somebody else convicted it first",
  inquiryLost: "the inquiry is lost, and its bond",
  dryRun: "would be challenged",
};

/** One line for people about what happened. */
export function describeWatchEvent(event: WatchEvent): string {
  switch (event.event) {
    case "watching":
      return `watching chain ${event.chainId} as ${event.address}`;
    case "stopped":
      return "stopped";
    default:
      return `result ${short(event.subject)}: ${describeResult(event)}`;
  }
}

type ResultEvent = Extract<WatchEvent, { readonly subject: string }>;

function describeResult(event: ResultEvent): string {
  switch (event.event) {
    case "seen":
      return `by ${event.provider}, can be challenged until ${clock(event.challengeableUntil)} UTC`;
    case "missing":
      return `its ${event.what} is not in the store yet`;
    case "mismatch":
      return `WRONG: trace root ${short(event.claimed)}, it should be ${short(event.computed)}${event.traced ? "" : "; the trace is withheld"}`;
    case "fault":
      return `what is wrong: ${event.what}`;
    case "tooDear":
      return `a challenge costs ${formatEther(event.cost)}, its bounty is worth ${formatEther(event.bounty)}; left alone for now`;
    case "done": {
      const took = event.seconds === undefined ? "" : ` (${event.seconds.toFixed(2)} s)`;
      return `${OUTCOMES[event.outcome]}${took}`;
    }
    case "failed":
      return `failed (${event.code}): ${event.message}`;
    default:
      return `${describeCall(event)} (gas ${event.gasUsed})`;
  }
}

function describeCall(event: Extract<ResultEvent, { readonly gasUsed: bigint }>): string {
  switch (event.event) {
    case "evidenceCommitted":
      return `committed to the evidence with a bond of ${formatUnits(event.bond)} LAT`;
    case "challenged":
      return `challenged, and convicted; the slash can be carried out from ${clock(event.executableAt)} UTC`;
    case "inquired":
      return `opened an inquiry with a bond of ${formatUnits(event.bond)} LAT`;
    case "asked":
      return `asked what lies below node ${event.child} (question ${event.round + 1})`;
    case "silenceClaimed":
      return `convicted by its silence; the slash can be carried out from ${clock(event.executableAt)} UTC`;
    case "executed":
      return `the slash was carried out (${event.ground})`;
    case "bondCollected":
      return "the bond of the inquiry is back";
  }
}
