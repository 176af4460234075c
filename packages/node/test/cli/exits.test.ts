import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CONTRACT_NAMES } from "@lattice/sdk";
import { expect } from "chai";
import { type Finished, lattice } from "../helpers/cli.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { MODEL, OTHER } from "../helpers/jobs.ts";

const KEY = `0x${"11".repeat(32)}`;
const UNUSED = "http://127.0.0.1:9";

/** A chain's node that answers with fixed results by method. */
async function nodeAnswering(results: Readonly<Record<string, unknown>>): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const asked = [JSON.parse(body)].flat();
    const answers = asked.map(({ id, method }) => ({
      jsonrpc: "2.0",
      id,
      result: results[method],
    }));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(JSON.parse(body)) ? answers : answers[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One line on standard error, and nothing on standard output. */
function expectFailure(finished: Finished, code: number, message: string): void {
  expect(finished.stderr).to.include(message);
  expect(finished.stderr.trim().split("\n")).to.have.lengthOf(1);
  expect(finished.stderr).to.not.include(KEY);
  expect(finished.stdout).to.equal("");
  expect(finished.code).to.equal(code);
}

describe("lattice", () => {
  const directory = temporaryDirectory();
  let addresses = "";

  beforeEach(async () => {
    addresses = join(directory.path, "addresses.json");
    const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, OTHER]));
    const external = { EAS: OTHER, SchemaRegistry: OTHER };
    const base = { chainId: 31337, network: "localhost", fromBlock: 0 };
    const book = { ...base, contracts, external, verifiers: {} };
    await writeFile(addresses, JSON.stringify(book));
  });

  /** `lattice provider start` with everything right but what is changed. */
  const start = (
    changes: Readonly<Record<string, string | undefined>>,
    key: string | null = KEY,
  ) => {
    const options: Record<string, string | undefined> = {
      rpc: UNUSED,
      addresses,
      data: join(directory.path, "data"),
      "key-env": "TEST_KEY",
      model: `${MODEL}:1`,
      ...changes,
    };
    const args = Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    );
    return lattice(["provider", "start", ...args], key === null ? {} : { TEST_KEY: key });
  };

  it("explains itself", async () => {
    const { code, stdout } = await lattice(["--help"]);
    expect(code).to.equal(0);
    expect(stdout).to.include("provider").and.include("Exit codes");
    const help = await lattice(["provider", "start", "--help"]);
    expect(help.code).to.equal(0);
    for (const option of [
      "--rpc",
      "--addresses",
      "--key-env",
      "--key-file",
      "--model",
      "--stake",
    ]) {
      expect(help.stdout).to.include(option);
    }
  });

  describe("ends with exit code 2 for wrong use", () => {
    for (const [what, args, message] of [
      ["an unknown command", ["fly"], "unknown command 'fly'"],
      ["an unknown option", ["provider", "--speed"], "unknown option '--speed'"],
      ["a missing option", ["provider", "show"], "required option '--rpc <url>' not specified"],
    ] as const) {
      it(what, async () => {
        const { code, stderr } = await lattice(args);
        expect(stderr).to.include(message);
        expect(code).to.equal(2);
      });
    }

    it("no key", async () => {
      expectFailure(await start({ "key-env": undefined }), 2, "a key is needed");
    });

    it("two keys", async () => {
      const { code, stderr } = await start({ "key-file": "key" });
      expect(stderr).to.include("cannot be used with option");
      expect(code).to.equal(2);
    });

    it("a malformed model", async () => {
      expectFailure(await start({ model: "digits" }), 2, "models.0: must be ID:ASK");
    });

    it("a malformed stake", async () => {
      expectFailure(await start({ stake: "lots" }), 2, "stake: must be an amount of LAT");
    });
  });

  describe("ends with exit code 1 and one message for", () => {
    it("a missing address book", async () => {
      const file = join(directory.path, "none.json");
      expectFailure(await start({ addresses: file }), 1, `Cannot read the address book ${file}`);
    });

    it("an address book that is not one", async () => {
      await writeFile(addresses, '{"chainId":1}');
      expectFailure(await start({}), 1, "ADDRESS_BOOK_INVALID");
    });

    it("a node that does not answer, without credentials of its URL", async () => {
      const rpc = "http://user:hidden@127.0.0.1:9/hidden-path";
      const finished = await start({ rpc });
      expectFailure(finished, 1, "the chain's node at http://127.0.0.1:9/… does not answer");
      expect(finished.stderr).to.not.include("hidden");
    });

    it("a key that is none, or not there", async () => {
      expectFailure(await start({}, "0x1234"), 1, "TEST_KEY holds no private key");
      expectFailure(await start({}, null), 1, "TEST_KEY is empty");
      const file = join(directory.path, "no-key");
      const missing = await start({ "key-env": undefined, "key-file": file });
      expectFailure(missing, 1, `cannot read the file ${file} (ENOENT)`);
    });

    it("a missing model file", async () => {
      const file = join(directory.path, "no.onnx");
      expectFailure(await start({ "model-file": file }), 1, `cannot read the model file ${file}`);
    });

    it("a node of another chain", async () => {
      const server = await nodeAnswering({ eth_chainId: "0x1" });
      try {
        const finished = await start({ rpc: urlOf(server) });
        expectFailure(
          finished,
          1,
          "the node is on chain 1, but the address book is for chain 31337",
        );
      } finally {
        server.close();
      }
    });

    it("a chain without the contracts", async () => {
      const server = await nodeAnswering({ eth_chainId: "0x7a69", eth_getCode: "0x" });
      try {
        const finished = await start({ rpc: urlOf(server) });
        expectFailure(finished, 1, `chain 31337 has no contract at ${OTHER}`);
      } finally {
        server.close();
      }
    });
  });
});
