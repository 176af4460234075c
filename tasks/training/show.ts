import { isHexString } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface ShowArguments {
  run: string;
  addresses: string;
  json: boolean;
}

async function show({ run, json }: ShowArguments, { connection }: TaskContext): Promise<void> {
  if (!isHexString(required("run", run), 32)) throw wrongUse(`--run ${run} is not a 32-byte id`);
  const { training } = connection.lattice;
  const { modelVersion, runHash, state, step } = await training.runOf(run);
  const nextInput = await training.nextInput(run);
  print(json, { run, modelVersion, runHash, state, step, nextInput }, [
    ["run", run],
    ["model version", modelVersion],
    ["steps taken", `${step}`],
    ["state", state],
    ["run hash", runHash],
    ["next input", nextInput],
  ]);
}

/** Runs `npx hardhat training:show`. */
export default contextTask("training:show", show);
