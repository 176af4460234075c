import { readFile } from "node:fs/promises";
import type { KeyedModelCircuit, LoadedModel, TensorReport } from "@lattice/zkml";
import { circuitOf } from "../../adapters/models/build-circuit.ts";
import { singleTensors } from "../../adapters/models/single-tensors.ts";
import { readTensorFile } from "../../adapters/models/tensor-file.ts";
import { NodeError } from "../../shared/errors.ts";
import type { Output } from "../output.ts";
import type { BuildDirOptions, InputOptions } from "./commands.ts";

/** The circuit and key of a model, with every step that takes a while told. */
export async function circuitWithProgress(
  model: LoadedModel,
  { buildDir, compileTimeout }: BuildDirOptions,
  output: Output,
): Promise<KeyedModelCircuit> {
  const started = performance.now();
  const onProgress = (step: string, detail: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    output.note?.(`${seconds.padStart(6)} s  ${step}: ${detail}`);
  };
  const { signal } = new AbortController();
  return await circuitOf(model, buildDir, signal, onProgress, compileTimeout * 1000);
}

/** Bytes of the input that the options name. */
export async function inputOf(
  model: LoadedModel,
  file: string,
  { sample, quantise }: InputOptions,
): Promise<Uint8Array> {
  const quantisation = quantise === undefined ? {} : { quantisation: await scaleOf(quantise) };
  return await readTensorFile(file, singleTensors(model).input, { sample, ...quantisation });
}

async function scaleOf(file: string): Promise<Pick<TensorReport, "scale" | "zeroPoint">> {
  const { input } = (await readJson(file, "import report")) as { input?: Partial<TensorReport> };
  const { scale, zeroPoint } = input ?? {};
  if (typeof scale === "number" && scale > 0 && Number.isInteger(zeroPoint)) {
    return { scale, zeroPoint: zeroPoint as number };
  }
  throw new NodeError("USAGE", `${file} is no report of lattice model import`);
}

/** @throws NodeError USAGE when the file cannot be read or is not JSON. */
export async function readJson(file: string, what: string): Promise<unknown> {
  const text = await readText(file, what);
  try {
    return JSON.parse(text);
  } catch {
    throw new NodeError("USAGE", `the ${what} ${file} is not JSON`);
  }
}

/** @throws NodeError USAGE when the file cannot be read. */
export async function readText(file: string, what: string): Promise<string> {
  return (await readBytes(file, what)).toString("utf8");
}

export async function readBytes(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new NodeError(
      "USAGE",
      `cannot read the ${what} ${file} (${code ?? "unknown"}); check the path`,
    );
  }
}

export const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
export const grouped = (value: number): string => value.toLocaleString("en").replaceAll(",", " ");
