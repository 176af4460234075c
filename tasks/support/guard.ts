import { codeOf, messageOf, NodeError } from "@lattice/node";
import { explainError } from "@lattice/sdk";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction, TaskArguments } from "hardhat/types/tasks";

export function wrongUse(message: string): NodeError {
  return new NodeError("USAGE", message);
}

/** A required option of the command line. @throws NodeError USAGE when it is empty. */
export function required(name: string, value: string): string {
  if (value !== "") return value;
  throw wrongUse(`--${name} is needed`);
}

function describe(error: unknown): string {
  const refused = explainError(error);
  if (refused) return `a contract refused: ${refused.message}`;
  const code = codeOf(error);
  return code === "UNEXPECTED" ? messageOf(error) : `${messageOf(error)} (${code})`;
}

/** Ends a failing task with one message and exit code 1, or 2 for wrong use. */
export function guarded<A extends TaskArguments>(
  name: string,
  action: (args: A, hre: HardhatRuntimeEnvironment) => Promise<void>,
): NewTaskActionFunction<A> {
  return async (args, hre) => {
    try {
      await action(args, hre);
    } catch (error) {
      console.error(`${name}: ${describe(error)}`);
      process.exitCode = codeOf(error) === "USAGE" ? 2 : 1;
    }
  };
}
