import { ZkmlError } from "../errors/zkml-error.ts";
import { BASE_FIELD_ORDER, FIELD_BYTES, readScalar, TWO_ADICITY } from "./field.ts";
import { hashFile, withSections } from "./file-sections.ts";
import { PUBLISHED_POWERS_OF_TAU } from "./published-powers-of-tau.ts";

/** A first phase that was checked. */
export interface PowersOfTau {
  /** The file takes circuits whose domain has at most 2^power points. */
  readonly power: number;
  /** BLAKE2b-512 of the file, hex. */
  readonly blake2b: string;
  /** Whose hash it has: that of the published file of its power, or the one that was given. */
  readonly origin: "published" | "given";
}

export interface PowersOfTauOptions {
  /** Least power that the circuit needs. */
  readonly neededPower: number;
  /** BLAKE2b-512 that the file must have, hex; default: that of the published file of its power. */
  readonly expectedHash?: string;
}

/** Lagrange points of tau in G1; `powersoftau prepare phase2` computes it. */
const PREPARED_SECTION = 12;
const HEADER_LIMIT = 1024;

/**
 * Checks a powers-of-tau file: form, curve, size, and that it is the one it should be. The whole
 * file is hashed, about a second for each 500 MB. What the file claims of itself is not trusted.
 * @throws ZkmlError PTAU_REFUSED saying what is wrong with the file.
 */
export async function checkPowersOfTau(
  path: string,
  { neededPower, expectedHash }: PowersOfTauOptions,
): Promise<PowersOfTau> {
  const power = await readPower(path);
  if (power < neededPower) {
    throw refused(
      `${path} holds 2^${power} powers of tau and the circuit needs 2^${neededPower}; ` +
        `take a file of power ${neededPower} or more`,
      { power, neededPower },
    );
  }
  const wanted = expectedHash?.toLowerCase() ?? PUBLISHED_POWERS_OF_TAU.get(power);
  if (wanted === undefined || !/^[0-9a-f]{128}$/.test(wanted)) {
    throw refused(
      wanted === undefined
        ? `no hash of a powers-of-tau file of power ${power} is published; give the one that it must have`
        : `"${wanted}" is no BLAKE2b-512 hash; give 128 hexadecimal digits`,
      { power },
    );
  }
  const blake2b = await hashFile(path, "blake2b512");
  if (blake2b !== wanted) {
    const whose = expectedHash === undefined ? `the published file of power ${power}` : "the given";
    throw refused(
      `${path} has the BLAKE2b-512 hash ${blake2b}, and ${whose} ${wanted}; ` +
        "whoever made another file may know its secret, so get the right one",
      { power, blake2b, wanted },
    );
  }
  return { power, blake2b, origin: expectedHash === undefined ? "published" : "given" };
}

async function readPower(path: string): Promise<number> {
  try {
    return await withSections(path, "ptau", "PTAU_REFUSED", async ({ sections, read }) => {
      const header = await read(1, HEADER_LIMIT);
      const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
      if (header.byteLength < 44 || view.getUint32(0, true) !== FIELD_BYTES) {
        throw refused(`${path} has a malformed header; get it again`, { path });
      }
      if (readScalar(view, 4) !== BASE_FIELD_ORDER) {
        throw refused(`${path} is not over BN254; get one that is`, { path });
      }
      const power = view.getUint32(36, true);
      if (power < 1 || power > TWO_ADICITY) throw refused(`${path} claims 2^${power} powers`, {});
      if (!sections.has(PREPARED_SECTION)) {
        throw refused(`${path} is not prepared for phase 2; take the prepared file`, { path });
      }
      return power;
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EISDIR" && code !== "EACCES") throw cause;
    throw refused(`cannot read ${path} (${code}); check the path`, { path }, cause);
  }
}

function refused(
  message: string,
  metadata: Readonly<Record<string, string | number>>,
  cause?: unknown,
): ZkmlError {
  return new ZkmlError("PTAU_REFUSED", message, metadata, { cause });
}
