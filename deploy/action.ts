import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { deployLattice } from "./deployment.ts";

interface DeployArguments {
  parameters: string;
  addresses: string;
  fork: string;
  json: boolean;
}

/** Runs `npx hardhat deploy`. */
const deploy: NewTaskActionFunction<DeployArguments> = async (
  { parameters, addresses, fork, json },
  hre,
) => {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const connection =
    fork === ""
      ? await hre.network.create()
      : await hre.network.create({
          network: "default",
          override: { forking: { enabled: true, url: fork } },
        });
  const started = performance.now();
  const { addressBook, addressesFile } = await deployLattice(hre, connection, {
    displayUi: !json,
    ...(parameters === "" ? {} : { parametersFile: parameters }),
    ...(addresses === "" ? {} : { addressesFile: addresses }),
  });
  const seconds = (performance.now() - started) / 1000;
  if (json) {
    console.log(JSON.stringify({ ...addressBook, addressesFile: addressesFile ?? null, seconds }));
    return;
  }
  console.log(
    `\nLattice on ${addressBook.network} (chain ${addressBook.chainId}), ${seconds.toFixed(1)} s`,
  );
  for (const [name, address] of Object.entries(addressBook.contracts)) {
    console.log(`  ${name.padEnd(20)} ${address}`);
  }
  console.log(
    addressesFile
      ? `Address book: ${addressesFile}`
      : "This chain ends with the command; no address book written.",
  );
};

export default deploy;
