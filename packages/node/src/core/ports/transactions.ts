/** A call to a contract, not yet priced, numbered or signed. */
export interface ContractCall {
  readonly to: string;
  /** ABI-encoded, hex. */
  readonly data: string;
  /** Contract and function, for logs and errors. */
  readonly label: string;
}

export interface LogEntry {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

export interface Receipt {
  readonly transaction: string;
  readonly blockNumber: number;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly logs: readonly LogEntry[];
}

/** Fees of one transaction, wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export interface SignedTransaction {
  readonly hash: string;
  readonly raw: string;
}

/** What a chain's node said to a broadcast. Anything else is thrown as a `NodeError`. */
export type BroadcastOutcome =
  /** In the pool, or was there already. */
  | "accepted"
  /** The nonce is used up: by this transaction, or by another one. */
  | "nonceUsed"
  /** A transaction with this nonce waits and the fees do not replace it. */
  | "underpriced";

/** One account's access to the chain. Implementations decode custom errors into CALL_REVERTED. */
export interface TransactionPort {
  readonly address: string;
  estimateGas(call: ContractCall): Promise<bigint>;
  /** Runs the call at the latest block; throws CALL_REVERTED with the decoded error. */
  simulate(call: ContractCall): Promise<void>;
  fees(): Promise<Fees>;
  /** The account's transaction count; `pending` includes the pool's. */
  transactionCount(tag: "latest" | "pending"): Promise<number>;
  sign(call: ContractCall, nonce: number, gasLimit: bigint, fees: Fees): Promise<SignedTransaction>;
  broadcast(transaction: SignedTransaction, call: ContractCall): Promise<BroadcastOutcome>;
  receipt(hash: string): Promise<Receipt | undefined>;
}

/** What became of a submitted call. */
export type Submission =
  | { readonly outcome: "landed"; readonly receipt: Receipt }
  /** The effect was on the chain already, by whichever transaction. */
  | { readonly outcome: "alreadyDone" };

export interface SubmitOptions {
  /**
   * Tells whether the chain already shows the effect of the call. Asked whenever a transaction
   * seems to have failed, so that one which had landed is never reported, or sent, twice.
   */
  readonly isDone?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** Sends calls from one account. */
export interface Submitter {
  readonly address: string;
  submit(call: ContractCall, options?: SubmitOptions): Promise<Submission>;
}

/** Calls `tell` with what a call that landed was and took. */
export function ifLanded(
  submission: Submission,
  tell: (sent: Pick<Receipt, "transaction" | "gasUsed">) => void,
): void {
  if (submission.outcome !== "landed") return;
  const { transaction, gasUsed } = submission.receipt;
  tell({ transaction, gasUsed });
}
