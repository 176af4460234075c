import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../solc/compile.ts";
import { measureProof } from "./measure.ts";
import type { BuiltSubject, Subject } from "./subject.ts";
import { verificationGas } from "./verify-gas.ts";

/** Figures of one circuit with one prover; those of a skipped circuit are null. */
export interface Row {
  readonly circuit: string;
  readonly constraints: number;
  readonly prover: string;
  readonly witnessSeconds: number | null;
  readonly proveSeconds: number | null;
  readonly peakMiB: number | null;
  readonly keyMiB: number | null;
  readonly verifyGas: number | null;
  readonly compileSeconds: number | null;
  readonly keySeconds: number | null;
  readonly what: string;
  /** The circuit of ours that this one of others stands beside. */
  readonly beside?: string;
  readonly skipped?: string;
}

const MIB = 2 ** 20;
export const CACHE = join(ROOT, "build", "circuits");

/** Builds every subject, proves each in a fresh process and verifies the proof on a chain. */
export async function runBenchmark(
  subjects: readonly Subject[],
  binary: string | undefined,
  onProgress: (line: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const subject of subjects) {
    const report = (line: string) => onProgress(`${subject.name}: ${line}`);
    const built = await subject.build({ cacheDir: CACHE, onProgress: report });
    if ("skipped" in built) {
      report(`skipped, ${built.constraints} constraints`);
      rows.push(skippedRow(subject, built.constraints, built.skipped));
      continue;
    }
    rows.push(await measured(subject, built, undefined, report));
    if (binary !== undefined) rows.push(await measured(subject, built, binary, report));
  }
  return rows;
}

async function measured(
  subject: Subject,
  built: BuiltSubject,
  binary: string | undefined,
  report: (line: string) => void,
): Promise<Row> {
  const { circuit, constraints, signals, publicSignals, compileSeconds, keySeconds } = built;
  const prover = binary === undefined ? "snarkjs" : "binary";
  report(`proving ${constraints} constraints with ${prover}`);
  const figures = await measureProof({ circuit, signals, publicSignals }, binary);
  const gas = await verificationGas(circuit.verificationKey, figures.proof, publicSignals);
  report(`proven in ${figures.proveSeconds.toFixed(1)} s, ${gas} gas`);
  return {
    circuit: subject.name,
    constraints,
    prover,
    witnessSeconds: rounded(figures.witnessSeconds),
    proveSeconds: rounded(figures.proveSeconds),
    peakMiB: Math.round(figures.peakBytes / MIB),
    keyMiB: rounded((await stat(circuit.zkeyPath)).size / MIB),
    verifyGas: gas,
    compileSeconds: rounded(compileSeconds),
    keySeconds: rounded(keySeconds),
    ...labels(subject),
  };
}

function skippedRow(subject: Subject, constraints: number, skipped: string): Row {
  return {
    circuit: subject.name,
    constraints,
    prover: "snarkjs",
    witnessSeconds: null,
    proveSeconds: null,
    peakMiB: null,
    keyMiB: null,
    verifyGas: null,
    compileSeconds: null,
    keySeconds: null,
    ...labels(subject),
    skipped,
  };
}

function labels({ what, beside }: Subject): Pick<Row, "what" | "beside"> {
  return beside === undefined ? { what } : { what, beside };
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
