import type { ChainClock } from "../../core/chain-clock.ts";
import type { G1Point } from "../../core/ports/beacon.ts";
import type { DrandPort } from "../../core/ports/drand.ts";

/** The network publishes a round in that many seconds; asking more often is of no use. */
const ASK_AGAIN_SECONDS = 3;

/** Asks for rounds at the network's own pace, and for none when there is no source. */
export class RoundSource {
  readonly #drand: DrandPort | undefined;
  readonly #clock: ChainClock;
  #askAgainAt = 0;

  constructor(drand: DrandPort | undefined, clock: ChainClock) {
    this.#drand = drand;
    this.#clock = clock;
  }

  async signatureOf(round: bigint, signal: AbortSignal): Promise<G1Point | undefined> {
    const now = this.#clock.now();
    if (!this.#drand || now < this.#askAgainAt) return undefined;
    this.#askAgainAt = now + ASK_AGAIN_SECONDS;
    return await this.#drand.signatureOf(round, signal);
  }
}
