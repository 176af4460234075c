import { manyProofContext, SCALAR_FIELD, verifierSet } from "@lattice/sdk";
import { commitTensor, SnarkjsProver } from "@lattice/zkml";
import { id } from "ethers";
import { digitsCircuit, digitsX4Circuit, inferDigit } from "./digits.ts";
import { deployRouter, type Inputs, type Proof } from "./routers.ts";
import type { Chain } from "./system.ts";

/** A proof with the statement it proves. */
export interface Proven {
  readonly proof: Proof;
  readonly inputs: Inputs;
}

let made: Promise<readonly Proven[]> | undefined;

/** Real proofs of four drawn digits, each with a context of its own; made once a process. */
export function provenDigits(): Promise<readonly Proven[]> {
  made ??= proveDigits([3, 1, 4, 5]);
  return made;
}

async function proveDigits(labels: readonly number[]): Promise<readonly Proven[]> {
  const prover = new SnarkjsProver({ concurrency: 2 });
  const circuit = await digitsCircuit();
  try {
    return await Promise.all(
      labels.map(async (label, i) => {
        const { input, output } = await inferDigit(label);
        const context = contextOf(i);
        const { proof } = await prover.prove({ circuit, context, input, output });
        const inputs: Inputs = [context, await commitTensor(input), await commitTensor(output)];
        return { proof: [...proof] as Proof, inputs };
      }),
    );
  } finally {
    await prover.close();
  }
}

/** One proof of four drawn digits. */
export interface ProvenFour {
  readonly proof: Proof;
  readonly inputs: bigint[];
}

let madeFour: Promise<ProvenFour> | undefined;

/** A real proof of four jobs with different inputs and outputs; made once a process. */
export function provenFour(): Promise<ProvenFour> {
  madeFour ??= proveFour([2, 7, 1, 8]);
  return madeFour;
}

async function proveFour(labels: readonly number[]): Promise<ProvenFour> {
  const prover = new SnarkjsProver();
  try {
    const circuit = await digitsX4Circuit();
    const inferences = await Promise.all(labels.map((label) => inferDigit(label)));
    const { proof, publicSignals } = await prover.proveMany({
      circuit,
      context: manyProofContext(labels.map(contextOf)),
      inputs: inferences.map(({ input }) => input),
      outputs: inferences.map(({ output }) => output),
    });
    return { proof: [...proof] as Proof, inputs: [...publicSignals] };
  } finally {
    await prover.close();
  }
}

/** A context as markets compute them: a hash in the scalar field. */
function contextOf(job: number): bigint {
  return BigInt(id(`job ${job}`)) % SCALAR_FIELD;
}

/** A router with the generated verifiers of the digit classifier registered as one set. */
export async function deployDigitsSet(chain: Chain) {
  const base = await deployRouter(chain);
  const [verifier, batchVerifier, multiVerifier] = await Promise.all(
    ["DigitsDevVerifier", "DigitsDevBatchVerifier", "DigitsX4DevVerifier"].map(async (name) =>
      (await chain.ethers.deployContract(name)).getAddress(),
    ),
  );
  const set = verifierSet({
    verifier: verifier as string,
    batchVerifier,
    multiVerifier,
    jobsPerProof: 4,
  });
  await base.router.connect(base.publisher).registerSet(set);
  return { ...base, set, selector: await base.router.selectorOfSet(set) };
}
