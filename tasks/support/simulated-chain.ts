import { join } from "node:path";
import { attachChain } from "@lattice/node";
import { type AddressBook, connectLattice, type Lattice } from "@lattice/sdk";
import { loadAddressBook } from "@lattice/sdk/node";
import { parseEther } from "ethers";
import type { HttpNetworkConfig } from "hardhat/types/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { deployLattice } from "../../deploy/deployment.ts";
import { projectPath, reachable } from "./context.ts";

/** A deployment on a chain in this process, where anyone can be impersonated and time can pass. */
export interface SimulatedChain {
  readonly book: AddressBook;
  /** What the chain is a copy of, for people. */
  readonly source: string;
  /** True for a deployment made for the simulation: its deployer holds all LAT, delegated to nobody. */
  readonly fresh: boolean;
  readonly lattice: Lattice;
  readonly connection: NetworkConnection;
  /** The same contracts, called by this account, which gets native tokens for gas. */
  as(account: string): Promise<Lattice>;
  /** Mines a block at this time, Unix seconds. */
  passTo(time: number): Promise<void>;
  close(): Promise<void>;
}

interface Opened {
  readonly book: AddressBook;
  readonly source: string;
  readonly connection: NetworkConnection;
}

/** The in-memory network begins empty: the protocol is deployed to it. */
async function openFresh(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
): Promise<Opened> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const { addressBook } = await deployLattice(hre, connection, { verifiers: "none" });
  return { book: addressBook, connection, source: "a new deployment in memory" };
}

async function openFork(
  hre: HardhatRuntimeEnvironment,
  live: NetworkConnection,
  book: AddressBook,
): Promise<Opened> {
  const { networkName, networkConfig, ethers } = live;
  const { chainId } = await reachable(networkName, () => ethers.provider.getNetwork());
  // Checks that the node serves the book's chain and contracts.
  await attachChain(ethers.provider, book, { chainId: Number(chainId), url: networkName });
  const block = await ethers.provider.getBlockNumber();
  const url = await (networkConfig as HttpNetworkConfig).url.getUrl();
  const connection = await hre.network.create({
    network: "default",
    override: { chainId: book.chainId, forking: { enabled: true, url } },
  });
  // Calls run on a block of the copy's own: for the network's, the rules of its chain would have to be known.
  await connection.networkHelpers.mine();
  return { book, connection, source: `${networkName} at block ${block}` };
}

/** Opens a copy of the command line's network. Nothing done to it reaches the network. */
export async function openSimulatedChain(
  hre: HardhatRuntimeEnvironment,
  addresses: string,
): Promise<SimulatedChain> {
  const live = await hre.network.create();
  const { networkName, networkConfig } = live;
  const inMemory = networkConfig.type === "edr-simulated";
  let opened: Opened;
  try {
    const given = addresses || join("deployments", networkName, "addresses.json");
    opened = inMemory
      ? await openFresh(hre, live)
      : await openFork(hre, live, await loadAddressBook(projectPath(hre)(given)));
  } finally {
    if (!inMemory) await live.close();
  }
  const { book, source, connection } = opened;
  const { provider } = connection.ethers;
  return {
    ...{ book, source, connection, fresh: inMemory },
    lattice: connectLattice({ addresses: book, runner: provider }),
    as: async (account) => {
      const signer = await connection.ethers.getImpersonatedSigner(account);
      await connection.networkHelpers.setBalance(account, parseEther("1000"));
      return connectLattice({ addresses: book, runner: signer });
    },
    passTo: async (time) => {
      const latest = await provider.getBlock("latest");
      if (time > (latest?.timestamp ?? 0)) await connection.networkHelpers.time.increaseTo(time);
    },
    close: () => connection.close(),
  };
}
