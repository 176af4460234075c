import { resolve } from "node:path";
import { expect } from "chai";
import { parseLat, parseProviderConfig } from "../../src/shared/config.ts";
import { nodeFailureOf } from "../helpers/failure.ts";
import { MODEL } from "../helpers/jobs.ts";

const minimal = {
  rpc: "http://127.0.0.1:8545",
  addresses: "addresses.json",
  data: "data",
  artifacts: "artifacts",
  buildDir: "circuits",
  key: { env: "PROVIDER_KEY" },
  models: [`${MODEL}:5`],
};

describe("parseProviderConfig", () => {
  it("fills in defaults and makes paths absolute", () => {
    const config = parseProviderConfig(minimal);
    expect(config).to.deep.include({
      data: resolve("data"),
      models: [{ modelVersion: MODEL, ask: 5n }],
      modelFiles: [],
      pollMs: 300,
      confirmations: 0,
      graceMs: 1_000,
      reap: "bounty",
      reportWithholding: true,
      drainOnExit: false,
      logLevel: "warn",
    });
    expect(config.stake).to.equal(undefined);
  });

  it("takes amounts in LAT, and ids in any case", () => {
    const config = parseProviderConfig({
      ...minimal,
      stake: "10000.5",
      models: [`0x${"AB".repeat(32)}:0`],
    });
    expect(config.stake).to.equal(10_000_500_000_000_000_000_000n);
    expect(config.models).to.deep.equal([{ modelVersion: MODEL, ask: 0n }]);
  });

  for (const [what, change, named] of [
    ["an RPC that is no URL", { rpc: "localhost:8545" }, "rpc: must be an http or https URL"],
    ["another protocol", { rpc: "ftp://host" }, "rpc: must be an http or https URL"],
    ["an offer without a price", { models: [MODEL] }, "models.0: must be ID:ASK"],
    ["a short model id", { models: ["0x12:5"] }, "models.0: must be ID:ASK"],
    ["an ask above 96 bits", { models: [`${MODEL}:${2n ** 96n}`] }, "models.0: must be ID:ASK"],
    ["no models", { models: [] }, "models: at least one model is needed"],
    ["a stake that is no amount", { stake: "much" }, "stake: must be an amount of LAT"],
    ["a negative stake", { stake: "-1" }, "stake: must be an amount of LAT"],
    ["a payout that is no address", { payout: "0x12" }, "payout: must be an address"],
    ["a poll below its bound", { pollMs: "1" }, "pollMs: "],
    ["an unknown reap policy", { reap: "some" }, "reap: "],
  ] as const) {
    it(`names what is wrong with ${what}`, async () => {
      const error = await nodeFailureOf("CONFIG_INVALID", () =>
        parseProviderConfig({ ...minimal, ...change }),
      );
      expect(error.message).to.include(named);
    });
  }

  it("names every setting that is wrong at once, and never a URL", async () => {
    const error = await nodeFailureOf("CONFIG_INVALID", () =>
      parseProviderConfig({ ...minimal, rpc: "secret@host", stake: "x" }),
    );
    expect(error.message).to.include("rpc: ").and.include("stake: ").and.not.include("secret");
    expect(error.metadata).to.deep.equal({ problems: 2 });
  });
});

describe("parseLat", () => {
  it("reads decimals exactly, and nothing else", () => {
    expect(parseLat("1")).to.equal(10n ** 18n);
    expect(parseLat(" 0.000000000000000001 ")).to.equal(1n);
    for (const text of ["", ".5", "1.", "1e3", "0x10", "1.0000000000000000001", "-1"]) {
      expect(parseLat(text), text).to.equal(undefined);
    }
  });
});
