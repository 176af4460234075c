import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction, TaskArguments } from "hardhat/types/tasks";
import { type ContextArguments, openContext, type TaskContext } from "./context.ts";
import { guarded } from "./guard.ts";

/** A guarded task that works on a deployment, and leaves its network when it ends. */
export function contextTask<A extends TaskArguments & ContextArguments>(
  name: string,
  action: (args: A, context: TaskContext) => Promise<void>,
): NewTaskActionFunction<A> {
  return guarded(name, async (args: A, hre: HardhatRuntimeEnvironment) => {
    const context = await openContext(hre, args);
    try {
      await action(args, context);
    } finally {
      await context.close();
    }
  });
}
