import { AbiCoder, concat, keccak256 } from "ethers";
import { JobsTree, jobsRoot } from "./signing/jobs-tree.ts";

/** Names one job of a session, counted from zero: the subject of the provider's receipt for it. */
export function jobSubject(session: string, index: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint64"], [session, index]));
}

/** Entry of a session's jobs tree: subject and output commitment, so that a leaf and a receipt speak of the same job. */
export function sessionJob(session: string, index: bigint, outputCommitment: string): string {
  return concat([jobSubject(session, index), outputCommitment]);
}

function entries(session: string, outputCommitments: readonly string[]): string[] {
  return outputCommitments.map((output, index) => sessionJob(session, BigInt(index), output));
}

/**
 * The tree of a session's jobs, all from the first on.
 * @param outputCommitments Of each job, in their order.
 * @throws RangeError without jobs.
 */
export function sessionTree(session: string, outputCommitments: readonly string[]): JobsTree {
  return new JobsTree(entries(session, outputCommitments));
}

/** What a voucher says of these jobs: how many, and their root; zero when there are none. */
export function sessionWork(
  session: string,
  outputCommitments: readonly string[],
): { readonly jobs: bigint; readonly jobsRoot: string } {
  return {
    jobs: BigInt(outputCommitments.length),
    jobsRoot: jobsRoot(entries(session, outputCommitments)),
  };
}
