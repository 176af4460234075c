import type { G1Point } from "./beacon.ts";

/** Where rounds of the drand network quicknet come from. */
export interface DrandPort {
  /**
   * Signature of a round, checked against the network's key; undefined while it is not published.
   * @throws NodeError DRAND_UNREACHABLE when the source does not answer, or not with the round.
   */
  signatureOf(round: bigint, signal: AbortSignal): Promise<G1Point | undefined>;
}
