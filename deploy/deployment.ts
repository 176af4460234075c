import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AddressBook, parseAddressBook } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { type EasAddresses, ensureSchema, requireEas } from "./eas.ts";
import Eas from "./modules/eas.ts";
import Lattice from "./modules/lattice.ts";
import { verifiersModule } from "./modules/verifiers.ts";
import {
  moduleParameters,
  type ParameterFile,
  parameterFileOf,
  readParameterFile,
} from "./parameters.ts";
import { planVerifiers } from "./verifiers.ts";

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
  /** Verifiers to deploy along: "all" that this chain may have (default), "none", or names. */
  readonly verifiers?: string;
  /** Shows Ignition's own progress. */
  readonly displayUi?: boolean;
}

export interface Deployment {
  readonly addressBook: AddressBook;
  /** Where the address book was written; undefined for a chain that ends with the process. */
  readonly addressesFile: string | undefined;
  /** Verifiers that this chain may not have, because their keys are for development. */
  readonly refusedVerifiers: readonly string[];
}

/**
 * Deploys the whole protocol, or resumes where an earlier run stopped, and writes the address book. An in-memory
 * chain ends with the process, so nothing is written for it unless `addressesFile` is given.
 */
export async function deployLattice(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { ethers, networkName } = connection;
  const chainId = Number((await ethers.provider.getNetwork()).chainId);
  const local = isLocalChain(chainId);
  const deployer = await fundedDeployer(connection, chainId);
  const plan = await planVerifiers(options.verifiers ?? "all", local);
  const file = await readParameterFile(
    options.parametersFile ?? parameterFileOf(networkName, local),
  );
  const startBlock = await ethers.provider.getBlockNumber();
  const id = await deploymentId(connection, chainId, local);
  const common = {
    deploymentId: id,
    displayUi: options.displayUi ?? false,
    config: local ? { blockPollingInterval: 50, requiredConfirmations: 1 } : {},
  };
  const service = await attestationService(connection, file, deployer, common);
  const settings = {
    ...common,
    parameters: moduleParameters(file, deployer.address, chainId, service.eas),
  };
  const deployed = await connection.ignition.deploy(Lattice, settings);
  const contracts = Object.fromEntries(
    await Promise.all(
      Object.entries(CONTRACT_OF_RESULT).map(async ([result, name]) => [
        name,
        await deployed[result as keyof typeof deployed].getAddress(),
      ]),
    ),
  );
  const verifiers = await deployVerifiers(
    connection,
    verifiersModule(plan.deploy, await deployed.router.getAddress()),
    settings,
  );
  // An in-memory chain has no journal; a fork of a local node would find that node's.
  const fromBlock = isInMemory(connection) ? startBlock : await firstBlockOf(hre, id);
  const addressBook = parseAddressBook({
    chainId,
    network: networkName,
    fromBlock,
    contracts,
    external: { EAS: service.eas, SchemaRegistry: service.schemaRegistry },
    verifiers,
  });
  const addressesFile = options.addressesFile ?? defaultAddressesFile(hre, connection);
  if (addressesFile) await writeAddressBook(addressesFile, addressBook);
  return { addressBook, addressesFile, refusedVerifiers: plan.refused };
}

async function fundedDeployer(
  { ethers, networkName }: NetworkConnection,
  chainId: number,
): Promise<HardhatEthersSigner> {
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
  return deployer;
}

/** The Ethereum Attestation Service of the chain, or one of its own, with the schema of capabilities. */
async function attestationService(
  { ignition }: NetworkConnection,
  file: ParameterFile,
  deployer: HardhatEthersSigner,
  settings: NonNullable<Parameters<NetworkConnection["ignition"]["deploy"]>[1]>,
): Promise<EasAddresses> {
  let addresses: EasAddresses;
  if (file.eas === "deploy") {
    // A journal of its own: an interrupted deployment resumes here, where Ignition would not know the steps that wait.
    const deploymentId = `${settings.deploymentId}-eas`;
    const { eas, schemaRegistry } = await ignition.deploy(Eas, { ...settings, deploymentId });
    addresses = {
      eas: await eas.getAddress(),
      schemaRegistry: await schemaRegistry.getAddress(),
    };
  } else {
    addresses = file.eas;
    await requireEas(addresses, deployer);
  }
  await ensureSchema(addresses.schemaRegistry, deployer);
  return addresses;
}

async function deployVerifiers(
  connection: NetworkConnection,
  module: ReturnType<typeof verifiersModule>,
  settings: NonNullable<Parameters<NetworkConnection["ignition"]["deploy"]>[1]>,
): Promise<Record<string, string>> {
  if (Object.keys(module.results).length === 0) return {};
  const deployed = await connection.ignition.deploy(module, settings);
  return Object.fromEntries(
    await Promise.all(
      Object.entries(deployed).map(async ([name, contract]) => [name, await contract.getAddress()]),
    ),
  );
}

function defaultAddressesFile(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
): string | undefined {
  if (isInMemory(connection)) return undefined;
  return join(hre.config.paths.root, "deployments", connection.networkName, "addresses.json");
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
  rewards: "BeaconRewards",
  registry: "ProviderRegistry",
  beacon: "EpochBeacon",
  router: "VerifierRouter",
  models: "ModelRegistry",
  gate: "AttestationGate",
  policy: "OrderPolicy",
  matchmaker: "Matchmaker",
  market: "JobMarket",
  committees: "Committees",
  settlement: "OrderSettlement",
  equivocation: "Equivocation",
  quorumMarket: "QuorumMarket",
  vouchers: "VoucherSettlement",
  training: "TrainingChain",
  operatorReferee: "OperatorReferee",
  traceReferee: "TraceReferee",
  proofReferee: "ProofReferee",
  disputes: "DisputeGame",
  jobClaims: "JobClaims",
  batchClaims: "BatchClaims",
  sessionClaims: "SessionClaims",
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
async function firstBlockOf(hre: HardhatRuntimeEnvironment, id: string): Promise<number> {
  const journal = join(hre.config.paths.ignition, "deployments", id, "journal.jsonl");
  const text = await readFile(journal, "utf8");
  const receipts = text.matchAll(/"receipt":\{[^}]*?"blockNumber":(\d+)/g);
  return Math.min(...[...receipts].map((match) => Number(match[1])));
}

function isInMemory({ networkConfig }: NetworkConnection): boolean {
  return networkConfig.type === "edr-simulated";
}

async function writeAddressBook(file: string, book: AddressBook): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(book, null, 2)}\n`);
  await rename(partial, file);
}
