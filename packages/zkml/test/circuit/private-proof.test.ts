import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { buildModelCircuit, type ModelCircuit } from "../../src/circuit/build.ts";
import { commitTensor } from "../../src/circuit/commit-tensor.ts";
import {
  commitWeights,
  privateWeights,
  type WeightSignals,
} from "../../src/circuit/private/weight-signals.ts";
import { interpret } from "../../src/interpreter/interpret.ts";
import type { IntegerGraph } from "../../src/ir/graph.ts";
import { SeededRandom } from "../../src/ir/random.ts";
import { createTensor } from "../../src/ir/tensor.ts";
import { verifyProof } from "../../src/keys/groth16.ts";
import { SnarkjsProver } from "../../src/prover/snarkjs-prover.ts";
import { expectZkmlError } from "../helpers/errors.ts";
import { tinyMlp } from "./graphs.ts";
import { otherWeights } from "./private-graphs.ts";

describe("proofs with private weights", () => {
  const models = [tinyMlp(), otherWeights(tinyMlp(), new SeededRandom(41))] as const;
  const input = createTensor("uint8", [1, 3], [9, 250, 31]);
  let cacheDir: string;
  let circuit: ModelCircuit;
  let prover: SnarkjsProver;

  const build = (graph: IntegerGraph) =>
    buildModelCircuit({ graph, name: "tiny", cacheDir, weights: "private" });
  const weightsOf = (graph: IntegerGraph, salt: bigint) =>
    privateWeights(circuit.weights as WeightSignals, graph, salt);

  before(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), "zkml-private-"));
    circuit = await build(models[0]);
    prover = new SnarkjsProver();
  });

  after(async () => {
    await prover.close();
    await rm(cacheDir, { recursive: true });
  });

  it("serves every model of the architecture with one key", async () => {
    const other = await build(models[1]);
    expect(other.cached).to.equal(true);
    expect(other.dir).to.equal(circuit.dir);
  });

  it("proves what each model says, under its own commitment and no other", async () => {
    const { verificationKey: key } = circuit;
    for (const [i, graph] of models.entries()) {
      const weights = await weightsOf(graph, BigInt(i));
      const { output } = interpret(graph, input);
      const request = { circuit, context: 3n, input, output, weights };
      const { proof, publicSignals } = await prover.prove(request);
      const commitments = [await commitTensor(input), await commitTensor(output)];
      const commitment = await commitWeights(graph, BigInt(i));
      expect(publicSignals).to.deep.equal([3n, ...commitments, commitment]);
      expect(await verifyProof(key, publicSignals, proof)).to.equal(true);
      const foreign = await commitWeights(models[1 - i] as IntegerGraph, BigInt(i));
      const another = [...publicSignals.slice(0, 3), foreign];
      expect(await verifyProof(key, another, proof)).to.equal(false);
    }
  });

  it("refuses weights other than those that the commitment stands for", async () => {
    const [first, second] = await Promise.all(models.map((graph) => weightsOf(graph, 8n)));
    const weights = { signals: first?.signals ?? {}, commitment: second?.commitment ?? 0n };
    await expectZkmlError(() => prover.prove({ circuit, context: 3n, input, weights }), {
      code: "PROOF_INVALID",
      metadata: { circuit: "tiny", what: "set of weights" },
    });
  });

  it("names a request without weights, and weights that no circuit takes", async () => {
    await expectZkmlError(() => prover.prove({ circuit, context: 3n, input }), {
      code: "WITNESS_REFUSED",
      message: /takes weights/,
    });
    const { weights: _, ...constant } = circuit;
    const weights = await weightsOf(models[0], 8n);
    await expectZkmlError(() => prover.prove({ circuit: constant, context: 3n, input, weights }), {
      code: "WITNESS_REFUSED",
      message: /built in/,
    });
  });
});
