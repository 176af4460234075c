import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { createLogger } from "../../src/shared/logger.ts";
import { redactUrl } from "../../src/shared/redact.ts";
import { temporaryDirectory } from "../helpers/directory.ts";

describe("createLogger", () => {
  const directory = temporaryDirectory();

  it("cuts secrets and URLs, one level deep too", async () => {
    const file = join(directory.path, "log");
    const logger = createLogger("info", file);
    const url = "https://user:pass@node.example/v3/key?token=1";
    logger.info({ privateKey: "0xsecret", wallet: { seed: "0xsecret" }, url }, "starting");
    const line = JSON.parse(await readFile(file, "utf8"));
    expect(line).to.deep.include({
      level: "info",
      msg: "starting",
      privateKey: "[redacted]",
      wallet: { seed: "[redacted]" },
      url: "https://node.example/…",
    });
  });

  it("writes nothing below its level", async () => {
    const file = join(directory.path, "log");
    createLogger("warn", file).info("quiet");
    expect(await readFile(file, "utf8")).to.equal("");
  });
});

describe("redactUrl", () => {
  for (const [url, shown] of [
    ["http://127.0.0.1:8545", "http://127.0.0.1:8545"],
    ["http://127.0.0.1:8545/", "http://127.0.0.1:8545"],
    ["https://host/path-with-key", "https://host/…"],
    ["https://host?key=1", "https://host/…"],
    ["https://me:secret@host", "https://host"],
    ["not a url with secret", "(not a URL)"],
  ] as const) {
    it(`shows ${shown}`, () => {
      expect(redactUrl(url)).to.equal(shown);
    });
  }
});
