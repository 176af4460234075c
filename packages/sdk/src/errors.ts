/** What went wrong in the SDK itself. `code` is stable; match on it, never on the message. */
export type SdkErrorCode =
  | "ADDRESS_BOOK_INVALID"
  | "ADDRESS_BOOK_MISSING"
  | "DEPLOYMENT_UNKNOWN"
  | "WRONG_CHAIN"
  | "ACTION_INVALID"
  | "PROPOSAL_UNKNOWN"
  | "MODEL_UNKNOWN"
  | "JOB_UNKNOWN"
  | "ORDER_INVALID"
  | "SESSION_UNKNOWN"
  | "ATTESTATION_UNKNOWN"
  | "EVENT_UNKNOWN"
  | "EVENT_UNDECODABLE"
  | "CURSOR_INVALID"
  | "REORG_TOO_DEEP"
  | "RPC_FAILED";

export class SdkError extends Error {
  readonly code: SdkErrorCode;
  readonly retryable: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;

  constructor(
    code: SdkErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; metadata?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "SdkError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.metadata = options.metadata ?? {};
  }
}
