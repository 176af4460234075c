import { isAbsolute, join } from "node:path";
import { attachChain, type ChainConnection } from "@lattice/node";
import { loadAddressBook } from "@lattice/sdk/node";
import { getAddress, isAddress, type Signer } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { wrongUse } from "./guard.ts";

/** Chains that live on one machine. */
export const LOCAL_CHAIN_IDS: ReadonlySet<number> = new Set([31337, 1337]);

export interface ContextArguments {
  readonly addresses: string;
  readonly from?: string;
}

/** One deployment on the network of the command line, and the account that acts. */
export interface TaskContext {
  readonly connection: ChainConnection;
  readonly signer: Signer;
  readonly account: string;
  readonly network: string;
  /** Resolves a path of the command line against the project. */
  path(value: string): string;
  close(): Promise<void>;
}

/** Resolves paths of the command line against the project. */
export function projectPath({ config }: HardhatRuntimeEnvironment): (value: string) => string {
  return (value) => (isAbsolute(value) ? value : join(config.paths.root, value));
}

/** Connects a task to its network. @throws with one clear message when something is missing. */
export async function openContext(
  hre: HardhatRuntimeEnvironment,
  { addresses, from = "" }: ContextArguments,
): Promise<TaskContext> {
  const path = projectPath(hre);
  const network = await hre.network.create();
  const close = () => network.close();
  try {
    const { networkName, ethers } = network;
    const file = addresses || join("deployments", networkName, "addresses.json");
    const book = await loadAddressBook(path(file));
    const signer = await accountOf(ethers, networkName, from);
    const account = await signer.getAddress();
    const { chainId } = await reachable(networkName, () => ethers.provider.getNetwork());
    const target = { chainId: Number(chainId), url: networkName, runner: signer };
    const connection = await attachChain(ethers.provider, book, target);
    return { connection, signer, account, network: networkName, path, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Ethers = Awaited<ReturnType<HardhatRuntimeEnvironment["network"]["create"]>>["ethers"];

async function accountOf(ethers: Ethers, network: string, from: string): Promise<Signer> {
  const signers = await reachable(network, () => ethers.getSigners());
  if (from !== "" && !isAddress(from)) throw wrongUse(`--from ${from} is not an address`);
  const found =
    from === "" ? signers[0] : signers.find(({ address }) => address === getAddress(from));
  if (found) return found;
  throw wrongUse(
    from === ""
      ? `network ${network} has no account; set its key (see .env.example)`
      : `network ${network} has no account ${from}; it has ${signers.map(({ address }) => address).join(", ")}`,
  );
}

/** Asks the node of a network. @throws Error that says what to check when it does not answer. */
export async function reachable<T>(network: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    // Hardhat's message may quote the URL, which can hold a key.
    throw new Error(
      `the node of network ${network} does not answer; start it (npx hardhat node), or check its URL`,
      { cause },
    );
  }
}
