import { readBeacon } from "../support/beacon.ts";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso } from "../support/format.ts";
import { print } from "../support/output.ts";

interface StatusArguments {
  addresses: string;
  json: boolean;
}

async function status({ json }: StatusArguments, { connection }: TaskContext): Promise<void> {
  const found = await readBeacon(connection);
  const { epoch, seed, drawable, degraded, startedAt, opensAt, rank, leader, nextLeader } = found;
  const nobody = "nobody has weight: beacon:reveal --bootstrap begins it";
  const record = { epoch, seed, drawable, degraded, startedAt: iso(startedAt) };
  const next = { opensAt: iso(opensAt), rank: rank ?? null, leader: leader ?? null };
  print(json, { ...record, next: { ...next, nextLeader: nextLeader ?? null } }, [
    ["epoch", `${epoch}, since ${iso(startedAt)}`],
    ["seed", seed],
    ["draws jobs", drawable ? "yes" : "no: its seed is no leader's signature"],
    ["degraded", degraded ? "yes: a leader stayed silent, or nobody could lead" : "no"],
    ["next epoch", rank === undefined ? `from ${iso(opensAt)}` : `due since ${iso(opensAt)}`],
    ["leader", leader ? `${leader}, rank ${rank ?? 0n}` : nobody],
    ["after it", nextLeader ? `${nextLeader}, rank ${(rank ?? 0n) + 1n}` : "nobody"],
  ]);
}

/** Runs `npx hardhat beacon:status`. */
export default contextTask("beacon:status", status);
