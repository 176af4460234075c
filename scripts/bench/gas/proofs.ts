import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manyProofContext } from "@lattice/sdk";
import { type ModelCircuit, SnarkjsProver } from "@lattice/zkml";
import { digitsX4Circuit, type Inference } from "../../../test/helpers/digits.ts";
import { ROOT } from "../../solc/compile.ts";

/** Eight words, as contracts take them. */
export type Proof = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

const CACHE = join(ROOT, "build", "bench", "proofs");

interface Statement {
  readonly context: bigint;
  readonly inferences: readonly Inference[];
}

/**
 * Real proofs, kept from run to run in build/bench under the key and the statement that they prove: the chain of the
 * benchmark is the same every time, so are the contexts of its jobs, and a proof of 1.5 seconds is made once.
 */
export class Proofs {
  readonly #prover = new SnarkjsProver({ concurrency: 2 });
  readonly #circuit: ModelCircuit;

  constructor(circuit: ModelCircuit) {
    this.#circuit = circuit;
  }

  /** A proof of one inference. */
  prove(context: bigint, inference: Inference): Promise<Proof> {
    return this.#kept(this.#circuit, { context, inferences: [inference] }, async () => {
      const { input, output } = inference;
      const { proof } = await this.#prover.prove({
        circuit: this.#circuit,
        context,
        input,
        output,
      });
      return proof;
    });
  }

  /** One proof of four inferences, bound to the contexts of their jobs. */
  async proveFour(contexts: readonly bigint[], inferences: readonly Inference[]) {
    const circuit = await digitsX4Circuit();
    const context = manyProofContext(contexts);
    const proof = await this.#kept(circuit, { context, inferences }, async () => {
      const [inputs, outputs] = [
        inferences.map(({ input }) => input),
        inferences.map(({ output }) => output),
      ];
      return (await this.#prover.proveMany({ circuit, context, inputs, outputs })).proof;
    });
    const publicInputs = [
      context,
      ...inferences.map(({ inputCommitment }) => BigInt(inputCommitment)),
      ...inferences.map(({ outputCommitment }) => BigInt(outputCommitment)),
    ];
    return { proof, publicInputs };
  }

  async close(): Promise<void> {
    await this.#prover.close();
  }

  async #kept(
    circuit: ModelCircuit,
    { context, inferences }: Statement,
    make: () => Promise<readonly bigint[]>,
  ): Promise<Proof> {
    const statement = inferences.map(({ inputCommitment, outputCommitment }) => [
      inputCommitment,
      outputCommitment,
    ]);
    const key = createHash("sha256")
      .update(JSON.stringify([circuit.zkeyHash, context.toString(), statement]))
      .digest("hex");
    const file = join(CACHE, `${key}.json`);
    const known = await readFile(file, "utf8").catch(absent);
    if (known !== undefined) return (JSON.parse(known) as string[]).map(BigInt) as Proof;
    const proof = [...(await make())] as Proof;
    await mkdir(CACHE, { recursive: true });
    const partial = `${file}.${process.pid}.partial`;
    await writeFile(partial, JSON.stringify(proof.map(String)));
    await rename(partial, file);
    return proof;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
