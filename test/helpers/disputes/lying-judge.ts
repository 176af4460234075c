import { encodeStepEvidence } from "@lattice/sdk";
import { CHUNK_BYTES } from "@lattice/zkml";
import type { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import {
  type CommittedRun,
  committedRun,
} from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { RANDOM_GRAPHS } from "../../../packages/zkml/test/helpers/random-graphs.ts";
import { stepAt } from "./cases.ts";
import { type Lies, lyingEvidence, type NodeParts, nodeBytes, nodeParts } from "./lies.ts";
import { deployReferee } from "./referee.ts";

export type Operator = keyof typeof RANDOM_GRAPHS;
export const OPERATORS = Object.keys(RANDOM_GRAPHS) as Operator[];

/** A run whose last node has the operator, and fits into one chunk whatever its type. */
function smallRun(op: Operator, random: SeededRandom): CommittedRun {
  for (;;) {
    const run = committedRun(RANDOM_GRAPHS[op](random), random);
    if ((run.tensors.at(-1)?.data.length as number) <= CHUNK_BYTES / 4) return run;
  }
}

/** Has a referee judge steps of programs that no graph has; a run for each operator. */
export async function lyingJudge(connection: Awaited<ReturnType<typeof network.create>>) {
  const { contract } = await deployReferee(connection);
  const random = new SeededRandom(0x11e5);
  const runs = new Map(OPERATORS.map((op) => [op, smallRun(op, random)]));
  const runOf = (op: Operator) => {
    const run = runs.get(op) as CommittedRun;
    const node = run.program.nodes.length - 1;
    const bytes = run.program.nodes[node]?.bytes as Uint8Array;
    return { run, node, bytes, parts: nodeParts(bytes) };
  };
  /** What the referee says of the last node's first element, in a program that lies. */
  const judge = (op: Operator, lies: Lies) => {
    const { run, node } = runOf(op);
    const { roots, evidence } = lyingEvidence(run, run.trace, stepAt(run, node, 0), lies);
    return contract.isWrongStep(roots, encodeStepEvidence(evidence));
  };
  /** The same with other parts of the node. */
  const judgeNode = (op: Operator, change: Partial<NodeParts>) => {
    const { node, parts } = runOf(op);
    return judge(op, { nodes: { [node]: nodeBytes({ ...parts, ...change }) } });
  };
  return { contract, random, runOf, judge, judgeNode };
}
