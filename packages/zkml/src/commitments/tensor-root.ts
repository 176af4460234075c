import { transposeIndices } from "../ir/shapes.ts";
import { ELEMENT_BYTES, type ElementType, type IntegerTensor, type Shape } from "../ir/tensor.ts";
import { encodeIntegers } from "./encode.ts";
import { hashParts } from "./hash.ts";
import { MerkleTree } from "./merkle.ts";

/** 32 words of 32 bytes: hashing is ten times faster than by the word, and openings are short. */
export const CHUNK_BYTES = 1024;

/**
 * Order in which elements are packed, chosen so that what one output element needs lies
 * together: images and filters with channels last, the right operand of a matrix product column
 * by column.
 */
export type Layout = "row-major" | "channels-last" | "columns-first";

export const LAYOUT_CODES: Readonly<Record<Layout, number>> = {
  "row-major": 0,
  "channels-last": 1,
  "columns-first": 2,
};

export const ELEMENT_TYPE_CODES: Readonly<Record<ElementType, number>> = {
  uint8: 1,
  int8: 2,
  int32: 3,
};

/**
 * Elements one after another, most significant byte first, two's complement: 32 8-bit or 8
 * 32-bit elements to a 32-byte word, filled up with zeros to whole chunks.
 */
export function packTensor(tensor: IntegerTensor, layout: Layout): Uint8Array {
  const width = ELEMENT_BYTES[tensor.elementType];
  const order = transposeIndices(tensor.shape, axisOrder(tensor.shape, layout));
  const chunks = Math.ceil((order.length * width) / CHUNK_BYTES);
  const packed = new Uint8Array(chunks * CHUNK_BYTES);
  const view = new DataView(packed.buffer);
  for (let i = 0; i < order.length; i++) {
    const value = tensor.data[order[i] as number] as number;
    if (width === 1) view.setUint8(i, value);
    else view.setInt32(width * i, value);
  }
  return packed;
}

/**
 * Commitment to one tensor:
 * keccak(0x02 ‖ type ‖ layout ‖ rank ‖ dimensions, 4 bytes each ‖ Merkle root of its chunks).
 */
export function tensorRoot(tensor: IntegerTensor, layout: Layout = "row-major"): Uint8Array {
  const packed = packTensor(tensor, layout);
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < packed.length; start += CHUNK_BYTES) {
    chunks.push(packed.subarray(start, start + CHUNK_BYTES));
  }
  const header = encodeTensorHeader(tensor.elementType, tensor.shape, layout);
  return hashParts("tensor", header, new MerkleTree(chunks).root);
}

export function encodeTensorHeader(
  elementType: ElementType,
  shape: Shape,
  layout: Layout,
): Uint8Array {
  const codes = [ELEMENT_TYPE_CODES[elementType], LAYOUT_CODES[layout], shape.length];
  return Uint8Array.of(...codes, ...encodeIntegers(4, shape));
}

/** Axes in the order of the layout, the slowest first. */
export function axisOrder(shape: Shape, layout: Layout): number[] {
  const axes = shape.map((_, axis) => axis);
  if (layout === "row-major") return axes;
  // Channels last moves axis 1 behind the image axes; columns first swaps the last two.
  const from = layout === "channels-last" ? 1 : shape.length - 2;
  return [...axes.toSpliced(from, 1), from];
}
