import { beaconAdapter, type ChainConnection } from "@lattice/node";
import { chainTime } from "@lattice/sdk";

/** Where the beacon stands. Times are Unix seconds. */
export interface BeaconStatus {
  readonly epoch: bigint;
  readonly seed: string;
  readonly drawable: boolean;
  readonly degraded: boolean;
  readonly startedAt: number;
  /** Opening of the first window of the next epoch. */
  readonly opensAt: number;
  /** Rank whose window is open; undefined before the first one opens. */
  readonly rank: bigint | undefined;
  /** Who may begin the next epoch now, or first; undefined while nobody has weight. */
  readonly leader: string | undefined;
  /** Who may after that. */
  readonly nextLeader: string | undefined;
  readonly now: number;
}

/** Reads the beacon as of now: ranks change with time alone. */
export async function readBeacon(connection: ChainConnection): Promise<BeaconStatus> {
  const beacon = beaconAdapter(connection);
  const epoch = await beacon.currentEpoch();
  const [info, opensAt, now] = await Promise.all([
    connection.lattice.beacon.epochInfo(epoch),
    beacon.nextRevealAt(),
    chainTime(connection.lattice),
  ]);
  const rank = now >= opensAt ? await beacon.currentRank() : undefined;
  const [leader, nextLeader] = await Promise.all([
    beacon.leaderOf(rank ?? 0n),
    beacon.leaderOf((rank ?? 0n) + 1n),
  ]);
  return {
    ...{ epoch, opensAt, rank, leader, nextLeader, now },
    seed: info.seed,
    drawable: info.drawable,
    degraded: info.degraded,
    startedAt: Number(info.startedAt),
  };
}
