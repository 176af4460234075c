import { contribute } from "@lattice/zkml";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { projectPath } from "../support/context.ts";
import { guarded, required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface ContributeArguments {
  ceremony: string;
  name: string;
  entropyEnv: string;
  json: boolean;
}

function entropyOf(variable: string): { readonly entropy?: string } {
  if (variable === "") return {};
  const entropy = process.env[variable];
  if (entropy) return { entropy };
  throw wrongUse(`the environment variable ${variable} of --entropy-env is not set`);
}

async function run(args: ContributeArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const directory = projectPath(hre)(required("ceremony", args.ceremony));
  const name = required("name", args.name);
  const entry = await contribute({ directory, name, ...entropyOf(args.entropyEnv) });
  print(args.json, { ...entry }, [
    ["contribution", `${entry.file}, by ${entry.name}`],
    ["hash", entry.hash],
    ["publish", "the hash, where others know that it comes from you"],
  ]);
}

/** Runs `npx hardhat zk:contribute`. */
export default guarded("zk:contribute", run);
