import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { buildModelCircuit, type ModelCircuit } from "../../src/circuit/build.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import type { ProofReport } from "../../src/prover/metrics.ts";
import { SnarkjsProver } from "../../src/prover/snarkjs-prover.ts";
import { tinyMlp } from "../circuit/graphs.ts";
import { expectZkmlError } from "../helpers/errors.ts";

describe("limits and metrics of provers", () => {
  const input = createTensor("uint8", [1, 3], [200, 0, 255]);
  const context = 9n;
  let cacheDir: string;
  let circuit: ModelCircuit;

  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), "zkml-limits-"));
    circuit = await buildModelCircuit({ graph: tinyMlp(), name: "tiny", cacheDir });
  });

  after(() => rm(cacheDir, { recursive: true }));

  describe("maxMemoryMiB", () => {
    it("ends a proof that takes more, and says what to do", async () => {
      const small = new SnarkjsProver({ maxMemoryMiB: 8 });
      await expectZkmlError(() => small.prove({ circuit, context, input }), {
        code: "PROVER_MEMORY",
        message: /needs more than 8 MiB; raise maxMemoryMiB/,
        metadata: { maxMemoryMiB: 8 },
      });
      expect(small.metrics()).to.deep.include({ failed: 1, proved: 0, running: 0 });
      await small.close();
    });

    it("has to be positive", () => {
      for (const maxMemoryMiB of [0, -1, Number.NaN]) {
        expect(() => new SnarkjsProver({ maxMemoryMiB })).to.throw(RangeError, `${maxMemoryMiB}`);
      }
    });
  });

  describe("metrics", () => {
    it("tells what runs and waits, and adds up what ended", async () => {
      const reports: ProofReport[] = [];
      const counted = new SnarkjsProver({ onProof: (report) => reports.push(report) });
      const pending = [1n, 2n].map((job) => counted.prove({ circuit, context: job, input }));
      expect(counted.metrics()).to.deep.include({ prover: "snarkjs", queued: 1, running: 1 });
      const results = await Promise.all(pending);
      const wrong = createTensor("int32", [1, 2], [1, 2]);
      await expectZkmlError(() => counted.prove({ circuit, context, input, output: wrong }), {
        code: "PROOF_INVALID",
      });
      expect(reports.map(({ outcome }) => outcome)).to.deep.equal([
        "proved",
        "proved",
        "PROOF_INVALID",
      ]);
      const total = (pick: (report: ProofReport) => number) =>
        reports.reduce((sum, report) => sum + pick(report), 0);
      expect(counted.metrics()).to.deep.equal({
        prover: "snarkjs",
        queued: 0,
        running: 0,
        proved: 2,
        failed: 1,
        cancelled: 0,
        waitingSeconds: total(({ waitingSeconds }) => waitingSeconds),
        witnessSeconds: total(({ witnessSeconds }) => witnessSeconds),
        proveSeconds: total(({ proveSeconds }) => proveSeconds),
        peakMemoryBytes: Math.max(...results.map((result) => result.peakMemoryBytes)),
      });
      // The second waited for the first.
      expect(reports[1]?.waitingSeconds).to.be.greaterThan(results[0]?.proveSeconds as number);
      await counted.close();
    });
  });
});
