import { join } from "node:path";
import { decodeTensor, singleTensors } from "@lattice/node";
import { type Job, JobState, type Lattice, readJob } from "@lattice/sdk";
import { expect } from "chai";
import { parseEther, ZeroAddress } from "ethers";
import type { loadDigits } from "../../../scripts/start/model.ts";
import { run } from "../../helpers/processes.ts";
import { COLLATERAL } from "./digit-orders.ts";
import { LATTICE, type LatticeEvent } from "./lattice-process.ts";
import type { Marketplace } from "./marketplace.ts";
import { ProviderProcess } from "./provider-process.ts";

type Digits = Awaited<ReturnType<typeof loadDigits>>;

/** A leader's window: long, so that moving the clock past a deadline makes no live leader late. */
export const REVEAL_SECONDS = 300;

/** Starts the provider of this index; its data directory is the same at each start. */
export function startProvider(
  market: Marketplace,
  modelVersion: string,
  index: number,
): ProviderProcess {
  const { chain, addressesFile, artifactsDir, buildDir, folder, cast } = market;
  const wallet = cast.providers[index];
  if (!wallet) throw new Error(`no provider ${index}`);
  const ask = parseEther("1") + BigInt(index);
  return new ProviderProcess(wallet, [
    ...["--rpc", chain.url, "--addresses", addressesFile],
    ...["--data", join(folder, `provider-${index}`), "--artifacts", artifactsDir],
    ...["--build-dir", buildDir, "--model", `${modelVersion}:${ask}`],
    ...["--stake", "20000", "--endpoint", `local:${index}`, "--poll-ms", "150"],
  ]);
}

/** Runs `lattice provider` as `wallet` until it ends. */
export function runProvider(
  { chain, addressesFile }: Marketplace,
  wallet: { readonly privateKey: string },
  [verb, ...options]: readonly [string, ...string[]],
) {
  const where = ["--rpc", chain.url, "--addresses", addressesFile, "--key-env", "PROVIDER_KEY"];
  const args = [LATTICE, "provider", verb, ...where, ...options];
  return run(process.execPath, args, { PROVIDER_KEY: wallet.privateKey });
}

/** What the market said of a job. */
export async function eventsOf({ market }: Lattice, jobId: bigint) {
  const [settled] = await market.queryFilter(market.filters.JobSettled(jobId), 0);
  const assigned = await market.queryFilter(market.filters.JobAssigned(jobId), 0);
  const timedOut = await market.queryFilter(market.filters.ProviderTimedOut(jobId), 0);
  return { settled, assigned, timedOut };
}

/** Who got how much LAT in a transaction; the zero address what burnt. */
async function transfersIn(
  { provider }: Marketplace,
  { token, addresses }: Lattice,
  transaction: string,
) {
  const receipt = await provider.getTransactionReceipt(transaction);
  return (receipt?.logs ?? [])
    .filter(({ address }) => address === addresses.contracts.LatticeToken)
    .map((log) => token.interface.parseLog(log))
    .filter((log) => log?.name === "Transfer")
    .map((log) => [log?.args.to, log?.args.value]);
}

/** The dead provider lost its collateral: half to the requester, a tenth to another that reported it, the rest burnt. */
export async function expectSlashed(
  market: Marketplace,
  lattice: Lattice,
  dead: string,
  { args, transactionHash }: Awaited<ReturnType<typeof eventsOf>>["timedOut"][number],
) {
  expect(args.provider).to.equal(dead);
  expect(args.slashed).to.equal(COLLATERAL);
  expect(args.reporter).to.not.equal(dead);
  expect(await transfersIn(market, lattice, transactionHash)).to.have.deep.members([
    [market.cast.requester.address, parseEther("50")],
    [args.reporter, parseEther("10")],
    [ZeroAddress, parseEther("40")],
  ]);
}

/** The output that a provider committed to, from the store. */
export async function logitsOf(
  { artifacts }: Marketplace,
  model: Digits,
  committed: LatticeEvent | undefined,
) {
  const bytes = await artifacts.get(String(committed?.outputDigest));
  return decodeTensor(singleTensors(model).output, bytes);
}

/** The digit that the model read. */
export function digitOf({ data }: Awaited<ReturnType<typeof logitsOf>>): number {
  return data.indexOf(Math.max(...data));
}

/** Moves time on where only the dead provider could act: past its deadlines and its windows. Returns the settled job. */
export async function passOver(
  market: Marketplace,
  lattice: Lattice,
  dead: string,
  jobId: bigint,
): Promise<Job | undefined> {
  const { beacon } = lattice;
  const job = await readJob(lattice, jobId);
  if (job.state === JobState.Settled) return job;
  const block = await market.provider.getBlock("latest");
  if (job.state === JobState.Assigned && job.provider === dead) {
    await market.pass(Math.max(1, job.deadline - (block?.timestamp ?? 0)));
  }
  if (job.state === JobState.Posted) {
    // Before the windows open there is no rank.
    const rank = await beacon.currentRank({ blockTag: "pending" }).catch(() => undefined);
    if (rank !== undefined && (await beacon.leaderOf(rank)) === dead) {
      await market.pass(REVEAL_SECONDS);
    }
  }
  return undefined;
}
