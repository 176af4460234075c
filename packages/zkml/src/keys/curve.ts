import type { Curve } from "ffjavascript";
import { buildBn128 } from "ffjavascript";

let shared: Promise<Curve> | undefined;

/** BN254 on the calling thread: it starts no worker, so nothing has to be closed. */
export function bn254(): Promise<Curve> {
  shared ??= buildBn128(true);
  return shared;
}
