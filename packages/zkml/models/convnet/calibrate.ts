import { writeFile } from "node:fs/promises";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { formatReport } from "../training/report.ts";
import { buildConvnet, convnetImage } from "./convnet.ts";

const IMAGES = 3;
const FIRST_SEED = 1;
/** Share of activations that may be clamped at 255. */
const CLAMPED_SHARE = 0.001;
const ACTIVATIONS = 256;

/** Smallest power of two that brings almost every sum of the calibration images below 256. */
function chooseShift(graph: IntegerGraph): number {
  const sums = Array.from({ length: IMAGES }, (_, i) => [
    ...interpret(graph, convnetImage(FIRST_SEED + i)).output.data,
  ]).flat();
  sums.sort((a, b) => a - b);
  const bound = sums[Math.floor((1 - CLAMPED_SHARE) * (sums.length - 1))] as number;
  let shift = 0;
  while (bound >= ACTIVATIONS * 2 ** shift) shift++;
  return shift;
}

const shifts: number[] = [];
buildConvnet((sums) => {
  const shift = chooseShift(sums());
  console.log(`layer ${shifts.length + 1}: 2^${shift}`);
  shifts.push(shift);
  return shift;
});
await writeFile(
  new URL("convnet.json", import.meta.url),
  formatReport({ images: IMAGES, firstSeed: FIRST_SEED, clampedShare: CLAMPED_SHARE, shifts }),
);
