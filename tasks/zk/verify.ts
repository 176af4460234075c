import { circuitName } from "@lattice/node";
import { buildModelCircuit, loadModel, readTranscript, verifyCeremony } from "@lattice/zkml";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { projectPath } from "../support/context.ts";
import { guarded, required } from "../support/guard.ts";
import { print } from "../support/output.ts";
import { type CeremonyArguments, ceremonyOptions, contributorRows } from "./support.ts";

interface VerifyArguments extends CeremonyArguments {
  model: string;
  buildDir: string;
  json: boolean;
}

/** SHA-256 of the circuit that a model compiles to. */
async function compiled(
  file: string,
  directory: string,
  cacheDir: string,
): Promise<{ readonly expectedR1cs: string }> {
  const model = await loadModel(file);
  const { jobsPerProof } = (await readTranscript(directory)).circuit;
  const { r1csHash } = await buildModelCircuit({
    graph: model.graph,
    name: circuitName(model),
    cacheDir,
    jobsPerProof,
    onProgress: (step, detail) => console.error(`${step}, ${detail}`),
  });
  return { expectedR1cs: r1csHash };
}

async function run(args: VerifyArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const path = projectPath(hre);
  required("ceremony", args.ceremony);
  const options = ceremonyOptions(args, path);
  const model =
    args.model === ""
      ? {}
      : await compiled(path(args.model), options.directory, path(args.buildDir));
  const { transcript, closed } = await verifyCeremony({ ...options, ...model });
  const { name, circuit, powersOfTau, circuitHash, contributions } = transcript;
  const compared = args.model !== "";
  print(
    args.json,
    { verified: true, closed, compared, name, circuit, powersOfTau, circuitHash, contributions },
    [
      ["ceremony", `${name}: sound`],
      ["circuit", `${circuit.r1csSha256}${compared ? ", as the model compiles" : ""}`],
      ["powers of tau", `2^${powersOfTau.power}, ${powersOfTau.blake2b}`],
      ...contributorRows(transcript),
      ["closed", closed ? "by the beacon" : "no: zk:beacon closes it"],
    ],
  );
}

/** Runs `npx hardhat zk:verify`. */
export default guarded("zk:verify", run);
