/** Big-endian two's complement integers of `width` bytes each; `width` is at most 8. */
export function encodeIntegers(width: number, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(width * values.length);
  const word = new DataView(new ArrayBuffer(8));
  for (const [i, value] of values.entries()) {
    word.setBigInt64(0, BigInt(value));
    bytes.set(new Uint8Array(word.buffer, 8 - width), width * i);
  }
  return bytes;
}
