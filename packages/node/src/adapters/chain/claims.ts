import {
  type BatchItem,
  type BatchJob,
  type BatchRecord,
  type BatchTerms,
  batchClaim,
  batchJobOf,
  hashBatchRecord,
  recordWithout,
} from "@lattice/sdk";
import type { TransactionDescription } from "ethers";
import type { BondedResult } from "../../core/dispute.ts";
import type { EventOf } from "../../core/ports/market.ts";
import { orderOfItem } from "./batch-calldata.ts";
import type { ChainConnection } from "./connection.ts";

type Claimed = Pick<EventOf<"batchClaimed">, "transaction" | "provider" | "accepted">;

/** Claims of batched results, put together from the transactions that claimed the batches. */
export class BatchClaims {
  readonly #connection: ChainConnection;

  constructor(connection: ChainConnection) {
    this.#connection = connection;
  }

  /** Empty when the batch was claimed by a contract: its calldata is not the transaction's. */
  async resultsOf(event: EventOf<"batchClaimed">): Promise<readonly BondedResult[]> {
    const { OrderSettlement } = this.#connection.lattice.addresses.contracts;
    const jobs = await this.#jobsOf(event);
    return jobs.map((job) => ({
      ...batchClaim(job),
      market: OrderSettlement,
      hold: job.record.jobsRoot,
      provider: event.provider,
      modelVersion: job.order.modelVersion,
      inputDigest: job.order.inputDigest,
      inputRoot: job.order.inputCommitment,
      outputRoot: job.outputCommitment,
      traceRoot: job.outputDigest,
      collateral: job.order.collateral,
      block: event.blockNumber,
    }));
  }

  /**
   * The claim with its batch as it is after others were taken out of it; undefined when the batch is
   * not there any more, or is the same.
   */
  async currentClaim({ hold, subject, block }: BondedResult): Promise<string | undefined> {
    const { lattice, read } = this.#connection;
    const { settlement } = lattice;
    const claimed = await read("reading batches", () =>
      settlement.queryFilter(settlement.filters.BatchClaimed(), block, block),
    );
    const batch = claimed.find(({ args }) => args.record.jobsRoot === hold);
    if (!batch) return undefined;
    const { provider, accepted } = batch.args;
    const jobs = await this.#jobsOf({ transaction: batch.transactionHash, provider, accepted });
    const [first] = jobs;
    const job = jobs.find((one) => batchClaim(one).subject === subject);
    if (!first || !job) return undefined;
    const record = await this.#recordNow(first.record, jobs, block);
    return record === first.record ? undefined : batchClaim({ ...job, record }).claim;
  }

  /** Follows the batch through the convictions that took jobs out of it. */
  async #recordNow(
    first: BatchRecord,
    jobs: readonly BatchJob[],
    block: number,
  ): Promise<BatchRecord> {
    const { lattice, read } = this.#connection;
    const { settlement } = lattice;
    let record = first;
    for (;;) {
      const filter = settlement.filters.BatchJobPunished(hashBatchRecord(record));
      const [punished] = await read("reading a batch", () => settlement.queryFilter(filter, block));
      const out = jobs.find((one) => batchClaim(one).subject === punished?.args.orderHash);
      if (!out) return record;
      record = recordWithout(record, out.order);
    }
  }

  async #jobsOf({ transaction, provider, accepted }: Claimed): Promise<BatchJob[]> {
    const { lattice, provider: node, read } = this.#connection;
    const { interface: abi } = lattice.settlement;
    const { OrderSettlement } = lattice.addresses.contracts;
    const [sent, receipt] = await read("reading a batch", () =>
      Promise.all([node.getTransaction(transaction), node.getTransactionReceipt(transaction)]),
    );
    if (sent?.to !== OrderSettlement) return [];
    const call = abi.parseTransaction({ data: sent.data });
    const claimed = receipt?.logs
      .filter(({ address }) => address === OrderSettlement)
      .map((log) => abi.parseLog(log))
      .find((event) => event?.name === "BatchClaimed");
    if (call?.name !== "claim" || !claimed) return [];
    const record = recordOf(claimed.args.record);
    const served = servedIn(call, accepted, provider);
    return served.map((_, index) => batchJobOf(record, served, index));
  }
}

/** The accepted orders of a call of `claim`, with their results. */
function servedIn({ args }: TransactionDescription, accepted: bigint, provider: string) {
  const terms = args.terms as BatchTerms;
  return (args.items as readonly BatchItem[])
    .filter((_, i) => ((accepted >> BigInt(i)) & 1n) === 1n)
    .map((item) => ({
      order: orderOfItem(terms, item, provider),
      outputCommitment: item.outputCommitment,
      outputDigest: item.outputDigest,
    }));
}

/** A record out of an event, whose members are no own properties there. */
function recordOf(record: BatchRecord): BatchRecord {
  const { provider, token, payout, royaltyRecipient, price, count, collateral } = record;
  const { releaseAt, royaltyPpm, protocolFeePpm, jobsRoot } = record;
  const whom = { provider, token, payout, royaltyRecipient };
  return { ...whom, price, count, collateral, releaseAt, royaltyPpm, protocolFeePpm, jobsRoot };
}
