import { type GraphSummary, inspectGraph, type LayerSummary, loadModel } from "@lattice/zkml";
import { whyUndisputable } from "../../adapters/models/disputable.ts";
import { toJson } from "../../shared/json.ts";
import { type Output, printRecord, printTable } from "../output.ts";
import type { InspectOptions } from "./commands.ts";
import { circuitWithProgress, grouped } from "./support.ts";

/** What a tier asks of a model, and whether it has it. */
interface TierFit {
  readonly tier: "Zk" | "Quorum" | "Optimistic";
  readonly fits: boolean;
  readonly reason: string;
}

/** Above these, proofs with constant weights take minutes and gigabytes. */
const MOST_CONSTRAINTS = 250_000;
const MOST_MACS = 10_000_000;

// Rough: least squares of the relative errors over the rows mlp, lenet, digits and digits-x4 of
// docs/benchmarks/proving.md of 2026-11-27, snarkjs on two cores, all with full simplification. They are off by
// up to 23 % in the seconds of witness and proof and by 2 % in the size of the key.
const SECONDS_AT_LEAST = 1.7;
const SECONDS_A_CONSTRAINT = 114e-6;
const KEY_BYTES_A_CONSTRAINT = 476;
const KEY_BYTES_A_MAC = 147;

/** `lattice model inspect` */
export async function inspect(
  file: string,
  options: InspectOptions,
  output: Output,
): Promise<void> {
  const { exact, json } = options;
  const model = await loadModel(file);
  const { graph, digest, programRoot, weightsRoot, bytes } = model;
  const summary = inspectGraph(graph);
  const circuit = exact ? await circuitWithProgress(model, options, output) : undefined;
  const constraints = circuit?.constraints ?? summary.totals.constraints;
  const tiers = tiersOf(summary, constraints, whyUndisputable(graph));
  const cost = costOf(summary, constraints);
  const record = {
    name: graph.name,
    bytes: bytes.byteLength,
    ...{ digest, programRoot, weightsRoot },
    inputs: graph.inputs,
    outputs: graph.outputs,
    layers: summary.layers,
    totals: { ...summary.totals, constraints, commitments: summary.commitments, exact },
    ...{ tiers, cost },
  };
  if (json) {
    output.write(toJson(record));
    return;
  }
  const tensor = ({ name, elementType, shape }: (typeof graph.inputs)[number]) =>
    `${name}: ${elementType} [${shape.join(", ")}]`;
  const about = circuit === undefined ? "about " : "";
  printRecord(false, output, record, [
    ["model", `${graph.name} (${grouped(bytes.byteLength)} bytes)`],
    ["input", graph.inputs.map(tensor).join(", ")],
    ["output", graph.outputs.map(tensor).join(", ")],
    ["digest", digest],
    ["program", programRoot],
    ["weights", weightsRoot],
  ]);
  output.write("");
  printTable(output, HEADINGS, summary.layers.map(row));
  output.write("");
  printRecord(false, output, record, [
    ["MACs", grouped(summary.totals.macs)],
    ["weights", grouped(summary.totals.weights)],
    [
      "constraints",
      constraints === undefined
        ? "none: there is no circuit"
        : `${about}${grouped(constraints)}, of them ${grouped(summary.commitments ?? 0)} for the commitments`,
    ],
    ...(cost === undefined
      ? []
      : [["cost", `about ${cost.proveSeconds} s a proof, a key of ${cost.keyMiB} MiB`] as const]),
    ...tiers.map(({ tier, reason }): [string, string] => [`tier ${tier}`, reason]),
  ]);
}

const HEADINGS = ["operator", "name", "output", "type", "bits", "constraints", "MACs", "weights"];

function row(layer: LayerSummary): string[] {
  const { operator, name, shape, elementType, bits, constraints, macs, weights } = layer;
  return [
    operator,
    name,
    shape.length === 0 ? "scalar" : shape.join("×"),
    elementType,
    `${bits}`,
    constraints === undefined ? "" : grouped(constraints),
    macs === 0 ? "" : grouped(macs),
    weights === 0 ? "" : grouped(weights),
  ];
}

function tiersOf(
  { refusal, totals }: GraphSummary,
  constraints: number | undefined,
  undisputable: string | undefined,
): TierFit[] {
  const large = (constraints ?? 0) > MOST_CONSTRAINTS || totals.macs > MOST_MACS;
  const zk =
    refusal !== undefined
      ? refusal.message
      : large
        ? `above ${grouped(MOST_CONSTRAINTS)} constraints or ${grouped(MOST_MACS)} MACs: expect minutes and gigabytes`
        : "fits";
  return [
    { tier: "Zk", fits: refusal === undefined && !large, reason: zk },
    { tier: "Quorum", fits: true, reason: "fits: any model in integer form does" },
    {
      tier: "Optimistic",
      fits: undisputable === undefined,
      reason: undisputable ?? "fits: every step can be recomputed on-chain",
    },
  ];
}

function costOf({ totals, simplification }: GraphSummary, constraints: number | undefined) {
  if (constraints === undefined) return undefined;
  const seconds = SECONDS_AT_LEAST + constraints * SECONDS_A_CONSTRAINT;
  // A key stores no coefficients of linear constraints, and those hold the weights unless they are substituted away.
  const macs = simplification === "quick" ? 0 : totals.macs;
  const keyBytes = constraints * KEY_BYTES_A_CONSTRAINT + macs * KEY_BYTES_A_MAC;
  return { proveSeconds: Number(seconds.toPrecision(2)), keyMiB: Math.ceil(keyBytes / 2 ** 20) };
}
