import { type ErrorFragment, Interface } from "ethers";
import { CONTRACT_ABIS } from "./abis.ts";

/** What went wrong in the SDK itself. `code` is stable; match on it, never on the message. */
export type SdkErrorCode =
  | "ADDRESS_BOOK_INVALID"
  | "ADDRESS_BOOK_MISSING"
  | "WRONG_CHAIN"
  | "JOB_UNKNOWN"
  | "SESSION_UNKNOWN";

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

/** A custom error of the contracts, decoded. */
export interface ExplainedError {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The error's name with its arguments, for people. */
  readonly message: string;
}

// Errors of OpenZeppelin contracts that a caller of ours can meet.
const INHERITED_ERRORS = [
  "error AccessManagedUnauthorized(address caller)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  "error SafeERC20FailedOperation(address token)",
];

let known: Interface | undefined;

function errorInterface(): Interface {
  if (known) return known;
  const fragments = new Map<string, ErrorFragment>();
  for (const abi of [...CONTRACT_ABIS, INHERITED_ERRORS]) {
    new Interface(abi).forEachError((fragment) => {
      fragments.set(fragment.selector, fragment);
    });
  }
  known = new Interface([...fragments.values()]);
  return known;
}

/** Revert data inside whatever a provider or signer threw. Nodes nest it differently. */
function revertData(error: unknown): string | undefined {
  const seen = new Set<unknown>();
  const queue: unknown[] = [error];
  while (queue.length > 0 && seen.size < 32) {
    const item = queue.shift();
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    const { data, error: inner, info, cause } = item as Record<string, unknown>;
    if (typeof data === "string" && /^0x[0-9a-f]{8,}$/i.test(data)) return data;
    queue.push(data, inner, info, cause);
  }
  return undefined;
}

/** Decodes a contract's custom error from anything thrown by ethers; undefined when there is none. */
export function explainError(error: unknown): ExplainedError | undefined {
  const data = revertData(error);
  if (data === undefined) return undefined;
  const parsed = errorInterface().parseError(data);
  if (!parsed) return undefined;
  const names = parsed.fragment.inputs.map((input, index) => input.name || String(index));
  const args = Object.fromEntries(names.map((name, index) => [name, parsed.args[index]]));
  const list = names.map((name) => `${name}: ${String(args[name])}`).join(", ");
  return { name: parsed.name, args, message: `${parsed.name}(${list})` };
}
