import type { ElementType, IntegerTensor, ValueInfo } from "@lattice/zkml";
import type { TensorInfo } from "../../core/ports/model.ts";
import { NodeError } from "../../shared/errors.ts";

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = { uint8: 1, int8: 1, int32: 4 };

export function tensorInfo({ name, elementType, shape }: ValueInfo): TensorInfo {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  return { name, elementType, shape, byteLength: count * ELEMENT_BYTES[elementType] };
}

/**
 * Reads a tensor from an artifact: its elements row-major, little-endian, nothing else.
 * @throws NodeError INPUT_MISMATCH when the length does not fit the shape.
 */
export function decodeTensor(info: TensorInfo, bytes: Uint8Array): IntegerTensor {
  const { name, elementType, shape, byteLength } = info;
  if (bytes.byteLength !== byteLength) {
    throw new NodeError(
      "INPUT_MISMATCH",
      `"${name}" is ${elementType} [${shape.join(", ")}] and takes ${byteLength} bytes, got ${bytes.byteLength}`,
      { tensor: name, expected: byteLength, actual: bytes.byteLength },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (elementType) {
    case "uint8":
      return { elementType, shape, data: Uint8Array.from(bytes) };
    case "int8":
      return { elementType, shape, data: Int8Array.from(bytes, (_, i) => view.getInt8(i)) };
    case "int32": {
      const data = Int32Array.from({ length: byteLength / 4 }, (_, i) =>
        view.getInt32(4 * i, true),
      );
      return { elementType, shape, data };
    }
  }
}

/** The artifact of a tensor; inverse of `decodeTensor`. */
export function encodeTensor({ elementType, data }: IntegerTensor): Uint8Array {
  const width = ELEMENT_BYTES[elementType];
  const bytes = new Uint8Array(width * data.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of data.entries()) {
    if (width === 1) view.setUint8(i, value & 0xff);
    else view.setInt32(4 * i, value, true);
  }
  return bytes;
}
