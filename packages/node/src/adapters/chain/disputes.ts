import { jobClaim, parameterIndex } from "@lattice/sdk";
import { CHUNK_BYTES } from "@lattice/zkml";
import { getBytes, ZeroHash } from "ethers";
import type { BondedResult, Ground, Place, ResultKey, Turn } from "../../core/dispute.ts";
import type { Order } from "../../core/order.ts";
import type {
  ChunkDemand,
  DisputePort,
  DisputeTerms,
  OpenResult,
} from "../../core/ports/disputes.ts";
import { toWord } from "../../core/words.ts";
import { revertName } from "../../shared/errors.ts";
import { BatchClaims } from "./claims.ts";
import { commitmentOf } from "./commitment.ts";
import type { ChainConnection } from "./connection.ts";
import { readDialogue } from "./dialogue.ts";
import { disputeCalls } from "./dispute-calls.ts";

/** The dispute game of one deployment. */
export function disputesAdapter(connection: ChainConnection): DisputePort {
  const { lattice, read } = connection;
  const { disputes: game, token, addresses } = lattice;
  const { JobMarket, OrderSettlement, DisputeGame } = addresses.contracts;
  const batches = new BatchClaims(connection);
  const keyOfOrder = (order: Order) => ({ market: JobMarket, subject: jobClaim(order).subject });
  return {
    jobMarket: JobMarket,
    terms: () => readTerms(connection),
    resultOfJob: (order, { jobId, provider, outputCommitment, blockNumber }) => ({
      market: JobMarket,
      ...jobClaim(order),
      hold: toWord(jobId),
      provider,
      modelVersion: order.modelVersion,
      inputDigest: order.inputDigest,
      inputRoot: order.inputCommitment,
      outputRoot: ZeroHash,
      traceRoot: outputCommitment,
      collateral: order.collateral,
      block: blockNumber,
    }),
    resultsOfBatch: (event) => batches.resultsOf(event),
    refresh: async (result) => {
      const opened = await readResult(connection, result);
      if (opened || result.market !== OrderSettlement) return opened;
      // Another job of its batch may have been taken out: the record is another one then.
      const claim = await batches.currentClaim(result);
      return claim === undefined ? undefined : await readResult(connection, { ...result, claim });
    },
    isHeld: (market, hold) => read("DisputeGame.isHeld", () => game.isHeld(market, hold)),
    verdict: async ({ market, subject }) => {
      const verdict = await read("DisputeGame.verdictOf", () => game.verdictOf(market, subject));
      return {
        reporter: verdict.reporter,
        foundAt: Number(verdict.foundAt),
        executableAt: Number(verdict.executableAt),
        ground: Number(verdict.ground) as Ground,
        executed: verdict.executed,
      };
    },
    inquiry: async ({ market, subject }, inquirer) => {
      const inquiry = await read("DisputeGame.inquiryOf", () =>
        game.inquiryOf(market, subject, inquirer),
      );
      return {
        uncoveredAt: Number(inquiry.uncoveredAt),
        deadline: Number(inquiry.deadline),
        turn: Number(inquiry.turn) as Turn,
        place: Number(inquiry.place) as Place,
        height: Number(inquiry.height),
        target: inquiry.target,
      };
    },
    dialogue: (key, inquirer, fromBlock) => readDialogue(connection, key, inquirer, fromBlock),
    demand: (key, isInput) => readDemand(connection, key, isInput),
    keyOfOrder,
    demandedInput: async (order) => {
      const key = keyOfOrder(order);
      const { deadline } = await readDemand(connection, key, true);
      return { deadline, published: await publishedChunks(connection, key) };
    },
    committedAt: async (challenger, commitment) =>
      Number(await read("DisputeGame.committedAt", () => game.committedAt(challenger, commitment))),
    isRedeemed: async (challenger, commitment, fromBlock) => {
      const filter = game.filters.CommitmentRedeemed(challenger, commitment);
      const events = await read("reading a commitment", () => game.queryFilter(filter, fromBlock));
      return events.length > 0;
    },
    commitmentOf,
    balance: (account) => read("LatticeToken.balanceOf", () => token.balanceOf(account)),
    allowance: (account) =>
      read("LatticeToken.allowance", () => token.allowance(account, DisputeGame)),
    calls: disputeCalls(lattice),
  };
}

async function readTerms({ lattice, read }: ChainConnection): Promise<DisputeTerms> {
  const names = ["ChallengeBond", "OpeningBond", "BountyPpm"] as const;
  const [challengeBond, openingBond, bountyPpm] = await read("ProtocolParameters.get", () =>
    Promise.all(names.map((name) => lattice.parameters.get(parameterIndex(name)))),
  );
  return { challengeBond, openingBond, bountyPpm } as DisputeTerms;
}

/** The result as its lane's reader says it is now; undefined when there is no such result any more. */
async function readResult(
  { lattice, read }: ChainConnection,
  result: BondedResult,
): Promise<OpenResult | undefined> {
  const { market, claim } = result;
  try {
    const now = await read("DisputeGame.resultOf", () => lattice.disputes.resultOf(market, claim));
    const same = now.provider === result.provider && now.traceRoot === result.traceRoot;
    return same ? { result, challengeableUntil: Number(now.challengeableUntil) } : undefined;
  } catch (error) {
    if (revertName(error) === undefined) throw error;
    return undefined;
  }
}

/** What was published of an input, whoever demanded it. */
async function publishedChunks(
  { lattice, read }: ChainConnection,
  { market, subject }: ResultKey,
): Promise<Uint8Array[]> {
  const { disputes, addresses } = lattice;
  const events = await read("reading a published input", () =>
    disputes.queryFilter(disputes.filters.ChunksPublished(market, subject), addresses.fromBlock),
  );
  return events
    .filter(({ args }) => args.isInput)
    .flatMap(({ args }) => {
      const bytes = getBytes(args.chunks);
      const count = bytes.length / CHUNK_BYTES;
      return Array.from({ length: count }, (_, i) =>
        bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
      );
    });
}

async function readDemand(
  { lattice, read }: ChainConnection,
  { market, subject }: ResultKey,
  isInput: boolean,
): Promise<ChunkDemand> {
  const demand = await read("DisputeGame.demandOf", () =>
    lattice.disputes.demandOf(market, subject, isInput),
  );
  return {
    deadline: Number(demand.deadline),
    asker: demand.asker,
    firstChunk: Number(demand.firstChunk),
    chunkCount: Number(demand.chunkCount),
  };
}
