import { readModel } from "@lattice/sdk";
import { isHexString } from "ethers";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { required, wrongUse } from "../support/guard.ts";
import { print } from "../support/output.ts";

interface ShowArguments {
  model: string;
  addresses: string;
  json: boolean;
}

async function show({ model, json }: ShowArguments, { connection }: TaskContext): Promise<void> {
  if (!isHexString(required("model", model), 32)) {
    throw wrongUse(`--model ${model} is not a 32-byte id`);
  }
  const { lattice } = connection;
  const found = await readModel(lattice, model);
  const members = await lattice.registry.poolMembers(model, 0, 1024);
  const { verifier, attestedClass } = found;
  print(json, { ...found, poolMembers: members.length }, [
    ["model version", found.versionId],
    ["state", found.retired ? "retired: takes no new orders" : "published"],
    ["publisher", found.publisher],
    ["tiers", found.tiers.join(", ")],
    ["royalty", `${found.royaltyPpm} ppm to ${found.royaltyRecipient}`],
    ["verifier", verifier ? `${verifier.address}, ${verifier.status.toLowerCase()}` : "none"],
    ["attested class", attestedClass === 0 ? "none needed" : `${attestedClass}`],
    ["offered by", `${members.length} providers so far`],
    ["artifact", found.artifactDigest],
    ["program", found.programRoot],
    ["weights", found.weightsRoot],
    ["profile", found.quantisationDigest],
    ["uri", found.uri],
  ]);
}

/** Runs `npx hardhat model:show`. */
export default contextTask("model:show", show);
