import { ZkmlError } from "../errors/zkml-error.ts";
import { interpret } from "../interpreter/interpret.ts";
import type { IntegerGraph, ValueName } from "../ir/graph.ts";
import { decodeModel } from "../onnx/decode.ts";
import { readModelFile } from "../onnx/file.ts";
import { assertSize, defaultOpset } from "../onnx/read.ts";
import { writeOnnx } from "../onnx/write.ts";
import { OnnxRunner } from "../runtime/onnx-runner.ts";
import { assertSameBits } from "../runtime/same-bits.ts";
import { calibrate, observedValues, realValues } from "./calibration/calibrate.ts";
import { type Evaluated, type Evaluation, evaluate } from "./calibration/evaluate.ts";
import { ProbedSession } from "./calibration/float-session.ts";
import {
  CALIBRATION_METHODS,
  type CalibrationMethod,
  chooseQuantisation,
} from "./calibration/scales.ts";
import type { Statistics } from "./calibration/statistics.ts";
import { expandQLinear } from "./float/expand-qlinear.ts";
import type { FloatGraph, FloatValue, Quantisation } from "./float/float-graph.ts";
import { readFloatGraph } from "./float/read-float.ts";
import { quantiseInput } from "./input.ts";
import { Quantiser } from "./quantiser/quantiser.ts";
import { tidy } from "./quantiser/tidy.ts";
import { MOST_BITS } from "./quantiser/weights.ts";
import { buildReport, macsOf } from "./report/build-report.ts";
import type { ImportReport, TensorReport } from "./report/report.ts";
import { batchSamples, type FloatSamples, type SampleBatches } from "./samples/samples.ts";

export interface LabelledSamples {
  readonly samples: FloatSamples;
  /** Class of each sample. */
  readonly labels?: ArrayLike<number>;
}

export type ImportStep = "calibrate" | "choose" | "evaluate" | "check";

export interface ImportProgress {
  readonly step: ImportStep;
  readonly done: number;
  readonly total: number;
}

export interface ImportOptions {
  /** Inputs that show how large values get; a few hundred typical ones. */
  readonly calibration: FloatSamples;
  /** Classes of the calibration samples. */
  readonly labels?: ArrayLike<number>;
  /** Samples that calibration never sees, to measure on. */
  readonly heldOut?: LabelledSamples;
  /** Replaces a dynamic first dimension; 1 unless told. */
  readonly batch?: number;
  /** Which output to keep of several. */
  readonly output?: ValueName;
  /** How ranges are chosen; "best" tries all and keeps the one with the least output error. */
  readonly method?: CalibrationMethod | "best";
  /** Bits of a weight, 2 to 7; "auto", the default, takes fewer where that costs little. */
  readonly weightBits?: number | "auto";
  /** Name of the integer graph; that of the float graph unless told. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportedModel {
  readonly graph: IntegerGraph;
  /** `graph` as an ONNX file, which ONNX Runtime runs with the same bits. */
  readonly onnx: Uint8Array;
  readonly report: ImportReport;
  /** How real inputs become uint8: see `quantiseInput`. */
  readonly input: TensorReport;
  /** What the integers put out stand for: see `dequantiseOutput`. */
  readonly output: TensorReport;
}

/** Inputs on which the methods of calibration are compared. */
const TRIAL_INPUTS = 256;
const CHECKED_INPUTS = 3;
/** Above this the interpreter would take minutes; one input is checked then. */
const SLOW_MACS = 10 ** 8;
/** Bounds the time that one inference may take. */
const MAX_MACS = 2 ** 32;

/**
 * Turns a float32 or quantised ONNX model into the integer form: reads it, runs it over the
 * calibration samples, chooses scales, and measures what the integers cost in accuracy.
 * @throws ZkmlError what `readFloatGraph`, `batchSamples` and `calibrate` refuse; BITS_DIFFER when
 * ONNX Runtime on this machine does not compute the result exactly; the signal's reason.
 */
