import { readFile } from "node:fs/promises";
import { encodeTensor, type TensorInfo } from "@lattice/node";
import { createTensor } from "@lattice/zkml";
import { wrongUse } from "./guard.ts";

function describe({ name, elementType, shape }: TensorInfo): string {
  return `"${name}" is ${elementType} [${shape.join(", ")}]`;
}

/** Numbers of nested arrays in row-major order, with the dimensions they span. */
function flatten(value: unknown): { values: number[]; shape: number[] } {
  if (typeof value === "number") return { values: [value], shape: [] };
  if (!Array.isArray(value) || value.length === 0) {
    throw wrongUse("the input must be an array of numbers, which may be nested, and not empty");
  }
  const items = value.map(flatten);
  const inner = items[0]?.shape ?? [];
  if (items.some(({ shape }) => shape.join() !== inner.join())) {
    throw wrongUse("the nested arrays of the input have different lengths");
  }
  return { values: items.flatMap(({ values }) => values), shape: [value.length, ...inner] };
}

function fromJson(text: string, info: TensorInfo): Uint8Array {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw wrongUse(
      `the input is not JSON: ${cause instanceof Error ? cause.message : "unreadable"}`,
    );
  }
  const { values, shape } = flatten(parsed);
  const flat = shape.length === 1 && values.length === info.shape.reduce((a, b) => a * b, 1);
  if (!flat && shape.join() !== info.shape.join()) {
    throw wrongUse(`the input has shape [${shape.join(", ")}], but ${describe(info)}`);
  }
  return encodeTensor(createTensor(info.elementType, info.shape, values));
}

/**
 * Reads an input tensor: `.json` files hold numbers, as nested as the shape or flat; others the
 * elements' bytes, row-major and little-endian.
 * @throws NodeError USAGE, or ZkmlError for a value outside of the element type.
 */
export async function readTensorFile(file: string, info: TensorInfo): Promise<Uint8Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUse(`cannot read the input ${file} (${code ?? "unknown"}); check the path`);
  }
  if (file.endsWith(".json")) return fromJson(bytes.toString("utf8"), info);
  if (bytes.byteLength !== info.byteLength) {
    throw wrongUse(
      `the input has ${bytes.byteLength} bytes, but ${describe(info)} and takes ${info.byteLength}`,
    );
  }
  return new Uint8Array(bytes);
}
