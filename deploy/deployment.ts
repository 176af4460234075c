import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AddressBook, parseAddressBook } from "@lattice/sdk";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import Lattice from "./modules/lattice.ts";
import { moduleParameters, parameterFileOf, readParameterFile } from "./parameters.ts";

const LOCAL_CHAIN_IDS = new Set([31337, 1337]);

/** True for chains that live on one machine: the in-memory chain, its forks, a local node. */
export function isLocalChain(chainId: number): boolean {
  return LOCAL_CHAIN_IDS.has(chainId);
}

export interface DeployOptions {
  /** Parameter file; default: the network's own in deploy/parameters. */
  readonly parametersFile?: string;
  /** Where the address book goes; default: deployments/<network>/addresses.json. */
  readonly addressesFile?: string;
  /** Shows Ignition's own progress. */
  readonly displayUi?: boolean;
}

/**
 * Deploys the whole protocol, or resumes where an earlier run stopped, and writes the address book. An in-memory
 * chain ends with the process, so nothing is written for it unless `addressesFile` is given.
 */
export async function deployLattice(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
  options: DeployOptions = {},
): Promise<{ addressBook: AddressBook; addressesFile: string | undefined }> {
  const { ethers, networkName, networkConfig } = connection;
  const chainId = Number((await ethers.provider.getNetwork()).chainId);
  const local = isLocalChain(chainId);
  const [deployer] = await ethers.getSigners();
  if (!deployer) {
    throw new Error(
      `No account to deploy with on ${networkName}. Set DEPLOYER_KEY (see .env.example) and try again.`,
    );
  }
  if ((await ethers.provider.getBalance(deployer.address)) === 0n) {
    throw new Error(
      `The deployer ${deployer.address} has no funds on ${networkName} (chain ${chainId}). Fund it and run the same command again.`,
    );
  }
  const file = await readParameterFile(
    options.parametersFile ?? parameterFileOf(networkName, local),
  );
  const startBlock = await ethers.provider.getBlockNumber();
  const id = await deploymentId(connection, chainId, local);
  const deployed = await connection.ignition.deploy(Lattice, {
    parameters: moduleParameters(file, deployer.address, chainId),
    deploymentId: id,
    displayUi: options.displayUi ?? false,
    config: local ? { blockPollingInterval: 50, requiredConfirmations: 1 } : {},
  });
  const contracts = Object.fromEntries(
    await Promise.all(
      Object.entries(CONTRACT_OF_RESULT).map(async ([result, name]) => [
        name,
        await deployed[result as keyof typeof deployed].getAddress(),
      ]),
    ),
  );
  const journal = join(hre.config.paths.ignition, "deployments", id, "journal.jsonl");
  const fromBlock = (await firstBlockOf(journal)) ?? startBlock;
  const addressBook = parseAddressBook({ chainId, network: networkName, fromBlock, contracts });
  const ephemeral = networkConfig.type === "edr-simulated";
  const addressesFile =
    options.addressesFile ??
    (ephemeral
      ? undefined
      : join(hre.config.paths.root, "deployments", networkName, "addresses.json"));
  if (addressesFile) await writeAddressBook(addressesFile, addressBook);
  return { addressBook, addressesFile };
}

/** Names that the address book gives to the results of the Lattice module. */
const CONTRACT_OF_RESULT = {
  token: "LatticeToken",
  accessManager: "AccessManager",
  timelock: "TimelockController",
  governor: "LatticeGovernor",
  parameters: "ProtocolParameters",
  vault: "StakeVault",
  escrow: "PaymentEscrow",
  treasury: "FeeTreasury",
  burner: "TokenBurner",
  registry: "ProviderRegistry",
  beacon: "EpochBeacon",
  router: "VerifierRouter",
  models: "ModelRegistry",
  market: "JobMarket",
} as const;

/** A restarted local chain is another chain: its first block tells them apart, so each has its own journal. */
async function deploymentId(
  connection: NetworkConnection,
  chainId: number,
  local: boolean,
): Promise<string> {
  if (!local) return `${connection.networkName}-${chainId}`;
  const first = await connection.ethers.provider.getBlock(0);
  return `local-${chainId}-${first?.hash?.slice(2, 12) ?? "unknown"}`;
}

/** Lowest block of a deployment's journal: where its events begin, also when this run only resumed it. */
async function firstBlockOf(journal: string): Promise<number | undefined> {
  const text = await readFile(journal, "utf8").catch((error: NodeJS.ErrnoException) => {
    // An in-memory chain has no journal.
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const blocks = [...text.matchAll(/"receipt":\{[^}]*?"blockNumber":(\d+)/g)].map((match) =>
    Number(match[1]),
  );
  return blocks.length === 0 ? undefined : Math.min(...blocks);
}

async function writeAddressBook(file: string, book: AddressBook): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(book, null, 2)}\n`);
  await rename(partial, file);
}
