/** A leader that let its window pass. */
export interface SilentLeader {
  readonly epoch: bigint;
  readonly rank: bigint;
  readonly leader: string;
}

/**
 * Remembers who was to begin the next epoch, rank by rank, so that those who stayed silent can be
 * reported: while the epoch has not begun, and until it ends. Each is handed out once.
 */
export class SilentLeaders {
  readonly #self: string;
  readonly #leaders = new Map<bigint, string>();
  readonly #handedOut = new Set<bigint>();
  #epoch = 0n;

  /** @param self Left out: reporting oneself earns nothing. */
  constructor(self: string) {
    this.#self = self;
  }

  /** Ranks below `rank` whose leader is not known yet. */
  unknownBelow(epoch: bigint, rank: bigint): readonly bigint[] {
    this.#turnTo(epoch);
    const missing: bigint[] = [];
    for (let below = 0n; below < rank; below++) if (!this.#leaders.has(below)) missing.push(below);
    return missing;
  }

  /** `leader` is the one of `rank` to begin `epoch`. */
  observe(epoch: bigint, rank: bigint, leader: string): void {
    this.#turnTo(epoch);
    this.#leaders.set(rank, leader);
  }

  /** Leaders of the ranks below `rank`, whose windows to begin `epoch` passed unused. */
  take(epoch: bigint, rank: bigint): readonly SilentLeader[] {
    if (epoch !== this.#epoch) return [];
    const silent: SilentLeader[] = [];
    for (const [below, leader] of this.#leaders) {
      if (below >= rank || leader === this.#self || this.#handedOut.has(below)) continue;
      this.#handedOut.add(below);
      silent.push({ epoch, rank: below, leader });
    }
    return silent;
  }

  #turnTo(epoch: bigint): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#leaders.clear();
    this.#handedOut.clear();
  }
}
