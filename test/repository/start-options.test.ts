import { expect } from "chai";
import { readOptions, UsageError } from "../../scripts/start/options.ts";
import { drawPixels } from "../../scripts/start/picture.ts";

describe("npm start options", () => {
  it("has defaults", () => {
    expect(readOptions([])).to.deep.equal({
      once: false,
      json: false,
      jobs: 3,
      providers: 3,
      port: 8545,
    });
  });

  it("reads every option", () => {
    expect(
      readOptions(["--once", "--json", "--jobs", "12", "--providers", "5", "--port", "9000"]),
    ).to.deep.equal({
      once: true,
      json: true,
      jobs: 12,
      providers: 5,
      port: 9000,
    });
    expect(readOptions(["--help"])).to.equal(undefined);
  });

  for (const argv of [
    ["--jobs", "0"],
    ["--jobs", "x"],
    ["--providers", "13"],
    ["--port", "65536"],
    ["--what"],
    ["extra"],
  ]) {
    it(`refuses ${argv.join(" ")}`, () => {
      expect(() => readOptions(argv)).to.throw(UsageError);
    });
  }
});

describe("drawPixels", () => {
  it("draws ink dark, paper blank, two rows a line", () => {
    const pixels = Uint8Array.from([0, 255, 0, 255]);
    expect(drawPixels(pixels, 2, false)).to.equal(" @");
    expect(drawPixels(pixels, 2, true)).to.contain("\u2580");
  });
});
