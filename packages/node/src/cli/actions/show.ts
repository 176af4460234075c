import { readFile } from "node:fs/promises";
import { loadAddressBook } from "@lattice/sdk/node";
import { formatEther, formatUnits, getAddress } from "ethers";
import { connectChain } from "../../adapters/chain/connection.ts";
import { escrowAdapter } from "../../adapters/chain/escrow.ts";
import { registryAdapter } from "../../adapters/chain/registry.ts";
import { loadAccount } from "../../adapters/keys/account.ts";
import type { ProviderStatus } from "../../composition/status.ts";
import { statusFile } from "../../composition/status-file.ts";
import { jobText } from "../../core/job.ts";
import { keySource } from "../options.ts";
import { type Output, printRecord } from "../output.ts";
import type { ShowOptions } from "../provider-show.ts";

async function runningStatus(data: string | undefined): Promise<ProviderStatus | undefined> {
  if (data === undefined) return undefined;
  try {
    return JSON.parse(await readFile(statusFile(data), "utf8")) as ProviderStatus;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Prints what chain and process say of a provider. */
export async function showProvider(options: ShowOptions, output: Output): Promise<void> {
  const address = options.address
    ? getAddress(options.address)
    : (await loadAccount(keySource(options), process.env)).address;
  const book = await loadAddressBook(options.addresses);
  const connection = await connectChain(options.rpc, book);
  try {
    const registry = registryAdapter(connection);
    const registration = await registry.registration(address);
    const [stake, offers, native] = await Promise.all([
      registry.stake(address),
      registry.offers(address),
      registry.nativeBalance(address),
    ]);
    const token = book.contracts.LatticeToken;
    const account = registration.registered ? registration.payout : address;
    const earnings = await escrowAdapter(connection).earnings(account, token);
    const status = await runningStatus(options.data);
    const record = { address, ...registration, stake, offers, earnings, native, status };
    printRecord(options.json, output, record, [
      ["provider", address],
      ["state", stateOf(registration)],
      ["endpoint", registration.endpoint || "-"],
      ["payout", account],
      ["stake", `${formatUnits(stake.tokens)} LAT`],
      ["  locked", `${formatUnits(stake.exposure)} LAT`],
      ["  thawing", `${formatUnits(stake.thawing)} LAT`],
      ...offers.map(({ modelVersion, ask }): [string, string] => [
        "offer",
        `${modelVersion} at ${ask}`,
      ]),
      ["earnings", `${formatUnits(earnings)} LAT`],
      ["gas money", formatEther(native)],
      ...(status === undefined ? [] : statusRows(status)),
    ]);
  } finally {
    connection.close();
  }
}

/** What the process said of itself last. */
export function statusRows(status: ProviderStatus): [string, string][] {
  const { waiting, running, oldestWaitSeconds, proofs } = status.proofs;
  const prover = status.metrics.prover ?? {};
  const seconds = (name: string) => `${((prover[name] ?? 0) / 1000).toFixed(1)} s`;
  const failed = proofs.filter(({ lastError }) => lastError !== undefined);
  return [
    ["process", `${status.pid}, as of ${status.writtenAt}`],
    ["jobs", `${status.jobs.open} open, ${status.jobs.own} of them own`],
    [
      "proofs",
      `${running} running, ${waiting} waiting, the oldest for ${Math.round(oldestWaitSeconds)} s`,
    ],
    [
      "  made",
      `${prover.proofs ?? 0} in ${seconds("witnessMilliseconds")} of witnesses and ${seconds("proveMilliseconds")} of proofs, peak ${prover.peakMemoryMiB ?? 0} MiB`,
    ],
    ["  failures", `${prover.failures ?? 0}, given up ${prover.abandoned ?? 0}`],
    ...failed.map(({ jobId, attempts, lastError }): [string, string] => [
      "  failing",
      `${jobText(BigInt(jobId))}: attempt ${attempts}, ${lastError}`,
    ]),
  ];
}

function stateOf(registration: {
  readonly registered: boolean;
  readonly draining: boolean;
  readonly jailed: boolean;
}): string {
  if (!registration.registered) return "not registered";
  if (registration.jailed) return "jailed";
  return registration.draining ? "draining" : "registered";
}
