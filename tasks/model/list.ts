import { toJson } from "@lattice/node";
import { readModels } from "@lattice/sdk";
import type { TaskContext } from "../support/context.ts";
import { contextTask } from "../support/context-task.ts";
import { parseAddress } from "../support/format.ts";
import { table } from "../support/output.ts";

interface ListArguments {
  publisher: string;
  usable: boolean;
  addresses: string;
  json: boolean;
}

async function list(args: ListArguments, { connection }: TaskContext): Promise<void> {
  const by = args.publisher === "" ? {} : { publisher: parseAddress("publisher", args.publisher) };
  const found = await readModels(connection.lattice, by);
  const models = args.usable
    ? found.filter(({ retired, verifier }) => !retired && verifier?.status !== "Stopped")
    : found;
  if (args.json) {
    for (const model of models) console.log(toJson(model));
    return;
  }
  if (models.length === 0) {
    console.log("There is no such model version; model:publish makes one.");
    return;
  }
  table(
    ["model version", "state", "tiers", "royalty", "verifier", "publisher", "uri"],
    models.map(({ versionId, retired, tiers, royaltyPpm, verifier, publisher, uri }) => [
      versionId,
      retired ? "retired" : "published",
      tiers.join(", "),
      `${royaltyPpm} ppm`,
      verifier?.status.toLowerCase() ?? "none",
      publisher,
      uri,
    ]),
  );
}

/** Runs `npx hardhat model:list`. */
export default contextTask("model:list", list);
