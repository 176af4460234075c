import { ELEMENT_BYTES, type IntegerTensor } from "../ir/tensor.ts";
import { poseidonHash } from "./poseidon.ts";
import { ELEMENT_TYPE_CODES } from "./tensor-types.ts";

/** ASCII, as the circuit library writes it. */
const DOMAIN = BigInt(`0x${Buffer.from("lattice.tensor.v1", "latin1").toString("hex")}`);
const CHUNK_BYTES = 31;
const CHUNKS_PER_HASH = 15;

/**
 * Poseidon commitment of a tensor's element type, element count and elements, as circuits compute
 * it (definition: circuits/lib/commitment.circom). It binds but does not hide: a tensor that can
 * be guessed can be checked against its commitment. The shape is not part of it.
 * @returns a field element in [0, r), r the order of the BN254 groups.
 */
export function commitTensor({ elementType, data }: IntegerTensor): Promise<bigint> {
  return commitElements(ELEMENT_TYPE_CODES[elementType], ELEMENT_BYTES[elementType], data);
}

/** The same of elements of any ONNX type, by its number and size: `elementBytes` is 1, 2 or 4. */
export async function commitElements(
  elementType: number,
  elementBytes: number,
  data: ArrayLike<number>,
): Promise<bigint> {
  let state = (DOMAIN << 96n) + (BigInt(elementType) << 64n) + BigInt(data.length);
  const chunks = packChunks(data, elementBytes);
  for (let start = 0; start < chunks.length; start += CHUNKS_PER_HASH) {
    state = await poseidonHash([state, ...chunks.slice(start, start + CHUNKS_PER_HASH)]);
  }
  return state;
}

/** Whole elements only, little-endian two's complement, as many as fit 31 bytes. */
function packChunks(data: ArrayLike<number>, bytes: number): bigint[] {
  const perChunk = Math.floor(CHUNK_BYTES / bytes);
  const chunks: bigint[] = [];
  for (let start = 0; start < data.length; start += perChunk) {
    let chunk = 0n;
    for (let i = Math.min(start + perChunk, data.length) - 1; i >= start; i--) {
      const word = BigInt.asUintN(8 * bytes, BigInt(data[i] as number));
      chunk = (chunk << BigInt(8 * bytes)) | word;
    }
    chunks.push(chunk);
  }
  return chunks;
}
