import { expect } from "chai";
import { document } from "../../scripts/bench/trace/markdown.ts";
import { median, type Row } from "../../scripts/bench/trace/measure.ts";
import { parseOptions } from "../../scripts/bench/trace/options.ts";
import { SUBJECTS } from "../../scripts/bench/trace/subjects.ts";

const ROW: Row = {
  model: "convnet",
  what: "a network",
  multiplications: 468_000_000,
  traceBytes: 2_600_000,
  plainSeconds: 0.0301,
  keptSeconds: 0.0312,
  tracedSeconds: 0.0375,
  ratio: 1.2019,
  processorRatio: 1.249,
  bestRatio: 1.1,
  target: 1.25,
  keptPeakMiB: 230,
  tracedPeakMiB: 240,
};

describe("bench:trace", () => {
  it("shows runs in milliseconds, ratios with two digits, and how fast each hash is", () => {
    const hashing = [{ hash: "keccak-256", mebibytesPerSecond: 512.4 }];
    const page = document({
      rows: [ROW, { ...ROW, target: null }],
      hashing,
      rounds: 31,
      threads: 2,
    });
    const measured = "| 468 000 000 | 2 600 000 | 180 | 30.1 | 31.2 | 37.5 | 1.20 | 1.25 | 1.10 |";
    expect(page).to.contain(`| \`convnet\` | a network ${measured} ≤ 1.25 | 230 | 240 |`);
    expect(page).to.contain(`${measured}  | 230 | 240 |`);
    expect(page).to.contain("| keccak-256 | 512 |");
    expect(page).to.contain("31 rounds; threads of ONNX Runtime and for hashing: 2 each.");
  });

  it("takes the middle of what it measured", () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 3, 2])).to.equal(2.5);
  });

  it("measures all models unless told which", () => {
    expect(parseOptions([])).to.include({ json: false, write: false, rounds: 31, threads: 1 });
    expect(parseOptions([]).subjects).to.deep.equal(SUBJECTS);
    const { subjects } = parseOptions(["--only", "digits,mlp"]);
    expect(subjects.map(({ name }) => name)).to.deep.equal(["digits", "mlp"]);
    expect(() => parseOptions(["--only", "vgg"])).to.throw("There is no model vgg.");
    expect(() => parseOptions(["--write", "--only", "mlp"])).to.throw("without --only");
    for (const rounds of ["0", "1.5", "many", "1001"]) {
      expect(() => parseOptions(["--rounds", rounds])).to.throw(`from 1 to 1000, not ${rounds}`);
    }
    expect(() => parseOptions(["--threads", "65"])).to.throw("--threads must be");
  });
});
