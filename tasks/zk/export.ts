import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportCeremony, installCeremonyKey, verifyCeremony } from "@lattice/zkml";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { projectPath } from "../support/context.ts";
import { guarded, required } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { type CeremonyArguments, ceremonyOptions, contributorRows } from "./support.ts";

interface ExportArguments extends CeremonyArguments {
  contract: string;
  out: string;
  buildDir: string;
  batch: boolean;
  install: boolean;
  json: boolean;
}

async function run(args: ExportArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const path = projectPath(hre);
  const contract = required("contract", args.contract);
  const ceremony = required("ceremony", args.ceremony);
  const verified = await verifyCeremony(ceremonyOptions(args, path));
  const { files, manifestEntry } = await exportCeremony(verified, { contract, batch: args.batch });
  const directory = path(args.out || join(ceremony, "export"));
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content);
  }
  const installed = args.install ? await installCeremonyKey(verified, path(args.buildDir)) : null;
  const { finalKey, transcript, closed } = verified;
  print(
    args.json,
    { directory, files: Object.keys(files), finalKey, installed, closed, manifestEntry },
    [
      ["written", directory],
      ...Object.keys(files).map((name): [string, string] => ["", name]),
      ["proving key", finalKey],
      ...(installed === null ? [] : [["installed", installed] as [string, string]]),
      ...contributorRows(transcript),
      ["closed", closed ? "by the beacon" : "no: the last contributor could choose among keys"],
    ],
  );
}

/** Runs `npx hardhat zk:export`. */
export default guarded("zk:export", run);
