import { DIGIT_SIZE } from "@lattice/zkml/models/digits";
import { formatEther } from "ethers";
import { beside, drawPixels } from "./picture.ts";
import type { JobReport, StartReport } from "./report.ts";
import type { View } from "./view.ts";

/** LAT with at most four decimals, for people. */
export function lat(wei: bigint | string): string {
  const [whole = "0", fraction = ""] = formatEther(wei).split(".");
  const digits = fraction.slice(0, 4).replace(/0+$/, "");
  return `${digits === "" ? whole : `${whole}.${digits}`} LAT`;
}

/** Shows one finished job, the `number`-th: the digit, who ran it, what it cost, who was paid. */
export function showJob(
  view: View,
  number: number,
  job: JobReport,
  pixels: Uint8Array,
  nameOf: (address: string) => string,
): void {
  const right = [
    "",
    `job ${number}: drawn for a ${job.expected}, the model says ${job.predicted ?? "nothing"}${job.predicted === job.expected ? "" : "  (misread)"}`,
    ...(job.provider ? [`provider   ${nameOf(job.provider)} (${job.provider})`] : []),
    ...(job.draw
      ? [
          `draw       seed of epoch ${job.draw.epoch}, pick ${job.draw.pick}; recomputed off-chain: ${yes(job.draw.recomputed)}`,
        ]
      : []),
    `output     same bits as ONNX Runtime: ${yes(job.outputMatchesOnnxRuntime)}`,
    `proof      verified on-chain: ${yes(job.proofVerifiedOnChain)}${job.proveSeconds === null ? "" : `, made in ${job.proveSeconds.toFixed(2)} s`}`,
    `gas        ${Object.entries(job.gas)
      .map(([step, used]) => `${step} ${used.toLocaleString("en")}`)
      .join(" · ")}`,
    ...(job.legs
      ? [
          `price      ${lat(job.price)}: provider ${lat(job.legs.provider)}, publisher ${lat(job.legs.publisher)}, protocol ${lat(job.legs.fee)}`,
          `refund     ${lat(job.legs.refund)} of what was locked`,
        ]
      : []),
  ];
  view.print(beside(drawPixels(pixels, DIGIT_SIZE, view.colour), DIGIT_SIZE, right));
  view.print();
}

function yes(value: boolean): string {
  return value ? "yes" : "NO";
}

/** Closes the run with what it amounts to. */
export function showSummary(
  view: View,
  report: StartReport,
  nameOf: (address: string) => string,
): void {
  const { jobs, seconds } = report;
  const settled = jobs.filter(({ legs }) => legs !== null);
  const right = settled.filter(({ predicted, expected }) => predicted === expected).length;
  const counts = new Map<string, number>();
  for (const { provider } of settled)
    if (provider) counts.set(provider, (counts.get(provider) ?? 0) + 1);
  view.heading("Summary");
  view.print(`  ${settled.length} of ${jobs.length} jobs settled; ${right} digits read right`);
  view.print(
    `  drawn: ${[...counts].map(([address, count]) => `${nameOf(address)} ${count}×`).join(", ")}`,
  );
  view.print(
    `  seconds: build ${seconds.build.toFixed(1)}, keys ${seconds.keys.toFixed(1)}, deploy ${seconds.deploy.toFixed(1)}, jobs ${seconds.jobs.toFixed(1)}`,
  );
}
