import type { Lattice } from "@lattice/sdk";
import { type LogDescription, type Provider, toBeHex } from "ethers";

/** One event of a job, as the chain has it. */
export interface JobEvent {
  readonly name: string;
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly transaction: string;
  readonly gasUsed: bigint;
  readonly args: Readonly<Record<string, unknown>>;
}

const NOT_SHOWN = new Set(["jobId", "order"]);

function shownArguments({ args }: LogDescription): Readonly<Record<string, unknown>> {
  const entries = Object.entries(args.toObject(true));
  return Object.fromEntries(entries.filter(([name]) => !NOT_SHOWN.has(name)));
}

/** Everything that happened to a job, in order. */
export async function timelineOf(
  { market, addresses }: Lattice,
  provider: Provider,
  jobId: bigint,
): Promise<JobEvent[]> {
  const logs = await provider.getLogs({
    address: addresses.contracts.JobMarket,
    // The first indexed field of every event of a job is its number; of other events, whatever it is.
    topics: [null, toBeHex(jobId, 32)],
    fromBlock: addresses.fromBlock,
  });
  const events = await Promise.all(
    logs.map(async (log) => {
      const parsed = market.interface.parseLog(log);
      if (parsed?.fragment.inputs[0]?.name !== "jobId") return undefined;
      const [receipt, block] = await Promise.all([
        provider.getTransactionReceipt(log.transactionHash),
        provider.getBlock(log.blockNumber),
      ]);
      return {
        name: parsed.name,
        block: log.blockNumber,
        time: block?.timestamp ?? 0,
        transaction: log.transactionHash,
        gasUsed: receipt?.gasUsed ?? 0n,
        args: shownArguments(parsed),
      };
    }),
  );
  return events.filter((event) => event !== undefined);
}
