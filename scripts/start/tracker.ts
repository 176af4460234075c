import { setTimeout as sleep } from "node:timers/promises";
import type { Lattice } from "@lattice/sdk";
import type { TransactionReceipt } from "ethers";
import { type Draw, recomputeDraw } from "./draw.ts";

const POLL_MS = 150;

/** How a job's payment was split, LAT wei. */
export interface PaidLegs {
  readonly provider: bigint;
  readonly publisher: bigint;
  readonly fee: bigint;
  readonly refund: bigint;
}

/** What the chain has said of one job so far. */
export interface JobTrack {
  provider?: string;
  price?: bigint;
  draw?: Draw;
  outputDigest?: string;
  proved: boolean;
  legs?: PaidLegs;
  refunded: boolean;
  reassigned: number;
  readonly gas: Partial<Record<"assign" | "commit" | "prove", bigint>>;
}

/** Names of the steps that a watcher of a job is told of. */
export type TrackedStep =
  | "assigned"
  | "committed"
  | "proved"
  | "settled"
  | "reassigned"
  | "refunded";

/** Follows the market's events of a requester's jobs until all of them have ended. */
export class JobTracker {
  readonly jobs = new Map<bigint, JobTrack>();
  readonly #lattice: Lattice;
  readonly #requester: string;
  readonly #onStep: (jobId: bigint, step: TrackedStep, track: JobTrack) => void;
  #nextBlock: number;

  constructor(
    lattice: Lattice,
    requester: string,
    fromBlock: number,
    onStep: (jobId: bigint, step: TrackedStep, track: JobTrack) => void,
  ) {
    this.#lattice = lattice;
    this.#requester = requester;
    this.#nextBlock = fromBlock;
    this.#onStep = onStep;
  }

  /** What is known of a job of the requester; filled as its events come. */
  track(jobId: bigint): JobTrack {
    const known = this.jobs.get(jobId);
    if (known) return known;
    const track: JobTrack = { proved: false, refunded: false, reassigned: 0, gas: {} };
    this.jobs.set(jobId, track);
    return track;
  }

  /** Resolves when the requester has posted `count` jobs and every one was settled or refunded. */
  async untilEnded(count: number, signal: AbortSignal): Promise<void> {
    const ended = (job: JobTrack) => job.legs !== undefined || job.refunded;
    while (this.jobs.size < count || ![...this.jobs.values()].every(ended)) {
      await this.#poll();
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  async #poll(): Promise<void> {
    const { market, runner } = this.#lattice;
    const provider = runner.provider;
    if (!provider) throw new Error("The tracker needs a runner with a provider.");
    const last = await provider.getBlockNumber();
    if (last < this.#nextBlock) return;
    const logs = await provider.getLogs({
      address: await market.getAddress(),
      fromBlock: this.#nextBlock,
      toBlock: last,
    });
    this.#nextBlock = last + 1;
    for (const log of logs) {
      const event = market.interface.parseLog(log);
      if (!event) continue;
      const own = event.name === "JobPosted" && event.args.requester === this.#requester;
      const track = own ? this.track(event.args.jobId) : this.jobs.get(event.args.jobId);
      if (!track) continue;
      const receipt = () => provider.getTransactionReceipt(log.transactionHash);
      const step = await this.#apply(event.name, event.args, track, receipt);
      if (step) this.#onStep(event.args.jobId, step, track);
    }
  }

  async #apply(
    name: string,
    args: Record<string, unknown>,
    track: JobTrack,
    receipt: () => Promise<TransactionReceipt | null>,
  ): Promise<TrackedStep | undefined> {
    const gas = async (step: keyof JobTrack["gas"]) => {
      const used = (await receipt())?.gasUsed;
      if (used !== undefined) track.gas[step] = used;
    };
    switch (name) {
      case "JobAssigned":
        track.provider = String(args.provider);
        track.price = args.price as bigint;
        track.draw = await recomputeDraw(this.#lattice, args);
        await gas("assign");
        return "assigned";
      case "ResultCommitted":
        track.outputDigest = String(args.outputDigest);
        await gas("commit");
        return "committed";
      case "ResultProved":
        track.proved = true;
        await gas("prove");
        return "proved";
      case "JobSettled":
        track.legs = toLegs(args.legs as PaidLegs);
        return "settled";
      case "JobReassigned":
        track.reassigned += 1;
        return "reassigned";
      case "JobRefunded":
        track.refunded = true;
        return "refunded";
      default:
        return undefined;
    }
  }
}

/** Plain fields of a decoded struct. */
function toLegs({ provider, publisher, fee, refund }: PaidLegs): PaidLegs {
  return { provider, publisher, fee, refund };
}
