import { AssignmentMode, type Job, JobState, Tier } from "@lattice/sdk";
import type { ContractTransactionReceipt, Interface, LogDescription } from "ethers";
import { wrongUse } from "./guard.ts";

/** Number of a job of the command line. @throws NodeError USAGE. */
export function parseJobId(id: bigint): bigint {
  if (id > 0n) return id;
  throw wrongUse("--id <number> is needed");
}

function nameOf(values: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(values).find((name) => values[name] === value) ?? `Unknown(${value})`;
}

/** Name of a tier. */
export const tierName = (tier: Tier): string => nameOf(Tier, tier);

/** Name of an assignment mode. */
export const modeName = (mode: AssignmentMode): string => nameOf(AssignmentMode, mode);

/** What the provider of a job that waits for it must do by the deadline. */
export function duty({ state }: Pick<Job, "state">): string {
  return state === JobState.Committed ? "prove its result" : "commit a result";
}

/** Events of a contract in a receipt, by name; those of other contracts are left out. */
export function eventsIn(
  abi: Interface,
  { logs }: ContractTransactionReceipt,
): ReadonlyMap<string, LogDescription> {
  const parsed = logs.map((log) => abi.parseLog(log)).filter((event) => event !== null);
  return new Map(parsed.map((event) => [event.name, event]));
}

/** The receipt of a transaction that was sent. @throws Error when it was dropped. */
export function requireMined(
  receipt: ContractTransactionReceipt | null,
): ContractTransactionReceipt {
  if (receipt) return receipt;
  throw new Error("the transaction was not mined");
}
