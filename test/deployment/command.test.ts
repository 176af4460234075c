import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import hre, { network } from "hardhat";
import { deployLattice } from "../../deploy/deployment.ts";
import { type LocalChain, startChain } from "../../scripts/start/chain.ts";
import { eventually, freePort, kill, run, start } from "../helpers/processes.ts";

describe("npx hardhat deploy", function () {
  this.timeout(180_000);
  let folder: string;
  let chain: LocalChain;
  let environment: Record<string, string>;
  let earlier: readonly string[];

  const deployments = join(hre.config.paths.ignition, "deployments");
  const listJournals = () => readdir(deployments).catch(() => []);
  const ownJournals = async () => (await listJournals()).filter((id) => !earlier.includes(id));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lattice-"));
    earlier = await listJournals();
    chain = await startChain(await freePort(), new AbortController().signal);
    environment = { LATTICE_LOCALHOST_URL: chain.url };
  });
  after(async () => {
    await chain.close();
    await rm(folder, { recursive: true });
    for (const id of await ownJournals()) await rm(join(deployments, id), { recursive: true });
  });

  const deploy = (...more: string[]) =>
    [
      "deploy",
      "--network",
      "localhost",
      "--addresses",
      join(folder, "book.json"),
      "--json",
      ...more,
    ] as const;

  it("resumes after being killed half way, sending nothing twice", async () => {
    const interrupted = start("hardhat", deploy(), environment);
    const journal = await eventually("the journal to fill", async () => {
      for (const id of await ownJournals()) {
        const text = await readFile(join(deployments, id, "journal.jsonl"), "utf8").catch(() => "");
        if ((text.match(/"TRANSACTION_CONFIRM"/g) ?? []).length >= 8) return text;
      }
      return undefined;
    });
    await kill(interrupted);
    const resumed = await run("hardhat", deploy(), environment);
    expect(resumed.code, resumed.stderr).to.equal(0);
    const book = JSON.parse(resumed.stdout.trim().split("\n").at(-1) ?? "");
    // The attestation service and its schema take the first three blocks.
    expect(book.fromBlock).to.equal(4);
    const first = /"contractAddress":"(0x[0-9a-fA-F]{40})"/.exec(journal)?.[1];
    expect(Object.values(book.contracts)).to.include(first);
    const again = await run("hardhat", deploy(), environment);
    const repeated = JSON.parse(again.stdout.trim().split("\n").at(-1) ?? "");
    expect(repeated.contracts).to.deep.equal(book.contracts);
    expect(JSON.parse(await readFile(join(folder, "book.json"), "utf8")).contracts).to.deep.equal(
      book.contracts,
    );
  });

  it("deploys on a fork of another chain, which stays as it was", async () => {
    const provider = new JsonRpcProvider(chain.url);
    const height = await provider.getBlockNumber();
    const forked = await run("hardhat", ["deploy", "--fork", chain.url, "--json"]);
    expect(forked.code, forked.stderr).to.equal(0);
    expect(JSON.parse(forked.stdout.trim().split("\n").at(-1) ?? "").fromBlock).to.equal(height);
    expect(await provider.getBlockNumber()).to.equal(height);
    provider.destroy();
  });

  it("says that a node does not answer", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const failed = await run("hardhat", deploy(), { LATTICE_LOCALHOST_URL: url });
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.match(/cannot connect|ECONNREFUSED|network/i);
  });

  it("says that the deployer has no funds", async () => {
    const connection = await network.create({
      network: "default",
      override: { accounts: [{ privateKey: `0x${"5e".repeat(32)}`, balance: "0" }] },
    });
    const error = await deployLattice(hre, connection).catch((caught: Error) => caught);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/has no funds on default.*Fund it/);
  });

  it("refuses development verifiers on a public chain before it sends anything", async () => {
    const connection = await network.create({
      network: "default",
      override: { chainId: 11155111 },
    });
    const error = await deployLattice(hre, connection, { verifiers: "DigitsDevVerifier" }).catch(
      (caught: Error) => caught,
    );
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/development key/);
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
  });

  it("says that the port of a local chain is taken", async () => {
    const port = Number(new URL(chain.url).port);
    const error = await startChain(port, new AbortController().signal).catch(
      (caught: Error) => caught,
    );
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/Port \d+ on 127\.0\.0\.1 is in use.*--port/);
  });
});
