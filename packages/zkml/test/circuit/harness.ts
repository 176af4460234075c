import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MemoryFile, type Signals, wtns } from "snarkjs";
import { compileCircuit } from "../../src/circuit/compile.ts";
import type { Simplification } from "../../src/circuit/simplification.ts";
import { type R1cs, readR1cs, readWitness } from "../../src/keys/r1cs.ts";

export interface TestCircuit {
  readonly directory: string;
  readonly r1cs: R1cs;
  /** Throws when the values break a constraint. */
  witness(signals: Signals): Promise<bigint[]>;
  remove(): Promise<void>;
}

export async function compileSource(
  source: string,
  simplification: Simplification = "full",
): Promise<TestCircuit> {
  const directory = await mkdtemp(join(tmpdir(), "zkml-circuit-"));
  try {
    await compileCircuit(source, directory, { simplification });
    const r1cs = readR1cs(await readFile(join(directory, "circuit.r1cs")));
    return {
      directory,
      r1cs,
      witness: (signals) => calculate(join(directory, "circuit.wasm"), signals),
      remove: () => rm(directory, { recursive: true }),
    };
  } catch (error) {
    await rm(directory, { recursive: true });
    throw error;
  }
}

/** Compiles one library template with its inputs public, so that simplification keeps them. */
export function compileTemplate(
  file: string,
  template: string,
  inputs: readonly string[],
): Promise<TestCircuit> {
  return compileSource(
    `pragma circom 2.1.9;\ninclude "${file}";\n` +
      `component main {public [${inputs.join(", ")}]} = ${template};\n`,
  );
}

/** Message of the failure to make a witness; circom's runtime also prints it, which is held back. */
export async function refusal(circuit: TestCircuit, signals: Signals): Promise<string> {
  const print = console.error;
  console.error = () => {};
  try {
    await circuit.witness(signals);
    return "none: there is a witness";
  } catch (error) {
    return String(error);
  } finally {
    console.error = print;
  }
}

/** All wires for these inputs. Throws when the values break a constraint. */
export async function calculate(wasmPath: string, signals: Signals): Promise<bigint[]> {
  const witness: MemoryFile = { type: "mem" };
  await wtns.calculate(signals, wasmPath, witness);
  if (witness.data === undefined) throw new Error("snarkjs left no witness");
  return readWitness(witness.data);
}
