import type { AddressBook } from "@lattice/sdk";
import type { JobTrack, PaidLegs } from "./tracker.ts";
import type { Checked } from "./verify.ts";

/** One finished job, as the result lists it. Gas are units, amounts LAT wei as decimal strings. */
export interface JobReport {
  readonly id: string;
  readonly tier: "ZK";
  readonly provider: string | null;
  readonly expected: number;
  readonly predicted: number | null;
  readonly outputMatchesOnnxRuntime: boolean;
  readonly proofVerifiedOnChain: boolean;
  readonly draw: {
    readonly epoch: string;
    readonly seed: string;
    readonly pick: string;
    readonly recomputed: boolean;
  } | null;
  readonly gas: Readonly<Record<string, number>>;
  readonly proveSeconds: number | null;
  readonly price: string;
  readonly legs: Readonly<Record<keyof PaidLegs, string>> | null;
}

export interface ProviderReport {
  readonly address: string;
  readonly stake: string;
  readonly capabilities: {
    readonly accelerator: number;
    readonly memoryMiB: number;
    readonly maxTensorBytes: string;
    readonly tiers: number;
    readonly maxCollateral: string;
  };
}

/** The result of the main job: what `--json` prints. */
export interface StartReport {
  readonly chainId: number;
  readonly contracts: AddressBook["contracts"];
  readonly verifiers: AddressBook["verifiers"];
  readonly providers: readonly ProviderReport[];
  readonly jobs: readonly JobReport[];
  readonly seconds: Readonly<Record<"build" | "keys" | "deploy" | "jobs", number>>;
}

/** What is known of a job when it ended. */
export interface FinishedJob {
  readonly id: bigint;
  readonly label: number;
  readonly postGas: bigint;
  readonly track: JobTrack;
  readonly checked: Checked | undefined;
  readonly proveSeconds: number | undefined;
}

export function reportJob({
  id,
  label,
  postGas,
  track,
  checked,
  proveSeconds,
}: FinishedJob): JobReport {
  const { draw, legs } = track;
  return {
    id: String(id),
    tier: "ZK",
    provider: track.provider ?? null,
    expected: label,
    predicted: checked?.predicted ?? null,
    outputMatchesOnnxRuntime: checked?.matchesOnnxRuntime ?? false,
    proofVerifiedOnChain: track.proved,
    draw: draw
      ? {
          epoch: String(draw.epoch),
          seed: draw.seed,
          pick: String(draw.pick),
          recomputed: draw.recomputed,
        }
      : null,
    gas: { post: Number(postGas), ...numbers(track.gas) },
    proveSeconds: proveSeconds ?? null,
    price: String(track.price ?? 0n),
    legs: legs ? decimals(legs) : null,
  };
}

/** Why a run does not count as a success; empty when it does. */
export function shortcomings(jobs: readonly JobReport[]): string[] {
  return jobs.flatMap((job, index) => {
    const problems: string[] = [];
    if (!job.legs) problems.push("was not settled");
    else {
      if (!job.proofVerifiedOnChain) problems.push("has no proof on the chain");
      if (!job.outputMatchesOnnxRuntime)
        problems.push("delivered other bits than ONNX Runtime computes");
      if (!job.draw?.recomputed) problems.push("was drawn otherwise than its seed says");
    }
    return problems.map((problem) => `job ${index + 1} ${problem}`);
  });
}

function numbers(values: Readonly<Record<string, bigint>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Number(value)]));
}

function decimals({ provider, publisher, fee, refund }: PaidLegs): Record<keyof PaidLegs, string> {
  return {
    provider: String(provider),
    publisher: String(publisher),
    fee: String(fee),
    refund: String(refund),
  };
}
