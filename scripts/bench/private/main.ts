// Measures circuits with private weights (npm run bench:private -- [SUBJECT…] [--constraints]).
// Each subject is compiled; without --constraints it is also keyed, proven and verified.
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  buildModelCircuit,
  createTensor,
  generatePrivateCircuit,
  type IntegerGraph,
  type ModelCircuit,
  privateWeights,
  randomSalt,
  SnarkjsProver,
  type WeightSignals,
} from "@lattice/zkml";
import { compileCircuit } from "../../../packages/zkml/src/circuit/compile.ts";
import { SeededRandom } from "../../../packages/zkml/src/ir/random.ts";
import { readR1cs } from "../../../packages/zkml/src/keys/r1cs.ts";
import { ROOT } from "../../solc/compile.ts";
import { lenet, mlp } from "./models.ts";

interface Subject {
  readonly graph: () => IntegerGraph;
  readonly jobs: number;
  readonly identities: boolean;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  "mlp-784-32-10": { graph: mlp, jobs: 1, identities: true },
  "mlp-784-32-10-x4": { graph: mlp, jobs: 4, identities: true },
  "mlp-784-32-10-x8": { graph: mlp, jobs: 8, identities: true },
  "mlp-784-32-10-x8-products": { graph: mlp, jobs: 8, identities: false },
  lenet: { graph: lenet, jobs: 1, identities: true },
  "lenet-products": { graph: lenet, jobs: 1, identities: false },
};
const CACHE = join(ROOT, "build", "bench-private");
const COMPILE_TIMEOUT_MS = 3_600_000;
const MIB = 2 ** 20;

async function constraintsOf({ graph, jobs, identities }: Subject): Promise<object> {
  const { source } = generatePrivateCircuit(graph(), { jobsPerProof: jobs, identities });
  await mkdir(CACHE, { recursive: true });
  const directory = await mkdtemp(join(CACHE, "compile-"));
  try {
    const started = performance.now();
    await compileCircuit(source, directory, { timeoutMs: COMPILE_TIMEOUT_MS });
    const compileSeconds = Math.round((performance.now() - started) / 1000);
    const { constraints } = readR1cs(await readFile(join(directory, "circuit.r1cs")));
    return { constraints: constraints.length, compileSeconds };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function proofOf(name: string, { graph, jobs, identities }: Subject): Promise<object> {
  const model = graph();
  const circuit = await buildModelCircuit({
    graph: model,
    name,
    cacheDir: CACHE,
    jobsPerProof: jobs,
    weights: "private",
    architecture: { identities },
    compileTimeoutMs: COMPILE_TIMEOUT_MS,
  });
  const { seconds, constraints } = circuit;
  const { witnessSeconds, proveSeconds, peakMemoryBytes } = await prove(circuit, model, jobs);
  const peakMiB = Math.round(peakMemoryBytes / MIB);
  return { constraints, ...seconds, witnessSeconds, proveSeconds, peakMiB };
}

async function prove(circuit: ModelCircuit, model: IntegerGraph, jobs: number) {
  const random = new SeededRandom(7);
  const { shape } = circuit.input;
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const pixels = () => Array.from({ length: count }, () => random.integer(0, 255));
  const inputs = Array.from({ length: jobs }, () => createTensor("uint8", shape, pixels()));
  const weights = await privateWeights(circuit.weights as WeightSignals, model, randomSalt());
  const prover = new SnarkjsProver();
  try {
    return await prover.proveMany({ circuit, context: 1n, inputs, weights });
  } finally {
    await prover.close();
  }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { constraints: { type: "boolean", default: false } },
});
for (const name of positionals.length > 0 ? positionals : Object.keys(SUBJECTS)) {
  const subject = SUBJECTS[name];
  if (subject === undefined) {
    throw new Error(`no subject "${name}"; there are ${Object.keys(SUBJECTS).join(", ")}`);
  }
  const row = await (values.constraints ? constraintsOf(subject) : proofOf(name, subject));
  console.log(JSON.stringify({ circuit: name, ...row }));
}
