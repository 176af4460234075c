import { expect } from "chai";
import { refusalOf } from "../../scripts/bench/gas/build.ts";
import { HEADLINES, mergeFigures } from "../../scripts/bench/gas/figures.ts";
import { intrinsicGas } from "../../scripts/bench/gas/measure.ts";
import { parseOptions } from "../../scripts/bench/gas/options.ts";
import { headlineRows, missedTargets } from "../../scripts/bench/gas/report.ts";
import { MAX_CODE_BYTES, oversized } from "../../scripts/bench/gas/sizes.ts";
import { driftFrom } from "../../scripts/bench/gas/snapshot.ts";

const headlines = Object.fromEntries(HEADLINES.map(({ name }) => [name, 100]));

describe("gas benchmark", () => {
  describe("snapshots", () => {
    it("let two per cent pass either way, and nothing beyond", () => {
      expect(driftFrom({ post: 1_000 }, { post: 1_020 })).to.deep.equal([]);
      expect(driftFrom({ post: 1_000 }, { post: 980 })).to.deep.equal([]);
      expect(driftFrom({ post: 1_000 }, { post: 1_021 })).to.deep.equal([
        "post: 1000 in the snapshot, 1021 now (+2.1 %)",
      ]);
      expect(driftFrom({ post: 1_000 }, { post: 979 })).to.deep.equal([
        "post: 1000 in the snapshot, 979 now (-2.1 %)",
      ]);
    });

    it("name what is new and what is gone", () => {
      expect(driftFrom({ post: 1, prove: 2 }, { prove: 2, settle: 3 })).to.deep.equal([
        "post: in the snapshot, no longer measured",
        "settle: 3, not in the snapshot",
      ]);
    });
  });

  it("finds code that no chain accepts", () => {
    expect(oversized({ Small: MAX_CODE_BYTES - 1 })).to.deep.equal([]);
    expect(oversized({ Small: 1, Large: MAX_CODE_BYTES })).to.deep.equal([
      `Large has ${MAX_CODE_BYTES} bytes of code; it must stay below ${MAX_CODE_BYTES}.`,
    ]);
  });

  describe("figures", () => {
    it("are refused when one is missing, measured twice, or no gas", () => {
      expect(() => mergeFigures([{ onchainJob: 1 }])).to.throw(Error, "No lane measured");
      expect(() => mergeFigures([headlines, { draw1024: 1 }])).to.throw(Error, "Two lanes");
      expect(() => mergeFigures([headlines, { extra: 0.5 }])).to.throw(Error, "extra is no gas");
    });

    it("get a verdict where there is a target", () => {
      const figures = { ...headlines, equivocation: 95_001, draw1024: 50_000 };
      const verdicts = new Map(headlineRows(figures).map(({ name, verdict }) => [name, verdict]));
      expect(verdicts.get("equivocation")).to.equal("missed");
      expect(verdicts.get("draw1024")).to.equal("met");
      expect(verdicts.get("beaconReveal")).to.equal("no target");
      expect(missedTargets(figures)).to.deep.equal([
        "equivocation: 95001 gas, above its target of 95000",
      ]);
    });

    it("take base and calldata off at the price of each byte", () => {
      expect(intrinsicGas("0x")).to.equal(21_000);
      expect(intrinsicGas("0x00ff00")).to.equal(21_000 + 4 + 16 + 4);
    });
  });

  it("refuses the build for development", () => {
    expect(refusalOf({})).to.equal(undefined);
    expect(refusalOf({ LATTICE_FAST_BUILD: "1" })).to.include("costs more gas");
  });

  it("refuses options that contradict each other", () => {
    expect(parseOptions(["--json"])).to.include({ json: true, check: false });
    expect(() => parseOptions(["--sizes", "--json"])).to.throw(Error, "--sizes");
    expect(() => parseOptions(["--snapshot", "--check"])).to.throw(Error, "choose one");
    expect(() => parseOptions(["--fast"])).to.throw(Error, "--fast");
  });
});
