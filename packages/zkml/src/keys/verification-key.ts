import type { Group, NestedBigints, PointBytes } from "ffjavascript";
import { ZkmlError } from "../errors/zkml-error.ts";
import type { Sections } from "./binary-file.ts";
import { readSections, requireSection } from "./binary-file.ts";
import { bn254 } from "./curve.ts";

type G1Json = readonly [x: string, y: string, z: string];
type G2Json = readonly [
  x: readonly [string, string],
  y: readonly [string, string],
  z: readonly [string, string],
];

/** The JSON that snarkjs calls verification_key.json: decimal strings, projective coordinates. */
export interface VerificationKey {
  readonly protocol: "groth16";
  readonly curve: "bn128";
  readonly nPublic: number;
  readonly vk_alpha_1: G1Json;
  readonly vk_beta_2: G2Json;
  readonly vk_gamma_2: G2Json;
  readonly vk_delta_2: G2Json;
  readonly vk_alphabeta_12: readonly unknown[];
  readonly IC: readonly G1Json[];
}

const CODE = "KEY_CORRUPT";
const HEADER_BYTES = 84;
const G1_BYTES = 64;
const G2_BYTES = 128;

/** Points of the header of a .zkey file, affine, in Montgomery form. */
export interface KeyHeader {
  readonly wireCount: number;
  readonly publicCount: number;
  readonly domainSize: number;
  readonly alpha1: PointBytes;
  readonly beta1: PointBytes;
  readonly beta2: PointBytes;
  readonly gamma2: PointBytes;
  readonly delta1: PointBytes;
  readonly delta2: PointBytes;
}

/** @throws ZkmlError KEY_CORRUPT when the file is no Groth16 key. */
export function readKeyHeader(sections: Sections): KeyHeader {
  const view = requireSection(sections, 2, CODE);
  if (view.byteLength !== HEADER_BYTES + 3 * G1_BYTES + 3 * G2_BYTES) {
    throw new ZkmlError(CODE, `the key header has ${view.byteLength} bytes; make the key again`);
  }
  let offset = HEADER_BYTES;
  const next = (length: number): PointBytes => {
    const point = new Uint8Array(view.buffer, view.byteOffset + offset, length);
    offset += length;
    return point;
  };
  return {
    wireCount: view.getUint32(72, true),
    publicCount: view.getUint32(76, true),
    domainSize: view.getUint32(80, true),
    alpha1: next(G1_BYTES),
    beta1: next(G1_BYTES),
    beta2: next(G2_BYTES),
    gamma2: next(G2_BYTES),
    delta1: next(G1_BYTES),
    delta2: next(G2_BYTES),
  };
}

/**
 * Reads the verifying key out of the bytes of a .zkey file.
 * @throws ZkmlError KEY_CORRUPT for malformed bytes, KEY_UNSAFE for a skipped second phase.
 */
export async function exportVerificationKey(zkey: Uint8Array): Promise<VerificationKey> {
  const curve = await bn254();
  const sections = readSections(zkey, "zkey", CODE);
  const header = readKeyHeader(sections);
  const ic = requireSection(sections, 3, CODE);
  if (ic.byteLength !== (header.publicCount + 1) * G1_BYTES) {
    throw new ZkmlError(CODE, "the key's public inputs do not match its header; make it again");
  }
  const points = Array.from(
    { length: header.publicCount + 1 },
    (_, i) => new Uint8Array(ic.buffer, ic.byteOffset + i * G1_BYTES, G1_BYTES),
  );
  const json = (group: Group, point: PointBytes): unknown => stringify(group.toObject(point));
  const key = {
    protocol: "groth16",
    curve: "bn128",
    nPublic: header.publicCount,
    vk_alpha_1: json(curve.G1, header.alpha1),
    vk_beta_2: json(curve.G2, header.beta2),
    vk_gamma_2: json(curve.G2, header.gamma2),
    vk_delta_2: json(curve.G2, header.delta2),
    vk_alphabeta_12: stringify(curve.Gt.toObject(curve.pairing(header.alpha1, header.beta2))),
    IC: points.map((point) => json(curve.G1, point)),
  } as VerificationKey;
  await assertSoundKey(key);
  return key;
}

/**
 * Parses and checks a verification_key.json.
 * @throws ZkmlError KEY_CORRUPT, KEY_UNSAFE.
 */
export async function parseVerificationKey(text: string): Promise<VerificationKey> {
  let key: VerificationKey;
  try {
    key = JSON.parse(text) as VerificationKey;
  } catch (cause) {
    throw new ZkmlError(CODE, "the verification key is not JSON; export it again", {}, { cause });
  }
  await assertSoundKey(key);
  return key;
}

/**
 * Refuses keys that accept forged proofs. With delta equal to gamma, as right after snarkjs's
 * `zkey new`, anybody can cancel the public-input term with the C point and prove anything; an
 * infinite or off-curve point has like consequences.
 * @throws ZkmlError KEY_CORRUPT, KEY_UNSAFE.
 */
export async function assertSoundKey(key: VerificationKey): Promise<void> {
  if (key?.protocol !== "groth16" || key.curve !== "bn128" || key.IC?.length !== key.nPublic + 1) {
    throw new ZkmlError(CODE, "not a Groth16 verification key over BN254; export it again");
  }
  const curve = await bn254();
  const unsafe = (detail: string): ZkmlError =>
    new ZkmlError("KEY_UNSAFE", `${detail}; run phase 2 of the set-up and export the key again`);
  const [gamma, delta] = [key.vk_gamma_2, key.vk_delta_2].map((point) =>
    checkedPoint(curve.G2, point),
  ) as [PointBytes, PointBytes];
  checkedPoint(curve.G1, key.vk_alpha_1);
  checkedPoint(curve.G2, key.vk_beta_2);
  // Public wires that appear in no constraint still carry a row of A, so none may be infinite.
  for (const point of key.IC) checkedPoint(curve.G1, point);
  if (curve.G2.eq(gamma, delta)) throw unsafe("delta equals gamma: phase 2 was skipped");
  if (curve.G2.eq(curve.G2.neg(gamma), delta)) throw unsafe("delta is the negative of gamma");
}

export function decodePoint(group: Group, json: unknown): PointBytes {
  try {
    return group.fromObject(parse(json));
  } catch (cause) {
    throw new ZkmlError(CODE, "a key holds a malformed point; export it again", {}, { cause });
  }
}

function checkedPoint(group: Group, json: unknown): PointBytes {
  const point = decodePoint(group, json);
  if (group.isZero(point) || !group.isValid(point)) {
    throw new ZkmlError(
      "KEY_UNSAFE",
      "a key point is infinite or off the curve; make the key again",
    );
  }
  return point;
}

function stringify(value: NestedBigints | bigint): unknown {
  return typeof value === "bigint" ? value.toString() : value.map(stringify);
}

function parse(json: unknown): NestedBigints {
  if (!Array.isArray(json)) throw new TypeError("expected an array of coordinates");
  return json.map((item: unknown) => (typeof item === "string" ? BigInt(item) : parse(item)));
}
