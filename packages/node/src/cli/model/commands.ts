import { type Command, InvalidArgumentError, Option } from "commander";
import { addressArgument } from "../options.ts";
import type { Output } from "../output.ts";

export interface BuildDirOptions {
  readonly buildDir: string;
  /** Seconds for one attempt to compile a circuit. */
  readonly compileTimeout: number;
}

export interface InspectOptions extends BuildDirOptions {
  readonly exact: boolean;
  readonly json: boolean;
}

export interface InputOptions {
  readonly sample: number;
  readonly quantise?: string;
}

export interface ProveOptions extends BuildDirOptions, InputOptions {
  readonly input: string;
  readonly context: bigint;
  readonly out: string;
  readonly prover: string;
  readonly json: boolean;
}

export interface VerifyOptions extends BuildDirOptions {
  readonly proof: string;
  readonly public?: string;
  readonly key?: string;
  readonly model?: string;
  readonly rpc?: string;
  readonly verifier?: string;
  readonly json: boolean;
}

export interface BenchOptions extends BuildDirOptions, InputOptions {
  readonly input?: string;
  readonly runs: number;
  readonly proofs: number;
  readonly prover: string;
  readonly json: boolean;
}

export interface ImportCommandOptions {
  readonly calibration: string;
  readonly labels?: string;
  readonly heldOut?: string;
  readonly heldOutLabels?: string;
  readonly out: string;
  readonly report?: string;
  readonly name?: string;
  readonly weightBits?: number;
  readonly json: boolean;
}

const DEFAULT_BUILD_DIR = "build/circuits";

/** `lattice model …`: everything about models that needs no chain. */
export function addModelCommands(program: Command, output: Output): void {
  const model = program
    .command("model")
    .description("bring models: import, inspect, prove, verify, measure");
  addImport(model, output);
  addInspect(model, output);
  addProve(model, output);
  addVerify(model, output);
  addBench(model, output);
}

function addImport(parent: Command, output: Output): void {
  parent
    .command("import <onnx>")
    .description("turn a float32 or quantised model into the integer form, and measure the loss")
    .requiredOption("--calibration <npy>", "inputs that show how large values get")
    .option("--labels <npy>", "their classes, to measure accuracy")
    .option("--held-out <npy>", "inputs that calibration does not see")
    .option("--held-out-labels <npy>", "their classes")
    .option("--out <file>", "where the integer model goes", "model.onnx")
    .option("--report <file>", "report with charts, HTML; the figures go beside the model as JSON")
    .option("--name <name>", "name of the integer model (default: that of the float model)")
    .option("--weight-bits <n>", "bits of a weight, 2 to 7 (default: as few as cost little)", count)
    .option("--json", "print JSON", false)
    .action(async (file: string, options: ImportCommandOptions) => {
      const { importCommand } = await import("./import.ts");
      await importCommand(file, options, output);
    });
}

function addInspect(parent: Command, output: Output): void {
  const command = parent
    .command("inspect <onnx>")
    .description("layers, widths, constraints, commitments, and which tiers the model fits")
    .option("--exact", "compile the circuit and count its constraints", false)
    .option("--json", "print JSON", false)
    .action(async (file: string, options: InspectOptions) => {
      const { inspect } = await import("./inspect.ts");
      await inspect(file, options, output);
    });
  withBuildDir(command);
}

function addProve(parent: Command, output: Output): void {
  const command = parent
    .command("prove <onnx>")
    .description("run the model on an input and prove the result")
    .requiredOption("--input <file>", "the input: .npy, .json, .pb (TensorProto), or raw bytes")
    .option("--context <number>", "what the proof is bound to, below the field's order", field, 0n)
    .option("--out <dir>", "where proof.json, public.json and calldata.json go", "proof")
    .option("--json", "print JSON", false)
    .action(async (file: string, options: ProveOptions) => {
      const { prove } = await import("./prove.ts");
      await prove(file, options, output);
    });
  withProver(withInput(withBuildDir(command)));
}

function addVerify(parent: Command, output: Output): void {
  const command = parent
    .command("verify")
    .description("check a proof, here or with a verifier on a chain")
    .requiredOption("--proof <file>", "proof.json, as snarkjs writes it")
    .option("--public <file>", "its public signals (default: public.json beside the proof)")
    .addOption(
      new Option("--key <file>", "verification_key.json of the circuit").conflicts("model"),
    )
    .option("--model <onnx>", "compile this model, and take its key")
    .option("--rpc <url>", "HTTP URL of a chain's node")
    .option("--verifier <address>", "verifier on that chain", addressArgument)
    .option("--json", "print JSON", false)
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("./verify.ts");
      await verify(options, output);
    });
  withBuildDir(command);
}

function addBench(parent: Command, output: Output): void {
  const command = parent
    .command("bench <onnx>")
    .description("measure inferences and proofs on this machine")
    .option("--input <file>", "as for prove (default: a fixed pattern)")
    .option("--runs <n>", "inferences to measure", count, 20)
    .option("--proofs <n>", "proofs to measure", count, 1)
    .option("--json", "print JSON", false)
    .action(async (file: string, options: BenchOptions) => {
      const { bench } = await import("./bench.ts");
      await bench(file, options, output);
    });
  withProver(withInput(withBuildDir(command)));
}

function withBuildDir(command: Command): Command {
  return command
    .option("--build-dir <dir>", "circuits and keys", DEFAULT_BUILD_DIR)
    .option("--compile-timeout <s>", "seconds for an attempt to compile a circuit", count, 240);
}

function withProver(command: Command): Command {
  return command.option(
    "--prover <which>",
    "snarkjs, or a rapidsnark-compatible binary",
    "snarkjs",
  );
}

function withInput(command: Command): Command {
  return command
    .option("--sample <n>", "which sample of a file that holds several", index, 0)
    .option("--quantise <json>", "import report: real inputs become integers as it says");
}

function count(value: string): number {
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number above zero.");
}

function index(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number.");
}

function field(value: string): bigint {
  if (/^(0x[0-9a-fA-F]{1,64}|\d{1,77})$/.test(value)) return BigInt(value);
  throw new InvalidArgumentError("It must be a number, decimal or 0x and hexadecimal digits.");
}
