import { ok } from "node:assert/strict";
import {
  buildModelCircuit,
  commitTensor,
  createTensor,
  exportVerifier,
  type IntegerGraph,
  interpret,
  type ModelCircuit,
  privateWeights,
  SnarkjsProver,
} from "@lattice/zkml";
import { toBeHex } from "ethers";
import { CIRCUIT_CACHE } from "../../packages/zkml/src/cli/manifest.ts";
import { SeededRandom } from "../../packages/zkml/src/ir/random.ts";
import { tinyMlp } from "../../packages/zkml/test/circuit/graphs.ts";
import { otherWeights } from "../../packages/zkml/test/circuit/private-graphs.ts";
import { compile } from "../../scripts/solc/compile.ts";
import type { Inputs, Proof } from "./routers.ts";
import type { Chain } from "./system.ts";

const VERIFIER = "TinyPrivateDevVerifier";

/** A proof about one of two models that share an architecture. */
export interface ProvenModel {
  readonly commitment: string;
  readonly proof: Proof;
  readonly inputs: Inputs;
}

interface ProvenModels {
  readonly circuit: ModelCircuit;
  readonly models: readonly [ProvenModel, ProvenModel];
}

let made: Promise<ProvenModels> | undefined;

/** Real proofs of two models under one key, on the same input; made once a process. */
export function provenModels(): Promise<ProvenModels> {
  made ??= proveModels();
  return made;
}

async function proveModels(): Promise<ProvenModels> {
  const graph = tinyMlp();
  const circuit = await buildModelCircuit({
    graph,
    name: "tiny-private",
    cacheDir: CIRCUIT_CACHE,
    weights: "private",
  });
  const prover = new SnarkjsProver();
  try {
    const first = await prove(prover, circuit, graph, 11n);
    const other = await prove(prover, circuit, otherWeights(graph, new SeededRandom(5)), 12n);
    return { circuit, models: [first, other] };
  } finally {
    await prover.close();
  }
}

async function prove(
  prover: SnarkjsProver,
  circuit: ModelCircuit,
  graph: IntegerGraph,
  salt: bigint,
): Promise<ProvenModel> {
  ok(circuit.weights, "the circuit takes no weights");
  const weights = await privateWeights(circuit.weights, graph, salt);
  const input = createTensor("uint8", [1, 3], [200, 7, 255]);
  const { output } = interpret(graph, input);
  const context = 2n ** 200n + salt;
  const { proof } = await prover.prove({ circuit, context, input, output, weights });
  const inputs: Inputs = [context, await commitTensor(input), await commitTensor(output)];
  return { commitment: toBeHex(weights.commitment, 32), proof: [...proof] as Proof, inputs };
}

/** The architecture's verifier, compiled from what its key exports, as an adapter takes it. */
export async function deployArchitectureVerifier({ ethers }: Chain): Promise<string> {
  const { circuit } = await provenModels();
  const source = await exportVerifier(circuit.verificationKey, VERIFIER);
  const output = compile(
    { "Verifier.sol": source },
    {
      outputSelection: { "*": { "*": ["abi", "evm.bytecode"] } },
    },
  );
  const contract = output.contracts?.["Verifier.sol"]?.[VERIFIER];
  ok(contract?.evm && contract.abi, "the verifier did not compile");
  const factory = new ethers.ContractFactory(
    [...contract.abi],
    contract.evm.bytecode.object,
    (await ethers.getSigners())[0],
  );
  return (await factory.deploy()).getAddress();
}
