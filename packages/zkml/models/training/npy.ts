const MAGIC = Buffer.from("\x93NUMPY\x01\x00", "latin1");
const ALIGNMENT = 64;

/** Bytes of a NumPy array file (format 1.0), row-major, of float32 or uint8 elements. */
export function encodeNpy(data: Float32Array | Uint8Array, shape: readonly number[]): Buffer {
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (count !== data.length) {
    throw new RangeError(`shape [${shape}] holds ${count} elements, not ${data.length}`);
  }
  const type = data instanceof Float32Array ? "<f4" : "|u1";
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const used = MAGIC.length + 2 + text.length + 1;
  const header = `${text}${" ".repeat((ALIGNMENT - (used % ALIGNMENT)) % ALIGNMENT)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([MAGIC, length, Buffer.from(header, "latin1"), littleEndian(data)]);
}

function littleEndian(data: Float32Array | Uint8Array): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const bytes = new Uint8Array(4 * data.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of data.entries()) view.setFloat32(4 * i, value, true);
  return bytes;
}
