import { AbiCoder, keccak256 } from "ethers";
import type { IQuorumMarket } from "../../../typechain-types/contracts/interfaces/IQuorumMarket.ts";
import { SdkError } from "./errors.ts";
import type { Order } from "./order.ts";

/** States of a redundant job. Values are those of the contracts' `QuorumState`; Settled and Refunded are final. */
export const QuorumState = {
  None: 0,
  Posted: 1,
  Committing: 2,
  Revealing: 3,
  Settled: 4,
  Refunded: 5,
} as const;
export type QuorumState = (typeof QuorumState)[keyof typeof QuorumState];

/** Name of a state value, for people. */
export function quorumStateName(state: number | bigint): string {
  const found = Object.entries(QuorumState).find(([, value]) => value === Number(state));
  return found ? found[0] : `Unknown(${state})`;
}

/** What a member of a redundant job is slashed for. Values are those of the contracts' `QuorumFault`. */
export const QuorumFault = { NotCommitted: 0, NotRevealed: 1, Contradicted: 2 } as const;
export type QuorumFault = (typeof QuorumFault)[keyof typeof QuorumFault];

/** What a result of tier Quorum may be called: most members of a draw agreed on it. It is no proof. */
export const QUORUM_LABEL = "agreed";

/** One place in one round of a redundant job. */
export interface QuorumPlace {
  readonly chainId: bigint | number;
  readonly market: string;
  readonly jobId: bigint;
  /** How many times the job was drawn again. */
  readonly attempt: number | bigint;
  readonly provider: string;
}

/** A member of a redundant job. Field meanings are those of the contracts' `QuorumMember`. */
export interface QuorumMember {
  readonly provider: string;
  readonly price: bigint;
  readonly declined: boolean;
  readonly committed: boolean;
  readonly revealed: boolean;
  readonly answer: string;
}

/** On-chain state of a redundant job. Field meanings and units are those of the contracts' `QuorumJob`. */
export interface QuorumJob {
  readonly orderHash: string;
  readonly state: QuorumState;
  readonly attempt: number;
  /** Unix seconds; zero in final states. */
  readonly deadline: number;
  readonly drawEpoch: bigint;
  readonly protocolFeePpm: bigint;
  readonly outputCommitment: string;
  readonly members: readonly QuorumMember[];
}

const PLACE_TYPES = ["uint256", "address", "uint256", "uint256", "address"];

function placeValues({ chainId, market, jobId, attempt, provider }: QuorumPlace): unknown[] {
  return [chainId, market, jobId, attempt, provider];
}

/** What a member commits to before it reveals its answer, as `QuorumMarket.answerCommitment`. */
export function answerCommitment(
  place: QuorumPlace,
  outputCommitment: string,
  salt: string,
): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      [...PLACE_TYPES, "bytes32", "bytes32"],
      [...placeValues(place), outputCommitment, salt],
    ),
  );
}

/**
 * Salt of one commitment, made from a secret that only the provider knows: a provider that restarts between commitment and
 * reveal finds it again, and no two places share one.
 * @param secret 32 random bytes, hex. Whoever knows it can guess answers from their commitments.
 */
export function answerSalt(secret: string, place: QuorumPlace): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(["bytes32", ...PLACE_TYPES], [secret, ...placeValues(place)]),
  );
}

/** State of a redundant job. Throws `SdkError` JOB_UNKNOWN when it was never posted. */
export async function readQuorumJob(market: IQuorumMarket, jobId: bigint): Promise<QuorumJob> {
  const job = await market.jobOf(jobId);
  if (job.state === 0n) {
    throw new SdkError("JOB_UNKNOWN", `There is no job ${jobId} in this quorum market.`, {
      metadata: { jobId },
    });
  }
  return {
    orderHash: job.orderHash,
    state: Number(job.state) as QuorumState,
    attempt: Number(job.attempt),
    deadline: Number(job.deadline),
    drawEpoch: job.drawEpoch,
    protocolFeePpm: job.protocolFeePpm,
    outputCommitment: job.outputCommitment,
    members: job.members.map((member) => ({
      provider: member.provider,
      price: member.price,
      declined: member.declined,
      committed: member.committed,
      revealed: member.revealed,
      answer: member.answer,
    })),
  };
}

/** True while members may reveal at `now` (Unix seconds): all have answered, or commitments are over, and reveals are not. */
export function canReveal(
  { state, deadline, members }: QuorumJob,
  { proveSeconds }: Pick<Order, "proveSeconds">,
  now: number,
): boolean {
  if (state === QuorumState.Revealing) return now < deadline;
  const committed = members.filter((member) => member.committed).length;
  return (
    state === QuorumState.Committing &&
    2 * committed > members.length &&
    now >= deadline &&
    now < deadline + proveSeconds
  );
}
