import { encodeStepEvidence, type StepEvidence, type TensorOpening } from "@lattice/sdk";
import { knownTrace, openStep, type StepPlace } from "@lattice/zkml";
import type { network } from "hardhat";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { committedRun } from "../../../packages/zkml/test/helpers/committed-runs.ts";
import { manyChunks } from "./graphs.ts";
import { deployReferee, rootsOf } from "./referee.ts";

const AT: StepPlace = { node: 0, element: 1 };

/** A step that reads three of six chunks of a row of the trace, and three of six of a column of weights. */
export async function attackedStep(connection: Awaited<ReturnType<typeof network.create>>) {
  const referee = await deployReferee(connection);
  const random = new SeededRandom(0xa77ac);
  const run = committedRun(manyChunks(random), random);
  const roots = rootsOf(run, run.trace);
  const honest = (): StepEvidence => openStep(run, knownTrace(run.trace), AT);
  const judge = (evidence: StepEvidence) =>
    referee.contract.isWrongStep(roots, encodeStepEvidence(evidence));
  /** The evidence with another opening of an operand. */
  const withOperand = (
    index: number,
    change: (opening: TensorOpening) => Partial<TensorOpening>,
  ): StepEvidence => {
    const evidence = honest();
    const opening = evidence.operands[index] as TensorOpening;
    const operands = [...evidence.operands];
    operands[index] = { ...opening, ...change(opening) };
    return { ...evidence, operands };
  };
  return { ...referee, run, roots, honest, judge, withOperand };
}
