import type { IntegerGraph } from "../ir/graph.ts";
import { macsOf } from "../ir/macs.ts";

/**
 * How the compiler treats linear constraints. `full` substitutes all of them away; `quick` only
 * those that rename or fix a signal, so that every sum and every decomposition keeps one.
 */
export type Simplification = "full" | "quick";

/** Of the model circuits measured, those with more took the compiler many minutes in full. */
const MOST_MACS_IN_FULL = 200_000;

/**
 * For weights that are constants. Substituting sums into each other takes time that grows much
 * faster than they do: a LeNet of 281 640 multiplications took more than 5 minutes in full and
 * took 48 seconds in quick, for a quarter more constraints.
 */
export function simplificationFor(graph: IntegerGraph, jobsPerProof: number): Simplification {
  const macs = graph.nodes.reduce((total, node) => total + macsOf(graph, node), 0);
  return macs * jobsPerProof > MOST_MACS_IN_FULL ? "quick" : "full";
}