export async function importModel(
  source: string | URL | Uint8Array,
  options: ImportOptions,
): Promise<ImportedModel> {
  const bytes = source instanceof Uint8Array ? source : await readModelFile(source);
  assertSize(bytes);
  const decoded = decodeModel(bytes);
  defaultOpset(decoded);
  const model = expandQLinear(decoded);
  const float = readFloatGraph(model, options);
  if (macsOf(float) > MAX_MACS) {
    throw new ZkmlError(
      "MODEL_TOO_LARGE",
      `one inference takes more than ${MAX_MACS} multiplications; import a smaller model or batch`,
      { limit: MAX_MACS },
    );
  }
  const weightBits = checkedBits(options.weightBits ?? "auto");
  const { shape } = float.values.get(float.input) as FloatValue;
  const samples = batchSamples(options.calibration, shape);
  const heldOut = options.heldOut && batchSamples(options.heldOut.samples, shape);
  const probes = [...observedValues(float), float.output].flatMap(
    (name) => float.values.get(name)?.probe?.tensor ?? [],
  );
  const session = await ProbedSession.create(model, { name: float.input, shape }, probes);
  try {
    const statistics = await calibrate(float, session, samples, progressOf(options, "calibrate"));
    const chosen = await chooseMethod(float, session, statistics, samples, options, weightBits);
    const report = progressOf(options, "evaluate");
    const onCalibration = await evaluate(chosen.evaluated, samples, options.labels, report);
    const onHeldOut =
      heldOut && (await evaluate(chosen.evaluated, heldOut, options.heldOut?.labels, report));
    return await finish(chosen, samples, onCalibration, onHeldOut, options);
  } finally {
    await session.release();
  }
}

interface Choice {
  readonly method: CalibrationMethod;
  readonly evaluated: Evaluated;
}

async function chooseMethod(
  float: FloatGraph,
  floatSession: ProbedSession,
  statistics: ReadonlyMap<ValueName, Statistics>,
  samples: SampleBatches,
  options: ImportOptions,
  weightBits: number | "auto",
): Promise<Choice> {
  const { method: wanted = "best" } = options;
  const methods = wanted === "best" ? CALIBRATION_METHODS : [wanted];
  const trial = { ...samples, inputs: Math.min(samples.inputs, TRIAL_INPUTS) };
  let best: Choice | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, method] of methods.entries()) {
    const calibrated = (value: ValueName): Quantisation =>
      chooseQuantisation(observed(statistics, value), method);
    const quantised = tidy(
      new Quantiser(float, { weightBits, calibrated }).run(),
      float.outputName,
    );
    const graph = named(quantised.graph, options.name);
    const evaluated = { float, floatSession, quantised, graph };
    if (methods.length === 1) return { method, evaluated };
    const { output } = await evaluate(evaluated, trial, undefined, {
      signal: options.signal,
      report: () => {},
    });
    const decibels = output.sqnrDb ?? Number.POSITIVE_INFINITY;
    if (best === undefined || decibels > most) [best, most] = [{ method, evaluated }, decibels];
    progressOf(options, "choose").report(index + 1, methods.length);
  }
  return best as Choice;
}

async function finish(
  { method, evaluated }: Choice,
  samples: SampleBatches,
  calibration: Evaluation,
  heldOut: Evaluation | undefined,
  options: ImportOptions,
): Promise<ImportedModel> {
  const { graph, float, quantised } = evaluated;
  const onnx = writeOnnx(graph);
  await checkBits(evaluated, onnx, samples, options);
  const report = buildReport({ float, quantised, graph, method, calibration, heldOut });
  return { graph, onnx, report, input: report.input, output: report.output };
}

/** The file must give the interpreter's bits before anybody commits to it. */
async function checkBits(
  { float, quantised, graph }: Evaluated,
  onnx: Uint8Array,
  samples: SampleBatches,
  options: ImportOptions,
): Promise<void> {
  const runner = await OnnxRunner.create(onnx);
  const progress = progressOf(options, "check");
  const count = Math.min(macsOf(float) > SLOW_MACS ? 1 : CHECKED_INPUTS, samples.inputs);
  try {
    for (let index = 0; index < count; index++) {
      options.signal?.throwIfAborted();
      const value = float.values.get(float.input) as FloatValue;
      const real = realValues(value, { [float.input]: samples.input(index) });
      const data = quantiseInput(real, quantised.input);
      const input = { elementType: "uint8" as const, shape: value.shape, data };
      const { outputs } = await runner.run(input);
      assertSameBits(interpret(graph, input).outputs, outputs);
      progress.report(index + 1, count);
    }
  } finally {
    await runner.release();
  }
}

function observed(statistics: ReadonlyMap<ValueName, Statistics>, value: ValueName): Statistics {
  const found = statistics.get(value);
  if (found !== undefined) return found;
  throw new ZkmlError(
    "INVALID_GRAPH",
    `value "${value}" cannot be observed while the model runs; put QuantizeLinear after it`,
    { value },
  );
}

function named(graph: IntegerGraph, name: string | undefined): IntegerGraph {
  return name === undefined ? graph : { ...graph, name };
}

function checkedBits(bits: number | "auto"): number | "auto" {
  if (bits === "auto" || (Number.isInteger(bits) && bits >= 2 && bits <= MOST_BITS)) return bits;
  throw new RangeError(`weights take 2 to ${MOST_BITS} bits, not ${bits}`);
}

function progressOf({ signal, onProgress }: ImportOptions, step: ImportStep) {
  return {
    signal,
    report: (done: number, total: number) => onProgress?.({ step, done, total }),
  };
}
