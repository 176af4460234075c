import {
  attachChain,
  disputesAdapter,
  encodeTensor,
  openTraceStore,
  ZkmlTrace,
} from "@lattice/node";
import {
  commitTraceSync,
  type IntegerTensor,
  interpretTrace,
  lowerProgram,
  traceEntry,
} from "@lattice/zkml";
import type { DisputedJob, DisputeMarket } from "./dispute-market.ts";

/** The trace of a run with one bit of one layer flipped, about in the middle of the program. */
export function flippedTrace({ model }: DisputeMarket, input: IntegerTensor) {
  const program = lowerProgram(model.graph);
  const tensors = interpretTrace(program, model.graph, input);
  const entry = program.inputs + Math.floor(program.nodes.length / 2);
  const tensor = tensors[entry];
  if (!tensor) throw new Error(`the program has no entry ${entry}`);
  const data = tensor.data.slice();
  const place = Math.floor(data.length / 2);
  data[place] = (data[place] as number) ^ 1;
  tensors[entry] = { ...tensor, data } as IntegerTensor;
  const output = tensors[traceEntry(program, program.outputs[0] as number)];
  if (!output) throw new Error("the program has no output");
  return { trace: new ZkmlTrace(commitTraceSync(program, tensors)), output: encodeTensor(output) };
}

/**
 * Takes the job and commits to a run with a flipped bit.
 * @param shows Puts the trace where the challenger finds it.
 */
export async function cheat(world: DisputeMarket, job: DisputedJob, shows: boolean) {
  const { market, dishonest } = world;
  const { trace, output } = flippedTrace(world, job.input);
  if (shows) await openTraceStore(market.artifactsDir).put(trace);
  const as = market.as(dishonest);
  await (await as.market.accept(job.order)).wait();
  const digest = await market.artifacts.put(output);
  await (await as.market.commit(job.order, trace.root, digest)).wait();
  return trace;
}

/** Answers the question that the challenger has open about a trace. */
export async function answerFor(
  { market, traced, dishonest, challenger }: DisputeMarket,
  { subject }: DisputedJob,
  trace: ZkmlTrace,
): Promise<void> {
  const { addresses, provider, chain } = market;
  const { chainId } = addresses;
  const connection = await attachChain(provider, addresses, { chainId, url: chain.url });
  const disputes = disputesAdapter(connection);
  const key = { market: addresses.contracts.JobMarket, subject };
  const { exchanges } = await disputes.dialogue(key, challenger.address, 0);
  const { nodes, data } = traced.answer(trace, exchanges);
  const as = market.as(dishonest).disputes;
  const sent = await as.answer(key.market, subject, challenger.address, [...nodes], data);
  await sent.wait();
}
