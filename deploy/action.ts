import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { deployLattice } from "./deployment.ts";

interface DeployArguments {
  parameters: string;
  addresses: string;
  fork: string;
  verifiers: string;
  json: boolean;
}

/** Of the longest name, SmallTrainingDevVerifier. */
const NAME_WIDTH = 24;

/** Runs `npx hardhat deploy`. */
const deploy: NewTaskActionFunction<DeployArguments> = async (
  { parameters, addresses, fork, verifiers, json },
  hre,
) => {
  await hre.tasks.getTask("build").run({ quiet: json, noTests: true });
  const connection =
    fork === ""
      ? await hre.network.create()
      : await hre.network.create({
          network: "default",
          override: { forking: { enabled: true, url: fork } },
        });
  const started = performance.now();
  const { addressBook, addressesFile, refusedVerifiers } = await deployLattice(hre, connection, {
    displayUi: !json,
    verifiers,
    ...(parameters === "" ? {} : { parametersFile: parameters }),
    ...(addresses === "" ? {} : { addressesFile: addresses }),
  });
  const seconds = (performance.now() - started) / 1000;
  if (json) {
    console.log(
      JSON.stringify({
        ...addressBook,
        addressesFile: addressesFile ?? null,
        refusedVerifiers,
        seconds,
      }),
    );
    return;
  }
  console.log(
    `\nLattice on ${addressBook.network} (chain ${addressBook.chainId}), ${seconds.toFixed(1)} s`,
  );
  for (const [name, address] of Object.entries({
    ...addressBook.contracts,
    ...addressBook.external,
    ...addressBook.verifiers,
  })) {
    console.log(`  ${name.padEnd(NAME_WIDTH)} ${address}`);
  }
  for (const name of refusedVerifiers) {
    console.log(
      `  ${name.padEnd(NAME_WIDTH)} refused: its key is for development (run a ceremony)`,
    );
  }
  console.log(
    addressesFile
      ? `Address book: ${addressesFile}`
      : "This chain ends with the command; no address book written.",
  );
};

export default deploy;
