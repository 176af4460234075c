import { type Lattice, orderFromDecoded } from "@lattice/sdk";
import type { LogDescription } from "ethers";
import type { JobState } from "../../core/job.ts";
import type { ChainEvent } from "../../core/ports/market.ts";
import type { LogEntry } from "../../core/ports/transactions.ts";

type Decoder = (args: LogDescription["args"]) => Unplaced | undefined;
type Unplaced = ChainEvent extends infer E
  ? E extends ChainEvent
    ? Omit<E, keyof Place>
    : never
  : never;
type Place = Pick<ChainEvent, "blockNumber" | "transaction">;

const MARKET_EVENTS: Readonly<Record<string, Decoder>> = {
  JobPosted: ({ jobId, order }) => ({ kind: "posted", jobId, order: orderFromDecoded(order) }),
  JobAssigned: ({ jobId, provider, price, epoch, pick, commitBy }) => ({
    kind: "assigned",
    jobId,
    provider,
    price,
    epoch,
    pick,
    commitBy: Number(commitBy),
  }),
  ResultCommitted: ({ jobId, provider, outputCommitment, outputDigest }) => ({
    kind: "committed",
    jobId,
    provider,
    outputCommitment,
    outputDigest,
  }),
  ResultProved: ({ jobId, provider }) => ({ kind: "proved", jobId, provider }),
  JobSettled: ({ jobId, provider, legs }) => ({
    kind: "settled",
    jobId,
    provider,
    legs: {
      provider: legs.provider,
      publisher: legs.publisher,
      fee: legs.fee,
      refund: legs.refund,
    },
  }),
  ProviderTimedOut: ({ jobId, provider, reporter, state, slashed }) => ({
    kind: "timedOut",
    jobId,
    provider,
    reporter,
    state: Number(state) as JobState,
    slashed,
  }),
  JobDeclined: ({ jobId, provider }) => ({ kind: "declined", jobId, provider }),
  JobReassigned: ({ jobId, drawEpoch }) => ({ kind: "reassigned", jobId, drawEpoch }),
  JobRefunded: ({ jobId, amount }) => ({ kind: "refunded", jobId, amount }),
};

const BEACON_EVENTS: Readonly<Record<string, Decoder>> = {
  EpochStarted: ({ epoch, leader, seed, rank, drawable }) => ({
    kind: "epochStarted",
    epoch,
    leader,
    seed,
    rank,
    drawable,
  }),
};

/** Decodes the logs of one deployment's market and beacon; others are left out. */
export function eventDecoder({ addresses, market, beacon }: Lattice) {
  const sources = new Map([
    [addresses.contracts.JobMarket, { contract: market.interface, decoders: MARKET_EVENTS }],
    [addresses.contracts.EpochBeacon, { contract: beacon.interface, decoders: BEACON_EVENTS }],
  ]);
  return (log: LogEntry): ChainEvent | undefined => {
    const source = sources.get(log.address);
    const parsed = source?.contract.parseLog(log);
    const decoded = parsed && source?.decoders[parsed.name]?.(parsed.args);
    if (!decoded) return undefined;
    const place: Place = { blockNumber: log.blockNumber, transaction: log.transactionHash };
    return { ...decoded, ...place } as ChainEvent;
  };
}
