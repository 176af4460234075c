import { task } from "hardhat/config";
import { addresses, from, json, text } from "../support/options.ts";

/** `npx hardhat provider:attest`: the attestor's side and the provider's. */
export const attestTask = task(
  "provider:attest",
  "Attests what a provider's machine has; or presents, revokes, reports or shows such attestations",
)
  .addOption(text("provider", "Whom it is about; to show, default: the account"))
  .addOption(
    text(
      "accelerators",
      "cpu, cuda, rocm, webgpu, coreml, directml; default: what the provider declared",
    ),
  )
  .addOption(
    text(
      "executionProviders",
      "Runtimes: cpu, cuda, tensorrt, rocm, openvino, directml, coreml, webgpu",
      "cpu",
    ),
  )
  .addOption(text("memoryMib", "Memory of a run, MiB; default: what the provider declared"))
  .addOption(text("maxTensorMib", "Largest tensor, MiB; default: what the provider declared"))
  .addOption(
    text("tiers", "Tiers it serves: zk, optimistic, quorum; default: what the provider declared"),
  )
  .addOption(text("evidence", "File that shows it; its keccak256 is attested"))
  .addOption(text("days", "How long the attestation counts", "90"))
  .addFlag({ name: "present", description: "Present the attestation --uid for the class --class" })
  .addFlag({ name: "revoke", description: "Take back the attestation --uid, as its attestor" })
  .addFlag({
    name: "report",
    description: "Report that the attestation of --provider for --class was revoked",
  })
  .addFlag({ name: "show", description: "Show the classes that the provider holds" })
  .addOption(text("class", "Number of the class"))
  .addOption(text("uid", "Id of the attestation"))
  .addOption(addresses)
  .addOption(from)
  .addFlag(json)
  .setAction(() => import("./attest.ts"))
  .build();
