import { findJob } from "@lattice/sdk";
import { isHexString } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { required, wrongUse } from "../support/guard.ts";
import { parseJobId } from "../support/jobs.ts";
import { print } from "../support/output.ts";

interface AdvanceArguments {
  run: string;
  id: bigint;
  addresses: string;
  from: string;
  json: boolean;
}

async function advance({ run, id, json }: AdvanceArguments, context: TaskContext): Promise<void> {
  if (!isHexString(required("run", run), 32)) throw wrongUse(`--run ${run} is not a 32-byte id`);
  const { lattice } = context.connection;
  const { order } = await findJob(lattice, parseJobId(id));
  const sent = await lattice.training.advance(run, order);
  await sent.wait();
  const { state, step } = await lattice.training.runOf(run);
  const nextInput = await lattice.training.nextInput(run);
  print(json, { run, step, state, nextInput, transaction: sent.hash }, [
    ["run", run],
    ["steps taken", `${step}`],
    ["state", state],
    ["next input", nextInput],
    ["transaction", sent.hash],
  ]);
}

/** Runs `npx hardhat training:advance`. */
export default contextTask("training:advance", advance);
