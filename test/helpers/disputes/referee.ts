import {
  encodeStepEvidence,
  encodeTraceEvidence,
  type StepEvidence,
  type TraceEvidence,
} from "@lattice/sdk";
import {
  type CommittedModel,
  type CommittedTrace,
  knownTrace,
  openStep,
  type StepPlace,
} from "@lattice/zkml";
import { hexlify, ZeroHash } from "ethers";
import type { network } from "hardhat";

type Connection = Awaited<ReturnType<typeof network.create>>;

/** What a referee holds evidence against. */
export interface Roots {
  readonly program: string;
  readonly weights: string;
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly trace: string;
}

/** Roots of a model and of a trace; neither input nor output is stated, unless told. */
export function rootsOf(
  { program, constants }: CommittedModel,
  trace: CommittedTrace,
  stated: { readonly input?: Uint8Array; readonly output?: Uint8Array } = {},
): Roots {
  return {
    program: program.root,
    weights: constants.root,
    inputRoot: hexlify(stated.input ?? ZeroHash),
    outputRoot: hexlify(stated.output ?? ZeroHash),
    trace: trace.root,
  };
}

/** A deployed OperatorReferee, and fast calls to it. */
export async function deployReferee({ ethers, provider }: Connection) {
  const contract = await ethers.deployContract("OperatorReferee");
  const to = await contract.getAddress();
  /** As the contract answers, or rejects with its error; without the wrapping of a contract's call. */
  const judgeBytes = async (roots: Roots, evidence: string): Promise<boolean> => {
    const data = contract.interface.encodeFunctionData("isWrongStep", [roots, evidence]);
    const answer = await provider.request({ method: "eth_call", params: [{ to, data }, "latest"] });
    return contract.interface.decodeFunctionResult("isWrongStep", answer as string)[0];
  };
  const judge = (roots: Roots, evidence: StepEvidence) =>
    judgeBytes(roots, encodeStepEvidence(evidence));
  /** Whether a step of this trace is wrong. */
  const judgeStep = (model: CommittedModel, trace: CommittedTrace, at: StepPlace) =>
    judge(rootsOf(model, trace), openStep(model, knownTrace(trace), at));
  return { contract, judgeBytes, judge, judgeStep };
}

export type Referee = Awaited<ReturnType<typeof deployReferee>>;

/** A deployed TraceReferee. */
export async function deployTraceReferee({ ethers }: Connection) {
  const contract = await ethers.deployContract("TraceReferee");
  const judge = (roots: Roots, evidence: TraceEvidence) =>
    contract.isWrongTrace(roots, encodeTraceEvidence(evidence));
  return { contract, judge };
}
