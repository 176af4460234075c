import { task } from "hardhat/config";

/** `npx hardhat deploy`: the protocol on the chosen network, resumable. */
export const deployTask = task(
  "deploy",
  "Deploys the protocol, or resumes an interrupted deployment, and writes its address book",
)
  .addOption({
    name: "parameters",
    description: "Parameter file; default: the network's own in deploy/parameters",
    defaultValue: "",
  })
  .addOption({
    name: "addresses",
    description: "Where to write the address book; default: deployments/<network>/addresses.json",
    defaultValue: "",
  })
  .addOption({
    name: "fork",
    description:
      "RPC URL of a chain to fork in memory; the deployment runs there and ends with the command",
    defaultValue: "",
  })
  .addOption({
    name: "verifiers",
    description:
      "Verifiers to deploy along: all that this chain may have, none, or names separated by commas",
    defaultValue: "all",
  })
  .addFlag({ name: "json", description: "Print one JSON object instead of a table" })
  .setAction(() => import("./action.ts"))
  .build();
