import type { GraphNode, IntegerGraph } from "../../ir/graph.ts";
import { CircuitWriter } from "../circuit-writer.ts";
import { emitCommitment, emitNodes, type GeneratedCircuit, requireProvable } from "../generate.ts";
import type { Simplification } from "../simplification.ts";
import { type Architecture, type ArchitectureOptions, architectureOf } from "./architecture.ts";
import { emitClaim, emitProducts, type Identity } from "./emit-private.ts";
import { planLinear } from "./plan.ts";
import { isLinear } from "./private-constants.ts";
import { renderPrivate } from "./render-private.ts";

/**
 * At any size: products are constraints here and few sums go into each other, so that full ends soon
 * and saves more than with constant weights. An MLP 784-32-10 took 247 451 constraints and 96 seconds
 * of processor time in full, 411 369 and 52 in quick; a LeNet of 281 640 multiplications 610 409 and
 * 221 in full.
 */
const SIMPLIFICATION: Simplification = "full";

export interface PrivateOptions extends ArchitectureOptions {
  /** Jobs that one proof covers, 1 to 32, all with the same weights; default 1. */
  readonly jobsPerProof?: number;
}

/**
 * Writes the circom source of a model's architecture: weights and biases are private inputs,
 * range-checked and committed to once, and the commitment is one more public signal, the last. The
 * source depends on nothing else of the model, so one key serves every model of an architecture.
 * @throws ZkmlError as `generateCircuit` and `architectureOf` do; RangeError for options out of
 * bounds.
 */
export function generatePrivateCircuit(
  graph: IntegerGraph,
  { jobsPerProof = 1, identities = true, ...options }: PrivateOptions = {},
): GeneratedCircuit {
  const { input, output } = requireProvable(graph, jobsPerProof);
  const architecture = architectureOf(graph, options);
  const writer = new CircuitWriter(architecture.graph);
  const tensor = writer.declare(input.name, "signal input");
  const weights = architecture.tensors.map(({ name, ...declared }) => {
    return { ...declared, signal: writer.declare(name, "signal input").array };
  });
  const declarations = writer.statements.length;
  writer.comment("1. Range-check and commit to the input.");
  emitCommitment(writer, "inputCommitment", tensor, false);
  const found = emitLayers(writer, architecture, jobsPerProof, identities);
  writer.comment("3. Commit to the output.");
  emitCommitment(writer, "outputCommitment", writer.value(output.name), true);
  const source = renderPrivate({
    writer,
    declarations,
    input: tensor,
    weights,
    identities: found,
    jobs: jobsPerProof,
  });
  return {
    source,
    simplification: SIMPLIFICATION,
    jobsPerProof,
    inputSignal: tensor.array,
    input,
    output,
    weights: { tensors: weights },
  };
}

function emitLayers(
  writer: CircuitWriter,
  architecture: Architecture,
  jobs: number,
  allowed: boolean,
): readonly Identity[] {
  const { graph } = architecture;
  const plans = planLinear(architecture, jobs);
  const identities: Identity[] = [];
  const override = (node: GraphNode): boolean => {
    const plan = plans.get(node);
    if (plan === undefined || !isLinear(node)) return false;
    if (allowed && plan.method === "identity") {
      identities.push(emitClaim(writer, plan, identities.length));
    } else {
      emitProducts(writer, node);
    }
    return true;
  };
  const label = (node: GraphNode): string => `${graph.nodes.indexOf(node)}`;
  // Digests of claims rely on the range that a requantisation proves of each of them.
  emitNodes(writer, { override, label, poolFirst: false });
  for (const identity of identities) identity.emitDigest();
  return identities;
}
