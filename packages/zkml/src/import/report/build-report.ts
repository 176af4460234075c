import type { IntegerGraph, ValueInfo } from "../../ir/graph.ts";
import type { Evaluation } from "../calibration/evaluate.ts";
import type { FloatGraph, FloatNode } from "../float/float-graph.ts";
import { maximum } from "../numbers.ts";
import type { Layer, QuantisedGraph } from "../quantiser/quantiser-types.ts";
import type { ErrorReport, ImportReport, LayerReport, TensorReport } from "./report.ts";

export interface ReportParts {
  readonly float: FloatGraph;
  readonly quantised: QuantisedGraph;
  readonly graph: IntegerGraph;
  readonly method: string;
  readonly calibration: Evaluation;
  readonly heldOut: Evaluation | undefined;
}

export function buildReport(parts: ReportParts): ImportReport {
  const { float, quantised, graph, method, calibration, heldOut } = parts;
  const [input, output] = [graph.inputs[0] as ValueInfo, graph.outputs[0] as ValueInfo];
  const layers = [...quantised.layers.flatMap((layer) => layerReport(parts, layer))];
  const last = outputLayer(parts, output);
  if (last !== undefined) layers.push(last);
  const widths = layers.map(({ accumulatorBits }) => accumulatorBits ?? 0);
  return {
    version: 1,
    model: graph.name,
    method,
    input: tensorReport(input, quantised.input),
    output: tensorReport(output, quantised.output),
    layers,
    totals: {
      nodes: graph.nodes.length,
      parameters: float.nodes.reduce((sum, node) => sum + parametersOf(node), 0),
      macs: macsOf(float),
      widestAccumulator: maximum(widths),
    },
    calibration: calibration.output,
    ...(heldOut !== undefined && { heldOut: heldOut.output }),
    notes: notesOf(parts),
  };
}

/** Multiplications of one inference. */
export function macsOf({ nodes, values }: FloatGraph): number {
  return nodes.reduce((sum, node) => {
    const elements = count(values.get(node.output)?.shape ?? []);
    if (node.kind === "average") return sum + elements * count(node.window.kernel);
    if (node.kind !== "linear") return sum;
    return sum + elements * (node.weights.length / node.bias.length);
  }, 0);
}

function parametersOf(node: FloatNode): number {
  return node.kind === "linear" ? node.weights.length + node.bias.length : 0;
}

function layerReport({ graph, calibration, heldOut }: ReportParts, layer: Layer): LayerReport[] {
  const info = graph.values.get(layer.value);
  const errors = calibration.layers.get(layer.name);
  if (info === undefined || errors === undefined) return [];
  const { name, node, operator, accumulatorBits, shifts, weightBits } = layer;
  const { multiplierBits, scaleError } = layer;
  return [
    {
      ...tensorReport({ ...info, name }, layer),
      node,
      operator,
      activationBits: 8,
      ...present({ accumulatorBits, shifts, weightBits, multiplierBits, scaleError }),
      calibration: errors,
      ...present({ heldOut: heldOut?.layers.get(name) }),
    },
  ];
}

/** The output has a row of its own unless it is a layer in 8 bits already. */
function outputLayer(
  { float, quantised, calibration, heldOut }: ReportParts,
  output: ValueInfo,
): LayerReport | undefined {
  const { accumulatorBits, weightBits, elementType, isIndex } = quantised.output;
  if (elementType === "uint8" || isIndex) return undefined;
  const node = float.nodes.at(-1) as FloatNode;
  return {
    ...tensorReport(output, quantised.output),
    node: node.name,
    operator: node.operator,
    activationBits: accumulatorBits ?? 32,
    ...present({ accumulatorBits, weightBits }),
    calibration: errorsOf(calibration.output),
    ...present({ heldOut: heldOut && errorsOf(heldOut.output) }),
  };
}

function errorsOf({ sqnrDb, maxError, saturatedShare }: ErrorReport): ErrorReport {
  return { sqnrDb, maxError, saturatedShare };
}

function notesOf({ float, quantised }: ReportParts): string[] {
  const layers = quantised.layers.flatMap(({ node, operator, note }) =>
    note === undefined ? [] : [`${operator} "${node}": ${note}.`],
  );
  const { note } = quantised.output;
  const last = note === undefined ? [] : [`Output "${quantised.output.value}": ${note}.`];
  return [...float.notes, ...layers, ...last];
}

function tensorReport(
  { name, elementType, shape }: ValueInfo,
  { scale, zeroPoint }: { readonly scale: number; readonly zeroPoint: number },
): TensorReport {
  return { name, elementType, shape, scale, zeroPoint };
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
