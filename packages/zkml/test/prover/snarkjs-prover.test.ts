import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { buildModelCircuit, type ModelCircuit } from "../../src/circuit/build.ts";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { FIELD_ORDER } from "../../src/keys/field.ts";
import { verifyProof } from "../../src/keys/groth16.ts";
import { encodeProvingKey } from "../../src/keys/proving-key.ts";
import { readR1cs } from "../../src/keys/r1cs.ts";
import { developmentSecrets } from "../../src/keys/secrets.ts";
import { SnarkjsProver } from "../../src/prover/snarkjs-prover.ts";
import { tinyMlp } from "../circuit/graphs.ts";
import { expectZkmlError } from "../helpers/errors.ts";

const PROVER_PROCESS = fileURLToPath(new URL("prover-process.ts", import.meta.url));

describe("SnarkjsProver", () => {
  const graph = tinyMlp();
  const input = createTensor("uint8", [1, 3], [200, 0, 255]);
  const { output } = interpret(graph, input);
  const context = 2n ** 200n + 5n;
  let cacheDir: string;
  let circuit: ModelCircuit;
  let prover: SnarkjsProver;

  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), "zkml-prover-"));
    circuit = await buildModelCircuit({ graph, name: "tiny", cacheDir });
  });

  after(() => rm(cacheDir, { recursive: true }));

  beforeEach(() => {
    prover = new SnarkjsProver();
  });

  afterEach(() => prover.close());

  describe("prove", () => {
    it("proves the output that the interpreter gives, bound to context and input", async () => {
      const result = await prover.prove({ circuit, context, input, output });
      const expected = [context, await commitTensor(input), await commitTensor(output)];
      expect(result.publicSignals).to.deep.equal(expected);
      expect(result.proof).to.have.length(8);
      expect(result.witnessSeconds).to.be.greaterThan(0);
      expect(result.proveSeconds).to.be.greaterThan(0);
      expect(result.peakMemoryBytes).to.be.greaterThan(2 ** 20);
      const { verificationKey: key } = circuit;
      expect(await verifyProof(key, result.publicSignals, result.proof)).to.equal(true);
      for (let i = 0; i < expected.length; i++) {
        const other = expected.with(i, (expected[i] as bigint) + 1n);
        expect(await verifyProof(key, other, result.proof), `signal ${i}`).to.equal(false);
      }
    });

    it("makes another proof of the same statement every time", async () => {
      const first = await prover.prove({ circuit, context, input });
      const second = await prover.prove({ circuit, context, input });
      expect(second.publicSignals).to.deep.equal(first.publicSignals);
      expect(second.proof).to.not.deep.equal(first.proof);
    });

    it("refuses an output that the model does not give", async () => {
      const wrong = createTensor(
        "int32",
        [1, 2],
        Array.from(output.data, (logit) => logit + 1),
      );
      await expectZkmlError(() => prover.prove({ circuit, context, input, output: wrong }), {
        code: "PROOF_INVALID",
        metadata: { circuit: "tiny", what: "output" },
      });
    });

    it("refuses tensors of another type or shape", async () => {
      const types = createTensor("int8", [1, 3], [1, 2, 3]);
      await expectZkmlError(() => prover.prove({ circuit, context, input: types }), {
        code: "TENSOR_TYPE",
      });
      const shape = createTensor("uint8", [3, 1], [1, 2, 3]);
      await expectZkmlError(() => prover.prove({ circuit, context, input: shape }), {
        code: "TENSOR_SHAPE",
      });
    });

    for (const outside of [-1n, FIELD_ORDER]) {
      it(`refuses the context ${outside}, which is outside the field`, () =>
        expectZkmlError(() => prover.prove({ circuit, context: outside, input }), {
          code: "WITNESS_REFUSED",
        }));
    }

    it("refuses to hand out a proof that its verification key does not accept", async () => {
      const r1cs = readR1cs(await readFile(circuit.r1csPath));
      const other = await encodeProvingKey(r1cs, developmentSecrets(Buffer.from("another")));
      const zkeyPath = join(cacheDir, "another.zkey");
      await writeFile(zkeyPath, other);
      await expectZkmlError(
        () => prover.prove({ circuit: { ...circuit, zkeyPath }, context, input }),
        { code: "PROOF_INVALID", message: /key does not match/ },
      );
    });

    it("reports a missing key and goes on working", async () => {
      const zkeyPath = join(cacheDir, "absent.zkey");
      await expectZkmlError(
        () => prover.prove({ circuit: { ...circuit, zkeyPath }, context, input }),
        { code: "PROVER_FAILED", message: /absent\.zkey/ },
      );
      expect((await prover.prove({ circuit, context, input })).proof).to.have.length(8);
    });
  });

  describe("proveMany", () => {
    const inputs = [input, createTensor("uint8", [1, 3], [1, 2, 3])];
    const outputs = inputs.map((each) => interpret(graph, each).output);
    let pair: ModelCircuit;

    before(async () => {
      pair = await buildModelCircuit({ graph, name: "tiny-x2", cacheDir, jobsPerProof: 2 });
    });

    it("proves all jobs in one, bound to one context", async () => {
      const { publicSignals, proof } = await prover.proveMany({
        circuit: pair,
        context,
        inputs,
        outputs,
      });
      const expected = [
        context,
        ...(await Promise.all(inputs.map(commitTensor))),
        ...(await Promise.all(outputs.map(commitTensor))),
      ];
      expect(publicSignals).to.deep.equal(expected);
      expect(await verifyProof(pair.verificationKey, publicSignals, proof)).to.equal(true);
      for (let i = 0; i < expected.length; i++) {
        const other = expected.with(i, (expected[i] as bigint) + 1n);
        expect(await verifyProof(pair.verificationKey, other, proof), `${i}`).to.equal(false);
      }
    });

    it("refuses outputs that belong to other jobs, and names the first", () =>
      expectZkmlError(
        () => prover.proveMany({ circuit: pair, context, inputs, outputs: [...outputs].reverse() }),
        { code: "PROOF_INVALID", metadata: { circuit: "tiny-x2", what: "output of job 0" } },
      ));

    it("takes as many jobs as the circuit proves", async () => {
      const expected = (name: string, jobs: number, actual: number) => ({
        code: "TENSOR_SHAPE" as const,
        metadata: { circuit: name, expected: jobs, actual },
      });
      await expectZkmlError(
        () => prover.proveMany({ circuit: pair, context, inputs: [input] }),
        expected("tiny-x2", 2, 1),
      );
      await expectZkmlError(
        () => prover.proveMany({ circuit: pair, context, inputs, outputs: [output] }),
        expected("tiny-x2", 2, 1),
      );
      await expectZkmlError(
        () => prover.prove({ circuit: pair, context, input }),
        expected("tiny-x2", 2, 1),
      );
    });
  });

  describe("cancelling", () => {
    const reason = new Error("deadline passed");
    const settled = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

    it("stops a running proof and goes on with the next", async () => {
      const controller = new AbortController();
      const running = settled(
        prover.prove({ circuit, context, input }, { signal: controller.signal }),
      );
      setTimeout(() => controller.abort(reason), 20);
      expect(await running).to.equal(reason);
      expect((await prover.prove({ circuit, context, input })).proof).to.have.length(8);
    });

    it("takes a waiting proof out of the queue", async () => {
      const controller = new AbortController();
      const first = prover.prove({ circuit, context, input });
      const second = settled(
        prover.prove({ circuit, context, input }, { signal: controller.signal }),
      );
      const third = prover.prove({ circuit, context: 3n, input });
      controller.abort(reason);
      expect(await second).to.equal(reason);
      expect((await first).publicSignals[0]).to.equal(context);
      expect((await third).publicSignals[0]).to.equal(3n);
    });

    it("does not start for a signal that is already aborted", async () => {
      const signal = AbortSignal.abort(reason);
      expect(await settled(prover.prove({ circuit, context, input }, { signal }))).to.equal(reason);
    });
  });

  describe("close", () => {
    it("gives up what is running and what waits, and refuses more", async () => {
      const closed = { code: "PROVER_CLOSED" } as const;
      const pending = [1n, 2n].map((job) =>
        expectZkmlError(() => prover.prove({ circuit, context: job, input }), closed),
      );
      await prover.close();
      await Promise.all(pending);
      await expectZkmlError(() => prover.prove({ circuit, context, input }), closed);
    });

    it("is not needed for the process to end", async () => {
      const child = spawn(process.execPath, [PROVER_PROCESS, cacheDir], { stdio: "ignore" });
      const code = await new Promise((resolve) => child.once("close", resolve));
      expect(code).to.equal(0);
    });
  });

  describe("concurrency", () => {
    it("runs as many proofs at a time as it is told", async () => {
      const two = new SnarkjsProver({ concurrency: 2 });
      const contexts = [1n, 2n, 3n];
      const results = await Promise.all(
        contexts.map((each) => two.prove({ circuit, context: each, input })),
      );
      expect(results.map(({ publicSignals }) => publicSignals[0])).to.deep.equal(contexts);
      await two.close();
    });

    it("has to be a positive integer", () => {
      for (const concurrency of [0, -1, 1.5]) {
        expect(() => new SnarkjsProver({ concurrency })).to.throw(RangeError, `${concurrency}`);
      }
    });
  });
});
