import type { ProveSignalsRequest } from "@lattice/zkml";
import { expect } from "chai";
import { document } from "../../scripts/bench/prove/markdown.ts";
import { decodeTask, encodeTask } from "../../scripts/bench/prove/measure.ts";
import { parseOptions } from "../../scripts/bench/prove/options.ts";
import type { Row } from "../../scripts/bench/prove/run.ts";
import { circomlibMlMlp } from "../../scripts/bench/prove/subjects/circomlib-ml-mlp.ts";
import { SUBJECTS } from "../../scripts/bench/prove/subjects/index.ts";

const OURS: Row = {
  circuit: "mlp",
  constraints: 9_000,
  prover: "snarkjs",
  witnessSeconds: 0.5,
  proveSeconds: 2,
  peakMiB: 200,
  keyMiB: 10,
  verifyGas: 228_000,
  compileSeconds: 20,
  keySeconds: 6,
  what: "ours",
};
const THEIRS: Row = { ...OURS, circuit: "peer", constraints: 63_000, peakMiB: 500, beside: "mlp" };
const SKIPPED: Row = {
  ...THEIRS,
  circuit: "large",
  proveSeconds: null,
  peakMiB: null,
  keyMiB: null,
  verifyGas: null,
  skipped: "counted, not proven",
};

describe("bench:prove", () => {
  it("puts circuits of others beside ours, as ratios", async () => {
    const page = await document([OURS, THEIRS]);
    expect(page).to.contain("| `mlp` | ours | snarkjs | 9 000 | 0.5 | 2 | 200 | 10 |");
    expect(page).to.contain("| `peer` | `mlp` (snarkjs) | 7.00 | 1.00 | 2.50 | 1.00 | 1.00 |");
  });

  it("leaves empty what a skipped circuit did not show, and says why", async () => {
    const page = await document([OURS, SKIPPED]);
    expect(page).to.contain("`large` is counted, not proven.");
    expect(page).to.contain("| `large` | `mlp` (snarkjs) | 7.00 |  |  |  |  |");
  });

  it("keeps a statement's numbers on the way to the proving process", () => {
    const request = {
      circuit: { name: "c", wasmPath: "w", zkeyPath: "z", verificationKey: { IC: ["5"] } },
      signals: { one: 2n ** 200n, many: [0n, 7n] },
      publicSignals: [1n],
    } as unknown as ProveSignalsRequest;
    expect(decodeTask(encodeTask(request))).to.deep.equal(request);
  });

  it("measures all circuits unless told which", () => {
    expect(parseOptions([]).subjects).to.deep.equal(SUBJECTS);
    const { subjects } = parseOptions(["--only", "digits,mlp"]);
    expect(subjects.map(({ name }) => name)).to.deep.equal(["digits", "mlp"]);
    expect(() => parseOptions(["--only", "vgg"])).to.throw("There is no circuit vgg.");
    expect(() => parseOptions(["--only", "mlp", "--write"])).to.throw("without --only");
  });

  it("has circuits of other names each, and ours for every one of others", () => {
    const names = SUBJECTS.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { beside } of SUBJECTS) {
      if (beside !== undefined) expect(names).to.include(beside);
    }
    expect(circomlibMlMlp.beside).to.equal("mlp");
  });
});
