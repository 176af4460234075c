import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CONTRACT_NAMES } from "@lattice/sdk";
import { expect } from "chai";
import { lattice } from "../helpers/cli.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { OTHER } from "../helpers/jobs.ts";

const OPTIONS = [
  ...["--data", "--artifacts", "--sample", "--lat-price", "--once", "--dry-run", "--poll-ms"],
  ...[
    "--confirmations",
    "--rpc",
    "--addresses",
    "--json",
    "--key-env",
    "--key-file",
    "--log-level",
  ],
];
const EVENTS = [
  ...["watching", "seen", "missing", "mismatch", "fault", "tooDear", "evidenceCommitted"],
  ...["challenged", "inquired", "asked", "silenceClaimed", "executed", "bondCollected", "done"],
  ...["failed", "stopped"],
];

describe("lattice watch", () => {
  const directory = temporaryDirectory();
  let addresses = "";

  beforeEach(async () => {
    addresses = join(directory.path, "addresses.json");
    const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, OTHER]));
    const external = { EAS: OTHER, SchemaRegistry: OTHER };
    const base = { chainId: 31337, network: "localhost", fromBlock: 0 };
    await writeFile(addresses, JSON.stringify({ ...base, contracts, external, verifiers: {} }));
  });

  const watch = (...args: string[]) =>
    lattice([
      ...["watch", "--rpc", "http://127.0.0.1:9", "--addresses", addresses],
      ...["--data", join(directory.path, "data"), ...args],
    ]);

  it("explains its options and every event", async () => {
    const { code, stdout } = await lattice(["watch", "--help"]);
    expect(code).to.equal(0);
    expect(stdout.match(/^ {2}(--[a-z-]+)/gm)?.map((option) => option.trim())).to.have.members(
      OPTIONS,
    );
    const listed = /on standard output: ([\s\S]*?)\. Amounts/.exec(stdout)?.[1] ?? "";
    const events = listed.replace(/\([\s\S]*?\)/, "").split(/,\s+/);
    expect(events.map((event) => event.trim())).to.deep.equal(EVENTS);
  });

  it("needs a key to challenge", async () => {
    const { code, stderr } = await watch();
    expect(code).to.equal(2);
    expect(stderr).to.include("a key is needed");
  });

  it("needs none for a dry run, and takes no lock", async () => {
    const { code, stderr } = await watch("--dry-run", "--once");
    expect(code).to.equal(1);
    expect(stderr).to.include("RPC_UNREACHABLE");
  });

  it("names a setting that is wrong", async () => {
    const { code, stderr } = await watch("--dry-run", "--sample", "1.5", "--lat-price", "0.1");
    expect(code).to.equal(2);
    expect(stderr).to.include("sample: must be at most 1").and.include("latPrice: must be a whole");
  });
});
