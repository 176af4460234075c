import { explainError, SdkError } from "@lattice/sdk";
import { isError } from "ethers";
import { type ErrorMetadata, messageOf, NodeError } from "../../shared/errors.ts";
import { redactUrl } from "../../shared/redact.ts";

const UNREACHABLE_CODES: ReadonlySet<string> = new Set([
  "NETWORK_ERROR",
  "TIMEOUT",
  "SERVER_ERROR",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === "string" ? code : codeOf(cause);
}

export function unreachable(url: string, cause: unknown): NodeError {
  const shown = redactUrl(url);
  return new NodeError(
    "RPC_UNREACHABLE",
    `the chain's node at ${shown} does not answer; check the URL and that the node runs`,
    { url: shown },
    // Messages of lower layers may hold the whole URL.
    codeOf(cause) === undefined ? {} : { cause: codeOf(cause) },
  );
}

function reverted(what: string, error: unknown): NodeError | undefined {
  const explained = explainError(error);
  if (explained) {
    const metadata: Record<string, string> = { call: what, revert: explained.name };
    for (const [name, value] of Object.entries(explained.args)) metadata[name] = String(value);
    return new NodeError("CALL_REVERTED", `${what} was refused: ${explained.message}`, metadata);
  }
  if (!isError(error, "CALL_EXCEPTION")) return undefined;
  const metadata: ErrorMetadata = {
    call: what,
    revert: error.reason ?? "unknown",
    data: error.data ?? "0x",
  };
  const reason = error.reason ?? `revert data ${error.data ?? "0x"}`;
  return new NodeError("CALL_REVERTED", `${what} was refused: ${reason}`, metadata);
}

/** Turns what ethers throws into our errors; what it does not know is wrapped as it is. */
export function chainFailure(error: unknown, what: string, url: string): Error {
  if (error instanceof NodeError || error instanceof SdkError) return error;
  const refused = reverted(what, error);
  if (refused) return refused;
  if (isError(error, "INSUFFICIENT_FUNDS")) {
    return new NodeError(
      "KEY_UNFUNDED",
      `the account cannot pay for ${what}; send it native tokens for gas`,
      { call: what },
    );
  }
  const code = codeOf(error);
  if (code !== undefined && UNREACHABLE_CODES.has(code)) return unreachable(url, error);
  return new Error(`${what} failed: ${messageOf(error)}`, { cause: error });
}
