import { type Lattice, orderFromDecoded } from "@lattice/sdk";
import type { Interface, LogDescription } from "ethers";
import type { Ground, Place } from "../../core/dispute.ts";
import type { JobState } from "../../core/job.ts";
import type { ChainEvent } from "../../core/ports/market.ts";
import type { LogEntry } from "../../core/ports/transactions.ts";

type Decoder = (args: LogDescription["args"]) => Unplaced | undefined;
type Unplaced = ChainEvent extends infer E
  ? E extends ChainEvent
    ? Omit<E, keyof Location>
    : never
  : never;
type Location = Pick<ChainEvent, "blockNumber" | "transaction">;

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

const SETTLEMENT_EVENTS: Readonly<Record<string, Decoder>> = {
  BatchClaimed: ({ batchId, provider, modelVersion, accepted }) => ({
    kind: "batchClaimed",
    batchId,
    provider,
    modelVersion,
    accepted,
  }),
};

const GAME_EVENTS: Readonly<Record<string, Decoder>> = {
  InquiryOpened: ({ market, subject, inquirer, provider }) => ({
    kind: "inquiryOpened",
    market,
    subject,
    inquirer,
    provider,
  }),
  QuestionAsked: ({ market, subject, inquirer, place, height, child }) => ({
    kind: "questionAsked",
    market,
    subject,
    inquirer,
    place: Number(place) as Place,
    height: Number(height),
    child: Number(child),
  }),
  QuestionAnswered: ({ market, subject, inquirer }) => ({
    kind: "questionAnswered",
    market,
    subject,
    inquirer,
  }),
  InquiryClosed: ({ market, subject, inquirer, bondTo }) => ({
    kind: "inquiryClosed",
    market,
    subject,
    inquirer,
    bondTo,
  }),
  ChunksDemanded: ({ market, subject, asker, isInput }) => ({
    kind: "chunksDemanded",
    market,
    subject,
    asker,
    isInput,
  }),
  ChunksPublished: ({ market, subject, isInput, firstChunk, chunks }) => ({
    kind: "chunksPublished",
    market,
    subject,
    isInput,
    firstChunk: Number(firstChunk),
    chunks,
  }),
  DemandUnanswered: ({ market, subject, asker, isInput }) => ({
    kind: "demandUnanswered",
    market,
    subject,
    asker,
    isInput,
  }),
  ResultConvicted: ({ market, subject, provider, reporter, ground, executableAt }) => ({
    kind: "convicted",
    market,
    subject,
    provider,
    reporter,
    ground: Number(ground) as Ground,
    executableAt: Number(executableAt),
  }),
  VerdictExecuted: ({ market, subject, provider, reporter, ground }) => ({
    kind: "executed",
    market,
    subject,
    provider,
    reporter,
    ground: Number(ground) as Ground,
  }),
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

/** Decodes the logs of one deployment's markets, beacon and dispute game; others are left out. */
export function eventDecoder({ addresses, market, settlement, disputes, beacon }: Lattice) {
  const { OrderSettlement, DisputeGame } = addresses.contracts;
  const sources = new Map<string, { contract: Interface; decoders: typeof MARKET_EVENTS }>([
    [OrderSettlement, { contract: settlement.interface, decoders: SETTLEMENT_EVENTS }],
    [DisputeGame, { contract: disputes.interface, decoders: GAME_EVENTS }],
    [addresses.contracts.JobMarket, { contract: market.interface, decoders: MARKET_EVENTS }],
    [addresses.contracts.EpochBeacon, { contract: beacon.interface, decoders: BEACON_EVENTS }],
  ]);
  return (log: LogEntry): ChainEvent | undefined => {
    const source = sources.get(log.address);
    const parsed = source?.contract.parseLog(log);
    const decoded = parsed && source?.decoders[parsed.name]?.(parsed.args);
    if (!decoded) return undefined;
    const place: Location = { blockNumber: log.blockNumber, transaction: log.transactionHash };
    return { ...decoded, ...place } as ChainEvent;
  };
}
