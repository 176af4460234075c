import { buildPoseidonOpt } from "circomlibjs";
import { ELEMENT_BYTES, type IntegerTensor } from "../ir/tensor.ts";
import { ELEMENT_TYPE_CODES } from "./tensor-types.ts";

/** ASCII, as the circuit library writes it. */
const DOMAIN = BigInt(`0x${Buffer.from("lattice.tensor.v1", "latin1").toString("hex")}`);
const CHUNK_BYTES = 31;
const CHUNKS_PER_HASH = 15;

/** The other builds of the hash are faster, and take 100 MB and two seconds to make. */
let shared: ReturnType<typeof buildPoseidonOpt> | undefined;

/**
 * Poseidon commitment of a tensor's element type, element count and elements, as circuits compute
 * it (definition: circuits/lib/commitment.circom). It binds but does not hide: a tensor that can
 * be guessed can be checked against its commitment. The shape is not part of it.
 * @returns a field element in [0, r), r the order of the BN254 groups.
 */
export async function commitTensor({ elementType, data }: IntegerTensor): Promise<bigint> {
  shared ??= buildPoseidonOpt();
  const poseidon = await shared;
  const type = BigInt(ELEMENT_TYPE_CODES[elementType]);
  let state = (DOMAIN << 96n) + (type << 64n) + BigInt(data.length);
  const chunks = packChunks(data, ELEMENT_BYTES[elementType]);
  for (let start = 0; start < chunks.length; start += CHUNKS_PER_HASH) {
    const group = chunks.slice(start, start + CHUNKS_PER_HASH);
    state = poseidon.F.toObject(poseidon([state, ...group]));
  }
  return state;
}

/** Whole elements only, little-endian two's complement, as many as fit 31 bytes. */
function packChunks(data: IntegerTensor["data"], bytes: number): bigint[] {
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
