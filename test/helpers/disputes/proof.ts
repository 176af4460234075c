import {
  type CommittedTrace,
  type GraphInputs,
  type IntegerGraph,
  type ProofEvidence,
  proofEvidence,
} from "@lattice/zkml";
import { deployPoseidon16 } from "../poseidon.ts";
import { deployMockRouter } from "../routers.ts";
import type { Chain } from "../system.ts";
import { rootsOf } from "./referee.ts";
import { runOf } from "./runs.ts";

/** A referee that asks the verifiers of `router`. */
export async function deployProofReferee(chain: Chain, router: string) {
  const { poseidon } = await deployPoseidon16(chain);
  return chain.ethers.deployContract("ProofReferee", [router, poseidon]);
}

/** A referee over a verifier that answers every proof in one `manner`, reviewed. */
export async function deployMockReferee(chain: Chain, manner: number) {
  const base = await deployMockRouter(chain, manner);
  await base.router.connect(base.governance).markReviewed(base.selector);
  return { ...base, referee: await deployProofReferee(chain, await base.router.getAddress()) };
}

/** What a circuit proved, and with what. */
export type Proven = Pick<ProofEvidence, "proof" | "outputCommitment">;

/** The right trace of a run, and evidence in the words of the lane that states the input that was ordered. */
export function provenRun(graph: IntegerGraph, inputs: GraphInputs, proven: Proven) {
  const { model, trace } = runOf(graph, inputs);
  const { program } = model;
  const [ordered] = trace.tensors;
  const against = (suspect: CommittedTrace) => ({
    roots: rootsOf(model, suspect, ordered === undefined ? {} : { input: ordered.root }),
    evidence: proofEvidence(program, suspect, proven, ordered),
  });
  return { program, model, trace, against };
}
