import { NodeError, type NodeErrorCode } from "../../src/shared/errors.ts";

/** Resolves with the error of `work`; fails the test when there is none, or one of another kind. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<Error> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** As `failureOf`, for a `NodeError` with this code. */
export async function nodeFailureOf(
  code: NodeErrorCode,
  work: Promise<unknown> | (() => unknown),
): Promise<NodeError> {
  const error = await failureOf(work);
  if (error instanceof NodeError && error.code === code) return error;
  throw new Error(`expected a NodeError ${code}, got ${error}`, { cause: error });
}
