import { beaconAdapter, loadBeaconSigner, SignerSubmitter } from "@lattice/node";
import { type BeaconStatus, readBeacon } from "../support/beacon.ts";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { iso } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface RevealArguments {
  blsKeyFile: string;
  bootstrap: boolean;
  addresses: string;
  from: string;
  json: boolean;
}

/** The call that begins the next epoch. @throws Error when it is not due, or led by another key. */
async function beginning(
  { blsKeyFile, bootstrap }: RevealArguments,
  { connection, path }: TaskContext,
  { epoch, opensAt, rank, leader }: BeaconStatus,
) {
  const beacon = beaconAdapter(connection);
  if (rank === undefined) {
    throw new Error(`epoch ${epoch + 1n} may begin from ${iso(opensAt)}; run this again then`);
  }
  if (leader === undefined) {
    if (bootstrap) return beacon.calls.bootstrap();
    throw wrongUse(`no provider has weight in epoch ${epoch}: begin the next one with --bootstrap`);
  }
  if (bootstrap) throw wrongUse(`${leader} leads: only its key can begin epoch ${epoch + 1n}`);
  const file = path(required("bls-key-file", blsKeyFile));
  const signer = await loadBeaconSigner({ file }, process.env);
  const registered = await connection.lattice.registry.blsKeyHashOf(leader);
  if (signer.keyHash !== registered) {
    throw new Error(
      `${leader} leads with rank ${rank}, but ${file} is not its key; beacon:status shows who may reveal and when`,
    );
  }
  return beacon.calls.reveal(signer, await beacon.revealMessage());
}

async function reveal(args: RevealArguments, context: TaskContext): Promise<void> {
  const { connection, signer } = context;
  const before = await readBeacon(connection);
  const call = await beginning(args, context, before);
  const submission = await (await SignerSubmitter.create(signer)).submit(call);
  if (submission.outcome !== "landed") throw new Error("the transaction was not mined");
  const { transaction, gasUsed } = submission.receipt;
  const { epoch, seed, drawable, degraded } = await readBeacon(connection);
  const { leader = null, rank = 0n } = before;
  print(args.json, { epoch, seed, drawable, degraded, leader, rank, transaction, gasUsed }, [
    ["epoch", `${epoch} began`],
    ["seed", seed],
    ["leader", leader ? `${leader}, rank ${rank}` : "nobody: bootstrapped"],
    ["draws jobs", drawable ? "yes" : "no"],
    ["degraded", degraded ? "yes" : "no"],
    ["transaction", `${transaction} (gas ${gasUsed})`],
  ]);
}

/** Runs `npx hardhat beacon:reveal`. */
export default contextTask("beacon:reveal", reveal);
