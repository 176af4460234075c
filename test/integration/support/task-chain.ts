import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AddressBook, chainTime, connectLattice, type Lattice } from "@lattice/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther, toQuantity } from "ethers";
import hre from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { deployLattice } from "../../../deploy/deployment.ts";
import config from "../../../hardhat.config.ts";
import { startChain } from "../../../scripts/start/chain.ts";
import { freePort, type Outcome } from "../../helpers/processes.ts";
import { watchJournals } from "./journals.ts";

/** Options and arguments of a task, by the names of its definition. */
export type Options = Readonly<Record<string, string | boolean | bigint | readonly string[]>>;

/** A node with the protocol on it, and tasks that run in the test's process and reach it over HTTP. */
export interface TaskChain {
  readonly url: string;
  readonly addresses: AddressBook;
  readonly addressesFile: string;
  readonly folder: string;
  /** The node's accounts; the first one deployed and holds all LAT. */
  readonly signers: readonly HardhatEthersSigner[];
  as(signer: HardhatEthersSigner): Lattice;
  /** Runs a task as the command line would, against the node. */
  run(name: string, options?: Options): Promise<Outcome>;
  /** Runs a task that knows no address book. */
  runAlone(name: string, options: Options): Promise<Outcome>;
  /** Runs a task with `--json`; the one object that it prints. Fails with its message when it failed. */
  one(name: string, options?: Options): Promise<Record<string, unknown>>;
  /** Acts as the timelock, as if a proposal had passed. */
  asTimelock(act: (lattice: Lattice) => Promise<void>): Promise<void>;
  /** Moves the chain's clock to this time, Unix seconds, and mines a block. */
  passTo(time: number): Promise<void>;
  /** Mines this many empty blocks, one second apart. */
  mine(blocks: number): Promise<void>;
  /** The chain's time, Unix seconds. */
  now(): Promise<number>;
  /** Hash of the newest block: the same as long as nothing was done to the chain. */
  head(): Promise<string>;
  close(): Promise<void>;
}

/** Runs a task in this process and keeps what it prints and the exit code it asks for. */
export async function runTask(
  environment: HardhatRuntimeEnvironment,
  name: string,
  options: Options,
): Promise<Outcome> {
  const { log, error } = console;
  const lines = { stdout: "", stderr: "" };
  console.log = (...parts: unknown[]) => {
    lines.stdout += `${parts.join(" ")}\n`;
  };
  console.error = (...parts: unknown[]) => {
    lines.stderr += `${parts.join(" ")}\n`;
  };
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await environment.tasks.getTask(name).run(options);
    return { ...lines, code: Number(process.exitCode), signal: null };
  } finally {
    process.exitCode = before;
    Object.assign(console, { log, error });
  }
}

/** A runtime of the project whose `--network` is this one. */
export async function runtimeOn(network: string, url?: string): Promise<HardhatRuntimeEnvironment> {
  const localhost = { ...config.networks?.localhost, ...(url ? { url } : {}) };
  const networks = { ...config.networks, localhost } as NonNullable<typeof config.networks>;
  return await createHardhatRuntimeEnvironment(
    { ...config, networks },
    { network },
    hre.config.paths.root,
  );
}

/** Starts a node and deploys. Everything left on disk is removed when it closes. */
export async function openTaskChain(): Promise<TaskChain> {
  const removeJournals = await watchJournals();
  const folder = await mkdtemp(join(tmpdir(), "lattice-tasks-"));
  // In a process of its own: one in this process would end only when a simulation's fork lets go of its sockets,
  // 90 seconds later.
  const node = await startChain(await freePort(), new AbortController().signal);
  const { url } = node;
  const environment = await runtimeOn("localhost", url);
  const connection = await environment.network.create();
  const { provider } = connection.ethers;
  const addressesFile = join(folder, "addresses.json");
  const { addressBook: addresses } = await deployLattice(environment, connection, {
    addressesFile,
    verifiers: "DigitsDevVerifier",
  });
  const run = (name: string, options: Options = {}) =>
    runTask(environment, name, { addresses: addressesFile, ...options });
  return {
    ...{ url, addresses, addressesFile, folder, signers: await connection.ethers.getSigners() },
    as: (runner) => connectLattice({ addresses, runner }),
    run,
    runAlone: (name, options) => runTask(environment, name, options),
    one: async (name, options = {}) =>
      records(await run(name, { json: true, ...options }))[0] ?? {},
    now: () => chainTime(connectLattice({ addresses, runner: provider })),
    asTimelock: async (act) => {
      const { TimelockController } = addresses.contracts;
      await connection.networkHelpers.setBalance(TimelockController, parseEther("1"));
      const runner = await connection.ethers.getImpersonatedSigner(TimelockController);
      await act(connectLattice({ addresses, runner }));
      await connection.networkHelpers.stopImpersonatingAccount(TimelockController);
    },
    passTo: async (time) => {
      const latest = await provider.getBlock("latest");
      await provider.send("evm_increaseTime", [Math.max(0, time - (latest?.timestamp ?? 0))]);
      await provider.send("evm_mine", []);
    },
    mine: async (blocks) => {
      await provider.send("hardhat_mine", [toQuantity(blocks)]);
    },
    head: async () => (await provider.getBlock("latest"))?.hash ?? "",
    close: async () => {
      await connection.close();
      await node.close();
      await rm(folder, { recursive: true, force: true });
      await removeJournals();
    },
  };
}

/** The JSON objects that a task printed; fails with its message when it failed. */
export function records({ code, stdout, stderr }: Outcome): Record<string, unknown>[] {
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
