import { formatUnits } from "ethers";
import type { NodeEvent } from "../core/events.ts";
import { jobText } from "../core/job.ts";

const lat = (wei: bigint) => `${formatUnits(wei, 18)} LAT`;
const short = (hex: string) => `${hex.slice(0, 10)}…`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const clock = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString().slice(11, 19);

/** One line for people about what happened; amounts of job payments are in the token's smallest unit. */
export function describeEvent(event: NodeEvent): string {
  switch (event.event) {
    case "started":
      return `provider ${event.address} on chain ${event.chainId}`;
    case "modelReady":
      return `model ${short(event.model)} is ready (${seconds(event.seconds)})`;
    case "staked":
      return `staked ${lat(event.amount)}`;
    case "registered":
      return `registered as ${event.endpoint}`;
    case "offered":
      return `offers ${short(event.model)} at ${event.ask} from epoch ${event.fromEpoch}`;
    case "ready":
      return `ready with ${lat(event.stake)} staked and ${event.models.length} model(s)`;
    case "bootstrapped":
      return `began epoch ${event.epoch}; nobody has weight yet`;
    case "fellBack":
      return `began epoch ${event.epoch} with drand round ${event.round}; no leader did`;
    case "revealed":
      return `revealed the seed of epoch ${event.epoch} as rank ${event.rank}: ${short(event.seed)}`;
    case "withholdingReported":
      return `reported the silent leader of rank ${event.rank}, epoch ${event.epoch}`;
    case "stopped":
      return "stopped";
    default:
      return describeJobEvent(event);
  }
}

type JobEvent = Extract<NodeEvent, { readonly jobId: bigint }>;

function describeJobEvent(event: JobEvent): string {
  return `job ${short(jobText(event.jobId))}: ${describeStep(event)}`;
}

/** A direct order names its provider, so no seed drew it: it stands in epoch 0. */
function origin({ price, epoch, pick }: Extract<JobEvent, { event: "assigned" }>): string {
  return epoch === 0n ? `taken at ${price}` : `drawn at ${price} (epoch ${epoch}, pick ${pick})`;
}

function describeStep(event: JobEvent): string {
  switch (event.event) {
    case "assigned":
      return `${origin(event)}, commit by ${clock(event.commitBy)} UTC`;
    case "inference":
      return `ran in ${seconds(event.seconds)}, output ${short(event.outputDigest)}`;
    case "declined":
      return `given back before it was due (gas ${event.gasUsed})`;
    case "committed":
      return `committed ${short(event.outputCommitment)} (gas ${event.gasUsed})`;
    case "proving":
      return "proving";
    case "proved":
      return event.proveSeconds === undefined
        ? `proof accepted (gas ${event.gasUsed})`
        : `proof of ${seconds(event.proveSeconds)} accepted (gas ${event.gasUsed})`;
    case "settled":
      return `settled, earned ${event.legs.provider} (gas ${event.gasUsed})`;
    case "slashed":
      return `slashed ${lat(event.amount)}: the deadline of state ${event.state} was missed`;
    case "questioned":
      return `${event.kind === "inquiry" ? "inquired into" : "output demanded"} by ${event.asker}`;
    case "answered":
      return `answered question ${event.round + 1} of ${event.asker} (gas ${event.gasUsed})`;
    case "outputPublished":
      return `published ${event.chunkCount} chunk(s) of the output for ${event.asker} (gas ${event.gasUsed})`;
    case "inputDemanded":
      return `demanded ${event.chunkCount} chunk(s) of its input (gas ${event.gasUsed})`;
    case "inputWithheld":
      return `paid, for nobody published its input (gas ${event.gasUsed})`;
    case "bondCollected":
      return `collected half the bond of ${event.asker}, who asked no more (gas ${event.gasUsed})`;
    case "convicted":
      return `convicted (${event.ground}) by ${event.reporter}`;
    case "reaped":
      return `reported the late provider ${event.provider}, slashed ${lat(event.slashed)}`;
    case "failed":
      return `${event.step} failed (${event.code}): ${event.message}`;
  }
}
