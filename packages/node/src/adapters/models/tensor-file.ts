import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import {
  createTensor,
  type FloatSamples,
  quantiseInput,
  readNpy,
  readTensorFile as readTensorProto,
  type TensorReport,
} from "@lattice/zkml";
import type { TensorInfo } from "../../core/ports/model.ts";
import { NodeError } from "../../shared/errors.ts";
import { decodeTensor, encodeTensor } from "./tensor-bytes.ts";

export interface TensorFileOptions {
  /** Which sample of a file that holds several along its first axis; default 0. */
  readonly sample?: number;
  /** How real numbers become the model's integers, as an import reported it. */
  readonly quantisation?: Pick<TensorReport, "scale" | "zeroPoint">;
}

/**
 * Reads an input tensor as an artifact. `.json` holds numbers, as nested as the shape or flat; `.npy`
 * a NumPy array of the shape, or of samples of it; `.pb` a serialised ONNX TensorProto; any other
 * file the elements' bytes, row-major and little-endian.
 * @throws NodeError USAGE, or ZkmlError for a malformed file or a value outside of the element type.
 */
export async function readTensorFile(
  file: string,
  info: TensorInfo,
  options: TensorFileOptions = {},
): Promise<Uint8Array> {
  const bytes = await readBytes(file);
  switch (extname(file).toLowerCase()) {
    case ".json":
      return fromNumbers(fromJson(bytes.toString("utf8")), info, options);
    case ".npy":
      return fromNumbers(readNpy(bytes), info, options);
    case ".pb":
      return fromNumbers(readTensorProto(bytes), info, options);
  }
  if (bytes.byteLength !== info.byteLength) {
    throw wrongInput(
      `the input has ${bytes.byteLength} bytes, but ${describe(info)} and takes ${info.byteLength}`,
    );
  }
  return encodeTensor(decodeTensor(info, bytes));
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongInput(`cannot read the input ${file} (${code ?? "unknown"}); check the path`);
  }
}

function fromNumbers(
  { shape, data }: FloatSamples,
  info: TensorInfo,
  { sample = 0, quantisation }: TensorFileOptions,
): Uint8Array {
  const size = info.shape.reduce((product, dimension) => product * dimension, 1);
  const significant = (of: readonly number[]) => of.filter((dimension) => dimension !== 1).join();
  const whole = data.length === size;
  const fits = significant(shape) === significant(info.shape) || shape.length === 1;
  // Axes of length one do not matter for how the values lie.
  const sampled = significant(shape.slice(1)) === significant(info.shape);
  const count = shape[0] ?? 0;
  if (!(whole && fits) && !sampled) {
    throw wrongInput(`the input has shape [${shape.join(", ")}], but ${describe(info)}`);
  }
  if (sample < 0 || sample >= (whole ? 1 : count)) {
    throw wrongInput(`the input has ${whole ? 1 : count} samples, so there is no sample ${sample}`);
  }
  const values = Array.from(
    { length: size },
    (_, i) => data[sample * (whole ? 0 : size) + i] as number,
  );
  if (quantisation !== undefined) return quantiseInput(values, quantisation);
  const fraction = values.findIndex((value) => !Number.isInteger(value));
  if (fraction !== -1) {
    throw wrongInput(
      `the input holds ${values[fraction]}, and ${describe(info)}; real inputs become integers as the model's import reported it (--quantise)`,
    );
  }
  return encodeTensor(createTensor(info.elementType, info.shape, values));
}

function fromJson(text: string): FloatSamples {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "unreadable";
    throw wrongInput(`the input is not JSON: ${why}`);
  }
  const { values, shape } = flatten(parsed);
  return { shape, data: values };
}

/** Numbers of nested arrays in row-major order, with the dimensions they span. */
function flatten(value: unknown): { values: number[]; shape: number[] } {
  if (typeof value === "number") return { values: [value], shape: [] };
  if (!Array.isArray(value) || value.length === 0) {
    throw wrongInput("the input must be an array of numbers, which may be nested, and not empty");
  }
  const items = value.map(flatten);
  const inner = items[0]?.shape ?? [];
  if (items.some(({ shape }) => shape.join() !== inner.join())) {
    throw wrongInput("the nested arrays of the input have different lengths");
  }
  return { values: items.flatMap(({ values }) => values), shape: [value.length, ...inner] };
}

function describe({ name, elementType, shape }: TensorInfo): string {
  return `"${name}" is ${elementType} [${shape.join(", ")}]`;
}

function wrongInput(message: string): NodeError {
  return new NodeError("USAGE", message);
}
