/**
 * Every failure the node reports on purpose. Codes are stable: callers branch on `code`, never on
 * message text. `retryable` says whether the same call may succeed later unchanged.
 */
export const NODE_ERROR_CODES = {
  USAGE: { retryable: false, meaning: "the command line is not understood" },
  CONFIG_INVALID: { retryable: false, meaning: "a setting is missing, malformed or out of range" },
  KEY_INVALID: { retryable: false, meaning: "a key is missing, malformed or cannot be decrypted" },
  KEY_UNFUNDED: { retryable: false, meaning: "the account cannot pay for gas" },
  STAKE_UNFUNDED: { retryable: false, meaning: "the account holds less LAT than it must stake" },
  BOND_UNFUNDED: { retryable: false, meaning: "the account holds less LAT than a bond takes" },
  BLS_KEY_MISMATCH: { retryable: false, meaning: "the registered beacon key is another one" },
  RPC_UNREACHABLE: { retryable: true, meaning: "the chain's node does not answer" },
  CHAIN_MISMATCH: { retryable: false, meaning: "the node serves another chain" },
  CONTRACTS_MISSING: { retryable: false, meaning: "an address of the book holds no contract" },
  RECEIPT_MISSING: {
    retryable: true,
    meaning: "the node has no receipt of a mined transaction yet",
  },
  DRAND_UNREACHABLE: { retryable: true, meaning: "the drand relay gives no valid round" },
  CALL_REVERTED: { retryable: false, meaning: "a contract refused the call" },
  TRANSACTION_FAILED: { retryable: true, meaning: "a transaction was mined and failed" },
  TRANSACTION_REPLACED: { retryable: true, meaning: "another transaction used the nonce" },
  TRANSACTION_STUCK: { retryable: true, meaning: "a transaction was not mined in time" },
  MODEL_FILE_MISSING: { retryable: false, meaning: "a model file cannot be read" },
  MODEL_UNKNOWN: { retryable: false, meaning: "the model version cannot be served here" },
  MODEL_MISMATCH: { retryable: false, meaning: "the artifact is not the registered model" },
  VERIFIER_MISMATCH: { retryable: false, meaning: "the registered verifier refuses our proofs" },
  JOB_NOT_RUNNABLE: { retryable: false, meaning: "the job cannot be moved on by this account" },
  ARTIFACT_NOT_FOUND: { retryable: true, meaning: "the store does not hold the artifact" },
  ARTIFACT_CORRUPT: { retryable: false, meaning: "stored bytes do not have their digest" },
  ARTIFACT_TOO_LARGE: { retryable: false, meaning: "an artifact exceeds the size limit" },
  TRACE_NOT_FOUND: { retryable: true, meaning: "the store does not hold the trace" },
  TRACE_CORRUPT: { retryable: false, meaning: "a stored trace does not have its root" },
  INPUT_MISMATCH: { retryable: false, meaning: "an input is not what its order commits to" },
  OUTPUT_MISMATCH: { retryable: false, meaning: "two executions, or a proof, disagree" },
  PROOF_ABANDONED: { retryable: false, meaning: "making a proof failed too often" },
  QUEUE_FULL: { retryable: true, meaning: "a bounded queue cannot take more work now" },
  STATE_CORRUPT: { retryable: false, meaning: "a file in the data directory is not readable" },
  DATA_LOCKED: { retryable: false, meaning: "another process uses the data directory" },
  TIMED_OUT: { retryable: true, meaning: "an operation took longer than allowed" },
  CASES_FAILED: { retryable: true, meaning: "a challenger could not deal with every result" },
  CLOSED: { retryable: false, meaning: "the component was closed" },
} as const;

export type NodeErrorCode = keyof typeof NODE_ERROR_CODES;

/** Values that help to find the cause; never keys, tensors or URLs with credentials. */
export type ErrorMetadata = Readonly<Record<string, string | number | bigint | boolean>>;

export class NodeError extends Error {
  override readonly name = "NodeError";
  readonly code: NodeErrorCode;
  readonly retryable: boolean;
  readonly metadata: ErrorMetadata;

  constructor(
    code: NodeErrorCode,
    message: string,
    metadata: ErrorMetadata = {},
    options: ErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = NODE_ERROR_CODES[code].retryable;
    this.metadata = metadata;
  }
}

export function isNodeError(error: unknown, code?: NodeErrorCode): error is NodeError {
  return error instanceof NodeError && (code === undefined || error.code === code);
}

/** Stable code of an error of this or a sibling package; UNEXPECTED for anything else. */
export function codeOf(error: unknown): string {
  const { code } = (error instanceof Error ? error : {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : "UNEXPECTED";
}

/** Message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
}

/** True for the rejection that an aborted `AbortSignal` causes. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Name of the custom error with which a contract refused a call; undefined for anything else. */
export function revertName(error: unknown): string | undefined {
  if (!isNodeError(error, "CALL_REVERTED")) return undefined;
  const { revert } = error.metadata;
  return typeof revert === "string" ? revert : undefined;
}
