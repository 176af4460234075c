import type { IntegerGraph, ValueName } from "../../ir/graph.ts";
import { decodeModel } from "../../onnx/decode.ts";
import { writeOnnx } from "../../onnx/write.ts";
import type { FloatGraph, FloatValue } from "../float/float-graph.ts";
import { quantiseInput } from "../input.ts";
import type { QuantisedGraph } from "../quantiser/quantiser-types.ts";
import type { ComparisonReport, ErrorReport } from "../report/report.ts";
import type { SampleBatches } from "../samples/samples.ts";
import { type Progress, realValues } from "./calibrate.ts";
import { argMax, ClassMeter, ErrorMeter } from "./compare.ts";
import { ProbedSession } from "./float-session.ts";

export interface Evaluation {
  readonly output: ComparisonReport;
  /** By name in the float model. */
  readonly layers: ReadonlyMap<ValueName, ErrorReport>;
}

export interface Evaluated {
  readonly float: FloatGraph;
  readonly floatSession: ProbedSession;
  readonly quantised: QuantisedGraph;
  /** The tidied graph that `quantised` became. */
  readonly graph: IntegerGraph;
}

/** Runs both models side by side over samples. */
export async function evaluate(
  { float, floatSession, quantised, graph }: Evaluated,
  batches: SampleBatches,
  labels: ArrayLike<number> | undefined,
  progress: Progress,
): Promise<Evaluation> {
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  if (input === undefined || output === undefined) throw new TypeError("a graph without input");
  const layers = quantised.layers.filter(
    ({ name, value }) => graph.values.has(value) && float.values.get(name)?.probe !== undefined,
  );
  const probes = [...layers.map(({ value }) => value), output.name];
  const session = await ProbedSession.create(decodeModel(writeOnnx(graph)), input, probes);
  try {
    const meters = new Map(layers.map((layer) => [layer.name, new ErrorMeter(layer, true)]));
    const outputMeter = new ErrorMeter(quantised.output, output.elementType === "uint8");
    const classes = new ClassMeter(labels);
    for (let index = 0; index < batches.inputs; index++) {
      progress.signal?.throwIfAborted();
      const samples = batches.input(index);
      const real = realValues(float.values.get(float.input) as FloatValue, {
        [float.input]: samples,
      });
      const expected = await floatSession.run(samples);
      const actual = await session.run(quantiseInput(real, quantised.input));
      for (const { name, value } of layers) {
        const values = realValues(float.values.get(name) as FloatValue, expected);
        meters.get(name)?.add(values, actual[value] as ArrayLike<number>);
      }
      const wanted = realValues(float.values.get(float.output) as FloatValue, expected);
      const got = actual[output.name] as ArrayLike<number>;
      outputMeter.add(wanted, got);
      addClasses(classes, quantised, batches, index, output.shape, wanted, got);
      progress.report(index + 1, batches.inputs);
    }
    return {
      output: classes.finish(batches.count, outputMeter.finish()),
      layers: new Map([...meters].map(([name, meter]) => [name, meter.finish()])),
    };
  } finally {
    await session.release();
  }
}

/** One class for each sample: the largest element along the last axis, or the index put out. */
function addClasses(
  classes: ClassMeter,
  { output }: QuantisedGraph,
  batches: SampleBatches,
  index: number,
  shape: readonly number[],
  float: ArrayLike<number>,
  integer: ArrayLike<number>,
): void {
  const count = output.isIndex ? 1 : (shape.at(-1) ?? 1);
  const isClassifier = float.length === count * batches.perInput;
  if (!isClassifier || (count === 1 && !output.isIndex)) return;
  for (let row = 0; row < batches.perInput; row++) {
    const sample = index * batches.perInput + row;
    if (sample >= batches.count) return;
    if (output.isIndex) classes.add(sample, float[row] as number, integer[row] as number);
    else
      classes.add(sample, argMax(float, row * count, count), argMax(integer, row * count, count));
  }
}
