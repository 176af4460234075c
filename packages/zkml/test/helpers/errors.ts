import { expect } from "chai";
import { type ErrorMetadata, ZkmlError, type ZkmlErrorCode } from "../../src/errors/zkml-error.ts";

export interface ExpectedError {
  readonly code: ZkmlErrorCode;
  /** Subset of the metadata. */
  readonly metadata?: ErrorMetadata;
  readonly message?: RegExp;
}

/** Runs `action` and checks that it throws, or rejects with, the expected ZkmlError. */
export async function expectZkmlError(
  action: () => unknown,
  expected: ExpectedError,
): Promise<ZkmlError> {
  let caught: unknown;
  try {
    await action();
  } catch (error) {
    caught = error;
  }
  expect(caught, "thrown error").to.be.instanceOf(ZkmlError);
  const error = caught as ZkmlError;
  expect(error.code, error.message).to.equal(expected.code);
  if (expected.metadata !== undefined) expect(error.metadata).to.deep.include(expected.metadata);
  if (expected.message !== undefined) expect(error.message).to.match(expected.message);
  return error;
}
