import { SCALAR_FIELD, verifierSet } from "@lattice/sdk";
import { commitTensor, SnarkjsProver } from "@lattice/zkml";
import { id } from "ethers";
import { digitsCircuit, inferDigit } from "./digits.ts";
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
        const context = BigInt(id(`job ${i}`)) % SCALAR_FIELD;
        const { proof } = await prover.prove({ circuit, context, input, output });
        const inputs: Inputs = [context, await commitTensor(input), await commitTensor(output)];
        return { proof: [...proof] as Proof, inputs };
      }),
    );
  } finally {
    await prover.close();
  }
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
