import { access, constants } from "node:fs/promises";
import { BinaryProver, type Prover, SnarkjsProver } from "@lattice/zkml";
import { NodeError } from "../../shared/errors.ts";

export const DEFAULT_PROVER = "snarkjs";

/**
 * The prover of this name: "snarkjs", or the path of a program with rapidsnark's command line.
 * @throws NodeError USAGE when there is no such program.
 */
export async function openProver(which: string): Promise<Prover> {
  if (which === DEFAULT_PROVER) return new SnarkjsProver();
  try {
    await access(which, constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new NodeError(
      "USAGE",
      `the prover ${which} cannot be run (${code ?? "unknown"}); give ${DEFAULT_PROVER}, or the path of a program`,
    );
  }
  return new BinaryProver({ path: which });
}
