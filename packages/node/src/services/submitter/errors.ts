import { NodeError } from "../../shared/errors.ts";

export function transactionFailed(label: string, transaction: string): NodeError {
  return new NodeError(
    "TRANSACTION_FAILED",
    `${label} was mined in ${transaction} and failed; the state it relied on changed meanwhile`,
    { label, transaction },
  );
}

export function transactionReplaced(label: string, nonce: number): NodeError {
  return new NodeError(
    "TRANSACTION_REPLACED",
    `another transaction of this account used nonce ${nonce} before ${label} was mined; does a second process use the same key?`,
    { label, nonce },
  );
}

export function transactionStuck(label: string, nonce: number, resends: number): NodeError {
  return new NodeError(
    "TRANSACTION_STUCK",
    `${label} with nonce ${nonce} was not mined after ${resends} fee increases`,
    { label, nonce, resends },
  );
}

export function nonceContended(label: string, attempts: number): NodeError {
  return new NodeError(
    "TRANSACTION_REPLACED",
    `${label} found its nonce taken ${attempts} times; does a second process use the same key?`,
    { label, attempts },
  );
}
