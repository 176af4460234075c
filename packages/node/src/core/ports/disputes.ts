import type {
  Accusation,
  BondedResult,
  Dialogue,
  Inquiry,
  OutputOpening,
  Reply,
  ResultKey,
  Verdict,
} from "../dispute.ts";
import type { JobId } from "../job.ts";
import type { Order } from "../order.ts";
import type { EventOf } from "./market.ts";
import type { ContractCall } from "./transactions.ts";

/** What disputes cost and bring, as governed now. */
export interface DisputeTerms {
  /** LAT wei that an inquiry takes, and a commitment. */
  readonly challengeBond: bigint;
  /** LAT wei that a demand takes for each chunk. */
  readonly openingBond: bigint;
  /** Share of the collateral that a reporter gets, millionths. */
  readonly bountyPpm: bigint;
}

/** Chunks that somebody was asked to publish. */
export interface ChunkDemand {
  /** Unix seconds; zero while there is no demand. */
  readonly deadline: number;
  readonly asker: string;
  readonly firstChunk: number;
  readonly chunkCount: number;
}

/** An input that a provider has published on-chain, piece by piece. */
export interface DemandedInput {
  /** Of the open demand, Unix seconds; zero while there is none. */
  readonly deadline: number;
  /** Chunks that were published, in their order, 1,024 bytes each. */
  readonly published: readonly Uint8Array[];
}

/** The dispute game of one deployment. */
export interface DisputePort {
  /** Address of the job market. */
  readonly jobMarket: string;
  terms(): Promise<DisputeTerms>;
  /** The bonded result of a job. */
  resultOfJob(order: Order, event: EventOf<"committed">): BondedResult;
  /** The bonded results of a batch that its transaction states; empty when that is no call of the settlement. */
  resultsOfBatch(event: EventOf<"batchClaimed">): Promise<readonly BondedResult[]>;
  /** The result with its claim as its market takes it now; undefined when it is settled, refunded or replaced. */
  refresh(result: BondedResult): Promise<OpenResult | undefined>;
  isHeld(market: string, hold: string): Promise<boolean>;
  verdict(key: ResultKey): Promise<Verdict>;
  inquiry(key: ResultKey, inquirer: string): Promise<Inquiry>;
  /** The inquiry from its events. @param fromBlock Not after its opening. */
  dialogue(key: ResultKey, inquirer: string, fromBlock: number): Promise<Dialogue>;
  demand(key: ResultKey, isInput: boolean): Promise<ChunkDemand>;
  keyOfOrder(order: Order): ResultKey;
  /** What is demanded and was published of an order's input. */
  demandedInput(order: Order): Promise<DemandedInput>;
  /** Unix seconds at which the challenger committed; zero when it did not. */
  committedAt(challenger: string, commitment: string): Promise<number>;
  /** True once the evidence was shown in time, and the bond returned. @param fromBlock Not after the commitment. */
  isRedeemed(challenger: string, commitment: string, fromBlock: number): Promise<boolean>;
  commitmentOf(challenger: string, key: ResultKey, evidence: string, salt: string): string;
  /** LAT (wei) that the account holds. */
  balance(account: string): Promise<bigint>;
  /** LAT (wei) that the game may take from the account. */
  allowance(account: string): Promise<bigint>;
  readonly calls: {
    approve(amount: bigint): ContractCall;
    commit(commitment: string): ContractCall;
    challenge(result: BondedResult, accusation: Accusation, salt: string): ContractCall;
    execute(result: BondedResult): ContractCall;
    inquire(result: BondedResult): ContractCall;
    ask(key: ResultKey, child: number, nodes: readonly string[]): ContractCall;
    answer(key: ResultKey, inquirer: string, reply: Reply): ContractCall;
    claimSilence(result: BondedResult, inquirer: string): ContractCall;
    closeInquiry(key: ResultKey, inquirer: string): ContractCall;
    demandInput(order: Order, firstChunk: number, chunkCount: number): ContractCall;
    publishOutput(order: Order, opening: OutputOpening): ContractCall;
    claimUnanswered(order: Order, isInput: boolean): ContractCall;
  };
}

export interface OpenResult {
  readonly result: BondedResult;
  /** Unix seconds from which nothing new can be called into question. */
  readonly challengeableUntil: number;
}

/** Names the job behind a result of the job market. */
export function jobOfSubject(subject: string): JobId {
  return BigInt(subject);
}
