import { join } from "node:path";
import {
  createLogger,
  describeEvent,
  type EventSink,
  openTraceStore,
  runJob,
  SignerSubmitter,
  toJson,
} from "@lattice/node";
import { findJob, formatJobId, jobStateName } from "@lattice/sdk";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { artifactStore } from "../support/artifacts.ts";
import { openContext, type TaskContext } from "../support/context.ts";
import { guarded } from "../support/guard.ts";
import { parseJobId } from "../support/jobs.ts";
import { print } from "../support/output.ts";
import { timelineOf } from "../support/timeline.ts";

interface RunArguments {
  id: bigint;
  addresses: string;
  from: string;
  artifacts: string;
  buildDir: string;
  data: string;
  json: boolean;
}

async function run(args: RunArguments, context: TaskContext): Promise<void> {
  const { id, json } = args;
  const { connection, signer, path } = context;
  parseJobId(id);
  const emit: EventSink = (event) => console.log(json ? toJson(event) : describeEvent(event));
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once("SIGINT", onInterrupt);
  try {
    const artifacts = artifactStore(context, args.artifacts);
    const steps = await runJob(id, {
      connection,
      submitter: await SignerSubmitter.create(signer),
      artifacts,
      traces: openTraceStore(artifacts.directory),
      buildDir: path(args.buildDir),
      stateDir: join(path(args.data), connection.genesis.slice(2, 12)),
      emit,
      logger: createLogger("warn"),
      signal: stop.signal,
    });
    const { job } = await findJob(connection.lattice, id);
    const state = jobStateName(job.state);
    const events = await timelineOf(connection.lattice, connection.provider, id);
    print(json, { jobId: id, state, steps, events }, [
      ["job", `${formatJobId(id)}: ${state}`],
      ["steps", steps.join(", ") || "none: it had ended before"],
      ...events.map(({ name, gasUsed }): [string, string] => [`  ${name}`, `gas ${gasUsed}`]),
    ]);
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

/** Runs `npx hardhat job:run`. */
export default guarded("job:run", async (args: RunArguments, hre: HardhatRuntimeEnvironment) => {
  const context = await openContext(hre, args);
  try {
    await run(args, context);
  } finally {
    await context.close();
  }
});
