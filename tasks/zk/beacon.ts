import { applyBeacon } from "@lattice/zkml";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { projectPath } from "../support/context.ts";
import { parseCount } from "../support/format.ts";
import { guarded, required } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface BeaconArguments {
  ceremony: string;
  beacon: string;
  iterationsExp: string;
  source: string;
  json: boolean;
}

async function run(args: BeaconArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const entry = await applyBeacon({
    directory: projectPath(hre)(required("ceremony", args.ceremony)),
    value: required("beacon", args.beacon),
    iterationsExp: parseCount("iterations-exp", args.iterationsExp),
    source: required("source", args.source),
  });
  print(args.json, { ...entry }, [
    ["beacon", `${entry.file}, ${entry.name}`],
    ["value", `${entry.beacon?.value}, hashed 2^${entry.beacon?.iterationsExp} times`],
    ["hash", entry.hash],
    ["next", "zk:verify, zk:export; the ceremony is closed"],
  ]);
}

/** Runs `npx hardhat zk:beacon`. */
export default guarded("zk:beacon", run);
