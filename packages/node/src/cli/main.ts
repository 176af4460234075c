import { CommanderError } from "commander";
import { codeOf, isNodeError, messageOf } from "../shared/errors.ts";
import { standardOutput } from "./output.ts";
import { createProgram } from "./program.ts";

const FAILED = 1;
const WRONG_USE = 2;

/** Exit code and message of a failure; the message is undefined when it was shown already. */
export function describeFailure(error: unknown): { exitCode: number; message?: string } {
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? 0 : WRONG_USE };
  }
  const wrongUse = isNodeError(error, "USAGE") || isNodeError(error, "CONFIG_INVALID");
  const code = codeOf(error);
  const label = code === "UNEXPECTED" ? "" : ` (${code})`;
  return {
    exitCode: wrongUse ? WRONG_USE : FAILED,
    message: `lattice: ${messageOf(error)}${label}`,
  };
}

/** Runs the command line and ends the process. */
export async function main(argv: readonly string[]): Promise<void> {
  let exitCode = 0;
  try {
    await createProgram(standardOutput).parseAsync([...argv]);
  } catch (error) {
    const failure = describeFailure(error);
    exitCode = failure.exitCode;
    if (failure.message !== undefined) process.stderr.write(`${failure.message}\n`);
  }
  // Sockets and threads that are idle must not keep a finished command alive.
  process.exit(exitCode);
}
