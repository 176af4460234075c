import { resolve } from "node:path";
import { expect } from "chai";
import { parseWatchConfig } from "../../src/shared/watch-config.ts";
import { nodeFailureOf } from "../helpers/failure.ts";

const minimal = {
  rpc: "http://127.0.0.1:8545",
  addresses: "addresses.json",
  data: "data",
  artifacts: "artifacts",
  key: { env: "CHALLENGER_KEY" },
};

describe("parseWatchConfig", () => {
  it("fills in defaults: everything is checked, at any cost", () => {
    const config = parseWatchConfig(minimal);
    expect(config).to.deep.include({
      ...{ data: resolve("data"), sample: 1, once: false, dryRun: false },
      ...{ pollMs: 1_000, confirmations: 0, logLevel: "warn" },
    });
    expect(config.latPrice).to.equal(undefined);
  });

  it("takes a share and a price as the command line gives them", () => {
    const config = parseWatchConfig({ ...minimal, sample: "0.1", latPrice: "250000000000000" });
    expect(config.sample).to.equal(0.1);
    expect(config.latPrice).to.equal(250_000_000_000_000n);
  });

  it("goes without a key in a dry run alone", async () => {
    const { key: _, ...keyless } = minimal;
    expect(parseWatchConfig({ ...keyless, dryRun: true }).key).to.equal(undefined);
    const error = await nodeFailureOf("CONFIG_INVALID", () => parseWatchConfig(keyless));
    expect(error.message).to.equal("key: is needed to challenge; only a dry run goes without");
  });

  it("names each setting that is wrong", async () => {
    const wrong = { ...minimal, rpc: "ws://x", sample: 0, latPrice: "-1" };
    const error = await nodeFailureOf("CONFIG_INVALID", () => parseWatchConfig(wrong));
    expect(error.metadata).to.deep.equal({ problems: 3 });
    expect(error.message).to.include("sample: must be above 0");
  });
});
