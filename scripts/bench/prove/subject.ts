import type { KeyedCircuit } from "@lattice/zkml";

/** A circuit that is compiled and has a key, with one statement to prove. */
export interface BuiltSubject {
  readonly circuit: KeyedCircuit;
  readonly constraints: number;
  /** What building took, on the machine that built it. */
  readonly compileSeconds: number;
  readonly keySeconds: number;
  /** Values of the input signals, by name. */
  readonly signals: Readonly<Record<string, bigint | readonly bigint[]>>;
  /** What the proof has to show: computed apart from the circuit. */
  readonly publicSignals: readonly bigint[];
}

/** Why a subject is not proven here, with what is known of it all the same. */
export interface SkippedSubject {
  readonly skipped: string;
  readonly constraints: number;
}

export interface BuildContext {
  /** Kept from run to run. */
  readonly cacheDir: string;
  readonly onProgress: (line: string) => void;
}

/** One row of the benchmark; add a file to subjects/ and its name to the list there. */
export interface Subject {
  readonly name: string;
  /** For the table, after the name: what is proven. */
  readonly what: string;
  /** Name of the subject of ours with the same layer sizes, for circuits of others. */
  readonly beside?: string;
  build(context: BuildContext): Promise<BuiltSubject | SkippedSubject>;
}
