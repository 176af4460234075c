import {
  drawRandomness,
  findJob,
  hashOrder,
  poolOf,
  proofContext,
  readJob,
  SdkError,
} from "@lattice/sdk";
import { ZeroAddress, ZeroHash } from "ethers";
import { drawWindow } from "../../core/draw.ts";
import { type Job, JobState, jobText } from "../../core/job.ts";
import { AssignmentMode, type Order } from "../../core/order.ts";
import type { ChainEvent, MarketPort } from "../../core/ports/market.ts";
import { contractCall } from "./calls.ts";
import type { ChainConnection } from "./connection.ts";
import { eventDecoder } from "./events.ts";

// The market's own bound on draws of one seed.
const MAX_PICKS = 8n;

const NO_JOB: Job = {
  provider: ZeroAddress,
  state: JobState.None,
  attempt: 0,
  deadline: 0,
  drawEpoch: 0n,
  price: 0n,
  protocolFeePpm: 0n,
  outputCommitment: ZeroHash,
};

/** The job market of one deployment. */
export function marketAdapter(connection: ChainConnection): MarketPort {
  const { lattice, read } = connection;
  const { addresses, market } = lattice;
  const decode = eventDecoder(lattice);
  const abi = market.interface;
  const call = (method: string, data: string) => contractCall("JobMarket", market, method, data);
  return {
    job: (jobId) =>
      read(`reading job ${jobText(jobId)}`, async () => {
        try {
          return await readJob(lattice, jobId);
        } catch (error) {
          // A reorganisation can take a job away again.
          if (error instanceof SdkError && error.code === "JOB_UNKNOWN") return NO_JOB;
          throw error;
        }
      }),
    order: async (jobId) => {
      const { order } = await read(`reading job ${jobText(jobId)}`, () => findJob(lattice, jobId));
      return order;
    },
    proofContext: (order, provider) =>
      proofContext({
        chainId: BigInt(addresses.chainId),
        market: addresses.contracts.JobMarket,
        orderHash: hashOrder(order),
        provider,
        modelVersion: order.modelVersion,
      }),
    expectedProvider: (jobId, { attempt, drawEpoch }, order) =>
      read(`following the draw of job ${jobText(jobId)}`, () =>
        expectedProvider(connection, { jobId, order, attempt, drawEpoch }),
      ),
    decode: (logs) => logs.map(decode).filter((event): event is ChainEvent => event !== undefined),
    calls: {
      assign: (...of) => call("assign", abi.encodeFunctionData("assign", of)),
      accept: (...of) => call("accept", abi.encodeFunctionData("accept", of)),
      commit: (...of) => call("commit", abi.encodeFunctionData("commit", of)),
      prove: (order, proof) => call("prove", abi.encodeFunctionData("prove", [order, [...proof]])),
      settle: (...of) => call("settle", abi.encodeFunctionData("settle", of)),
      decline: (...of) => call("decline", abi.encodeFunctionData("decline", of)),
      timeOut: (...of) => call("timeOut", abi.encodeFunctionData("timeOut", of)),
      refund: (...of) => call("refund", abi.encodeFunctionData("refund", of)),
    },
  };
}

interface Draw {
  readonly jobId: bigint;
  readonly order: Order;
  readonly attempt: number;
  readonly drawEpoch: bigint;
}

/** Follows the market's draw: the first pick that is available, affordable and backed by stake. */
async function expectedProvider(
  { lattice }: ChainConnection,
  { jobId, order, attempt, drawEpoch }: Draw,
): Promise<string | undefined> {
  if (order.mode === AssignmentMode.Direct) return order.provider;
  if (drawEpoch === 0n) return undefined;
  const { addresses, beacon, registry, vault } = lattice;
  const { JobMarket, ProviderRegistry } = addresses.contracts;
  const pool = poolOf(order.modelVersion, order.paymentToken);
  const isDrawable = async (epoch: bigint) => (await beacon.drawSeed(epoch)).drawable;
  const current = await beacon.currentEpoch();
  if ((await drawWindow(drawEpoch, current, isDrawable)) !== "open") return undefined;
  const epoch = (await isDrawable(drawEpoch)) ? drawEpoch : drawEpoch + 1n;
  const { seed } = await beacon.drawSeed(epoch);
  for (let pick = 0n; pick < MAX_PICKS; pick++) {
    const randomness = drawRandomness(seed, JobMarket, jobId, attempt, pick);
    const candidate = await registry.draw(pool, epoch, randomness);
    const [{ willing, ask }, free] = await Promise.all([
      registry.quoteOf(candidate, pool, epoch, order.collateral),
      vault.freeStake(candidate, ProviderRegistry),
    ]);
    if (willing && ask <= order.maxPrice && free >= order.collateral) return candidate;
  }
  return undefined;
}
