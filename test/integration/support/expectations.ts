import { expect } from "chai";
import type { Outcome } from "../../helpers/processes.ts";

/** A task failed as a person expects it: this exit code, one line that says this, nothing printed. */
export function expectFailure(outcome: Outcome, code: number, message: string): void {
  expect(outcome.stderr).to.include(message);
  expect(outcome.stderr.trim().split("\n")).to.have.lengthOf(1);
  expect(outcome.stdout).to.equal("");
  expect(outcome.code).to.equal(code);
}
