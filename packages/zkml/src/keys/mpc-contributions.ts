import { createHash } from "node:crypto";
import type { Group, NestedBigints } from "ffjavascript";
import { ZkmlError } from "../errors/zkml-error.ts";
import { bn254 } from "./curve.ts";
import { withSections } from "./file-sections.ts";

/** One step of a second phase, as a .zkey file keeps it. The name is a claim: no hash covers it. */
export interface MpcContribution {
  readonly kind: "contribution" | "beacon";
  readonly name: string;
  /** BLAKE2b-512 of the step's public key, hex: what a contributor publishes. */
  readonly hash: string;
  /** Of a beacon: the public value and the exponent of its number of hash iterations. */
  readonly beacon?: { readonly value: string; readonly iterationsExp: number };
}

export interface MpcRecord {
  /** BLAKE2b-512 of the key before the first contribution, hex. */
  readonly circuitHash: string;
  readonly contributions: readonly MpcContribution[];
}

const SECTION = 10;
const G1_BYTES = 64;
const G2_BYTES = 128;
const HASH_BYTES = 64;
const FIXED_BYTES = 3 * G1_BYTES + G2_BYTES + HASH_BYTES + 8;
/** 100 000 contributions would need no more. */
const LIMIT = 100 * 2 ** 20;

/**
 * Reads who contributed to a key.
 * @throws ZkmlError KEY_CORRUPT when the record is malformed.
 */
export async function readMpcRecord(zkeyPath: string): Promise<MpcRecord> {
  const bytes = await withSections(zkeyPath, "zkey", "KEY_CORRUPT", ({ read }) =>
    read(SECTION, LIMIT),
  );
  const corrupt = (): ZkmlError =>
    new ZkmlError("KEY_CORRUPT", `the record of contributions in ${zkeyPath} is malformed`, {
      path: zkeyPath,
    });
  if (bytes.length < HASH_BYTES + 4) throw corrupt();
  const contributions: MpcContribution[] = [];
  let offset = HASH_BYTES + 4;
  for (let left = bytes.readUInt32LE(HASH_BYTES); left > 0; left--) {
    if (offset + FIXED_BYTES > bytes.length) throw corrupt();
    const end = offset + FIXED_BYTES + bytes.readUInt32LE(offset + FIXED_BYTES - 4);
    if (end > bytes.length) throw corrupt();
    const one = await parse(bytes.subarray(offset, end));
    if (one === undefined) throw corrupt();
    contributions.push(one);
    offset = end;
  }
  if (offset !== bytes.length) throw corrupt();
  return { circuitHash: bytes.toString("hex", 0, HASH_BYTES), contributions };
}

async function parse(bytes: Buffer): Promise<MpcContribution | undefined> {
  const type = bytes.readUInt32LE(FIXED_BYTES - 8);
  const parameters = parseParameters(bytes.subarray(FIXED_BYTES));
  if (type > 1 || parameters === undefined) return undefined;
  const { name = "", iterationsExp, value } = parameters;
  const base = { name, hash: await publicKeyHash(bytes) };
  if (type === 0) return { kind: "contribution", ...base };
  if (iterationsExp === undefined || value === undefined) return undefined;
  return { kind: "beacon", ...base, beacon: { value, iterationsExp } };
}

interface Parameters {
  name?: string;
  iterationsExp?: number;
  value?: string;
}

function parseParameters(bytes: Buffer): Parameters | undefined {
  const found: Parameters = {};
  let offset = 0;
  while (offset + 2 <= bytes.length) {
    const [type, next] = [bytes[offset], bytes[offset + 1] as number];
    if (type === 2) {
      found.iterationsExp = next;
      offset += 2;
      continue;
    }
    const end = offset + 2 + next;
    if (end > bytes.length) return undefined;
    const content = bytes.subarray(offset + 2, end);
    if (type === 1) found.name = content.toString("utf8");
    else if (type === 3) found.value = content.toString("hex");
    else return undefined;
    offset = end;
  }
  return offset === bytes.length ? found : undefined;
}

/** delta after it, the two G1 points and the G2 point of its key, and the transcript's hash. */
async function publicKeyHash(bytes: Buffer): Promise<string> {
  const curve = await bn254();
  const hash = createHash("blake2b512");
  const groups: readonly (readonly [Group, number])[] = [
    [curve.G1, G1_BYTES],
    [curve.G1, G1_BYTES],
    [curve.G1, G1_BYTES],
    [curve.G2, G2_BYTES],
  ];
  let offset = 0;
  for (const [group, length] of groups) {
    const [x, y] = group.toObject(new Uint8Array(bytes.subarray(offset, offset + length)));
    hash.update(bigEndian(x as bigint | NestedBigints)).update(bigEndian(y as bigint));
    offset += length;
  }
  return hash.update(bytes.subarray(offset, offset + HASH_BYTES)).digest("hex");
}

/** Uncompressed coordinate; of G2 the imaginary part comes first. */
function bigEndian(value: bigint | NestedBigints): Buffer {
  if (typeof value !== "bigint") {
    const [real, imaginary] = value as readonly [bigint, bigint];
    return Buffer.concat([bigEndian(imaginary), bigEndian(real)]);
  }
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
