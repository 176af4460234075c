import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { buildModelCircuit, type ModelCircuit } from "../../src/circuit/build.ts";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { verifyProof } from "../../src/keys/groth16.ts";
import { BinaryProver, type BinaryProverOptions } from "../../src/prover/binary-prover.ts";
import type { ProofReport } from "../../src/prover/metrics.ts";
import { tinyMlp } from "../circuit/graphs.ts";
import { expectZkmlError } from "../helpers/errors.ts";

const PROGRAM = fileURLToPath(new URL("rapidsnark-compatible.mjs", import.meta.url));

type Mode = "prove" | "padded" | "false" | "fail" | "garbage" | "nothing" | "hang";

function proverThat(mode: Mode, options: Partial<BinaryProverOptions> = {}): BinaryProver {
  return new BinaryProver({ path: process.execPath, parameters: [PROGRAM, mode], ...options });
}

async function leftovers(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("lattice-proof-"));
}

describe("BinaryProver", () => {
  const graph = tinyMlp();
  const input = createTensor("uint8", [1, 3], [200, 0, 255]);
  const { output } = interpret(graph, input);
  const context = 77n;
  let cacheDir: string;
  let circuit: ModelCircuit;
  let earlier: string[];

  before(async () => {
    earlier = await leftovers();
    cacheDir = await mkdtemp(join(tmpdir(), "zkml-binary-"));
    circuit = await buildModelCircuit({ graph, name: "tiny", cacheDir });
  });

  after(() => rm(cacheDir, { recursive: true }));

  afterEach("leaves no witness behind", async () => {
    expect(await leftovers()).to.deep.equal(earlier);
  });

  it("returns the program's proof, verified and bound to context, input and output", async () => {
    const prover = proverThat("prove");
    const result = await prover.prove({ circuit, context, input, output });
    const expected = [context, await commitTensor(input), await commitTensor(output)];
    expect(result.publicSignals).to.deep.equal(expected);
    expect(await verifyProof(circuit.verificationKey, expected, result.proof)).to.equal(true);
    expect(result.witnessSeconds).to.be.greaterThan(0);
    expect(result.proveSeconds).to.be.greaterThan(0);
    if (process.platform === "linux") {
      expect(result.peakMemoryBytes).to.be.greaterThan(2 ** 24);
    }
    await prover.close();
  });

  it("reads files that end in zero bytes", async () => {
    const { proof } = await proverThat("padded").prove({ circuit, context, input });
    expect(proof).to.have.length(8);
  });

  it("refuses a proof that does not verify", () =>
    expectZkmlError(() => proverThat("false").prove({ circuit, context, input }), {
      code: "PROOF_INVALID",
      message: /made a false proof/,
    }));

  it("reports the exit code and the last lines of a program that fails", () =>
    expectZkmlError(() => proverThat("fail").prove({ circuit, context, input }), {
      code: "PROVER_FAILED",
      message: /ended with 3\nfirst line\nunable to open the proving key$/,
      metadata: { path: process.execPath, exit: 3 },
    }));

  for (const mode of ["garbage", "nothing"] as const) {
    it(`reports a program that writes ${mode}`, () =>
      expectZkmlError(() => proverThat(mode).prove({ circuit, context, input }), {
        code: "PROVER_FAILED",
        message: /left no proof that can be read/,
      }));
  }

  it("reports a program that is not there", () =>
    expectZkmlError(
      () => new BinaryProver({ path: "/nonexistent/prover" }).prove({ circuit, context, input }),
      { code: "PROVER_FAILED", message: /could not be started.*check its path/ },
    ));

  it("kills a program at its time limit", () =>
    expectZkmlError(
      () => proverThat("hang", { timeoutMs: 500 }).prove({ circuit, context, input }),
      { code: "PROVER_TIMEOUT", metadata: { path: process.execPath, timeoutMs: 500 } },
    ));

  it("kills a program that takes more memory than it may", async function () {
    if (process.platform !== "linux") this.skip();
    // The witness's thread of this circuit takes less than 35 MiB, a Node process more.
    await expectZkmlError(
      () => proverThat("hang", { maxMemoryMiB: 40 }).prove({ circuit, context, input }),
      { code: "PROVER_MEMORY", message: /^the prover .* needs more than 40 MiB/ },
    );
  });

  it("kills the program when the caller gives up, and proves again", async () => {
    const reason = new Error("deadline passed");
    const reports: ProofReport[] = [];
    const prover = proverThat("hang", { onProof: (report) => reports.push(report) });
    const controller = new AbortController();
    const running = prover
      .prove({ circuit, context, input }, { signal: controller.signal })
      .catch((error: unknown) => error);
    while ((await leftovers()).length === earlier.length) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    controller.abort(reason);
    expect(await running).to.equal(reason);
    expect(reports.map(({ outcome }) => outcome)).to.deep.equal(["cancelled"]);
    expect(prover.metrics()).to.deep.include({ prover: "binary", cancelled: 1, running: 0 });
    await prover.close();
  });
});
