import { isHexString } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { parseCount } from "../support/format.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface CreateArguments {
  model: string;
  initialState: string;
  datasetRoot: string;
  hyperparameters: string;
  batches: string;
  addresses: string;
  from: string;
  json: boolean;
}

function word(name: string, value: string): string {
  if (isHexString(required(name, value), 32)) return value;
  throw wrongUse(`--${name} ${value} is not 32 bytes, 0x and 64 hexadecimal digits`);
}

async function create(args: CreateArguments, context: TaskContext): Promise<void> {
  const { connection, account } = context;
  const terms = {
    modelVersion: word("model", args.model),
    initialState: word("initial-state", args.initialState),
    datasetRoot: word("dataset-root", args.datasetRoot),
    hyperparameterHash: word("hyperparameters", args.hyperparameters),
    batches: parseCount("batches", required("batches", args.batches)),
  };
  const { training } = connection.lattice;
  const sent = await training.createRun(terms);
  await sent.wait();
  const run = await training.runIdOf(account, terms);
  const nextInput = await training.nextInput(run);
  print(args.json, { run, ...terms, nextInput, transaction: sent.hash }, [
    ["run", run],
    ["state", terms.initialState],
    ["next input", nextInput],
    ["transaction", sent.hash],
  ]);
}

/** Runs `npx hardhat training:create`. */
export default contextTask("training:create", create);
