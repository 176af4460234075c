import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_MAX_ARTIFACT_BYTES, DirectoryArtifactStore } from "@lattice/node";
import type { AddressBook, Lattice } from "@lattice/sdk";
import type { HDNodeWallet, JsonRpcProvider } from "ethers";
import hre from "hardhat";
import { deployLattice } from "../../../deploy/deployment.ts";
import { type Cast, castAccounts } from "../../../scripts/start/accounts.ts";
import { type LocalChain, startChain } from "../../../scripts/start/chain.ts";
import { connectAs, openProvider } from "../../../scripts/start/market.ts";
import { freePort } from "../../helpers/processes.ts";
import { watchJournals } from "./journals.ts";

/** A deployed protocol on a chain of its own, and places for what processes write. */
export interface Marketplace {
  readonly chain: LocalChain;
  readonly provider: JsonRpcProvider;
  readonly addresses: AddressBook;
  readonly addressesFile: string;
  readonly artifacts: DirectoryArtifactStore;
  readonly artifactsDir: string;
  /** Shared between test runs and with the main job: keys take half a minute to build. */
  readonly buildDir: string;
  readonly folder: string;
  readonly cast: Cast;
  as(wallet: HDNodeWallet): Lattice;
  /** Moves the chain's clock ahead, seconds, and mines a block. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** The local parameters with changes. Amounts and times as in deploy/parameters. */
async function parameterFile(
  folder: string,
  changes: Readonly<Record<string, string>>,
): Promise<string> {
  const standard = join(hre.config.paths.root, "deploy", "parameters", "local.json");
  const local = JSON.parse(await readFile(standard, "utf8"));
  const file = join(folder, "parameters.json");
  const parameters = { ...local.parameters, ...changes };
  await writeFile(file, JSON.stringify({ ...local, parameters }));
  return file;
}

/** Starts a chain and deploys. Everything it leaves on disk is removed when it closes. */
export async function openMarketplace(
  providers: number,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Marketplace> {
  const { root } = hre.config.paths;
  const removeJournals = await watchJournals();
  const folder = await mkdtemp(join(tmpdir(), "lattice-market-"));
  const chain = await startChain(await freePort(), new AbortController().signal);
  const provider = openProvider(chain.url);
  const close = async () => {
    provider.destroy();
    await chain.close();
    await rm(folder, { recursive: true, force: true });
    await removeJournals();
  };
  try {
    const addressesFile = join(folder, "addresses.json");
    const connection = await hre.network.create({
      network: "localhost",
      override: { url: chain.url },
    });
    const { addressBook: addresses } = await deployLattice(hre, connection, {
      addressesFile,
      parametersFile: await parameterFile(folder, parameters),
    });
    await connection.close();
    const artifactsDir = join(folder, "artifacts");
    return {
      ...{ chain, provider, addresses, addressesFile, artifactsDir, folder, close },
      buildDir: join(root, "build", "circuits"),
      cast: castAccounts(providers),
      artifacts: new DirectoryArtifactStore({
        directory: artifactsDir,
        maxBytes: DEFAULT_MAX_ARTIFACT_BYTES,
      }),
      as: (wallet) => connectAs(addresses, wallet, provider),
      pass: async (seconds) => {
        await provider.send("evm_increaseTime", [seconds]);
        await provider.send("evm_mine", []);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
