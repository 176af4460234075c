/** Which seed draws a posted job. */
export type DrawWindow =
  /** No seed that may draw it exists yet. */
  | "early"
  | "open"
  /** The epochs whose seeds could have drawn it are over; the job waits for its refund. */
  | "passed";

/**
 * The market draws with the first of the epochs {drawEpoch, drawEpoch + 1} whose seed may draw, and
 * only while the later of them has not ended.
 * @param isDrawable Asked only for epochs that have begun.
 */
export async function drawWindow(
  drawEpoch: bigint,
  currentEpoch: bigint,
  isDrawable: (epoch: bigint) => Promise<boolean>,
): Promise<DrawWindow> {
  if (currentEpoch < drawEpoch) return "early";
  if (currentEpoch > drawEpoch + 1n) return "passed";
  if (await isDrawable(drawEpoch)) return "open";
  if (currentEpoch === drawEpoch) return "early";
  return (await isDrawable(drawEpoch + 1n)) ? "open" : "passed";
}
