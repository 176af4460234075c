import { ZkmlError } from "../../errors/zkml-error.ts";
import type { ValueName } from "../../ir/graph.ts";
import type { FloatGraph, FloatValue } from "../float/float-graph.ts";
import type { SampleBatches } from "../samples/samples.ts";
import type { ProbedSession } from "./float-session.ts";
import { type Statistics, StatisticsCollector } from "./statistics.ts";

export interface Progress {
  readonly signal?: AbortSignal | undefined;
  readonly report: (done: number, total: number) => void;
}

/** Values whose distribution may be needed. */
export function observedValues(graph: FloatGraph): ValueName[] {
  const names = [
    graph.input,
    ...graph.nodes.filter((n) => n.kind !== "argMax").map((n) => n.output),
  ];
  return names.filter((name) => graph.values.get(name)?.probe !== undefined);
}

/**
 * Runs the model twice over the samples: for the range of every value, then for its distribution.
 * @throws ZkmlError NOT_FINITE naming the value, RUNTIME_FAILED, or the signal's reason.
 */
export async function calibrate(
  graph: FloatGraph,
  session: ProbedSession,
  batches: SampleBatches,
  progress: Progress,
): Promise<ReadonlyMap<ValueName, Statistics>> {
  const collectors = new Map(
    observedValues(graph).map((name) => [name, new StatisticsCollector()] as const),
  );
  for (const pass of [0, 1]) {
    for (let index = 0; index < batches.inputs; index++) {
      progress.signal?.throwIfAborted();
      const elements = await session.run(batches.input(index));
      for (const [name, collector] of collectors) {
        const values = realValues(graph.values.get(name) as FloatValue, elements);
        if (pass === 1) collector.addHistogram(values);
        else if (collector.addRange(values) >= 0) throw notFinite(graph, name, index);
      }
      progress.report(pass * batches.inputs + index + 1, 2 * batches.inputs);
    }
  }
  return new Map([...collectors].map(([name, collector]) => [name, collector.finish()]));
}

/** What the tensors of a run say about a value, in real numbers. */
export function realValues(
  { probe }: FloatValue,
  elements: Readonly<Record<string, ArrayLike<number>>>,
): ArrayLike<number> {
  const data = elements[probe?.tensor ?? ""] as ArrayLike<number>;
  const stored = probe?.stored;
  if (stored === undefined) return data;
  const zero = stored.signed ? stored.zeroPoint - 128 : stored.zeroPoint;
  return Float64Array.from(data, (q) => stored.scale * (q - zero));
}

function notFinite(graph: FloatGraph, name: ValueName, input: number): ZkmlError {
  const node = graph.nodes.find(({ output }) => output === name);
  const maker = node === undefined ? "" : ` (from node "${node.name}", ${node.operator})`;
  return new ZkmlError(
    "NOT_FINITE",
    `value "${name}"${maker} is NaN or infinite for calibration input ${input}; check the model and the samples`,
    { value: name, input },
  );
}
