import type { ZkmlErrorCode } from "../errors/zkml-error.ts";
import { ZkmlError } from "../errors/zkml-error.ts";

/** Sections of an iden3 binary file (r1cs, wtns, zkey), by section number. */
export type Sections = ReadonlyMap<number, Uint8Array>;

/**
 * Splits an iden3 binary file: four magic bytes, u32 version, u32 section count, then per section
 * u32 number, u64 length, bytes; all little-endian.
 * @throws ZkmlError with `code` when the magic is wrong, a section is cut short or given twice.
 */
export function readSections(bytes: Uint8Array, magic: string, code: ZkmlErrorCode): Sections {
  const corrupt = (detail: string): ZkmlError =>
    new ZkmlError(code, `not a well-formed ${magic} file: ${detail}; build it again`, { magic });
  if (bytes.byteLength < 12) throw corrupt(`only ${bytes.byteLength} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Buffer.from(bytes.subarray(0, 4)).toString("latin1") !== magic) throw corrupt("wrong magic");
  const sections = new Map<number, Uint8Array>();
  const count = view.getUint32(8, true);
  let offset = 12;
  for (let i = 0; i < count; i++) {
    if (offset + 12 > bytes.byteLength) throw corrupt("it ends inside a section header");
    const number = view.getUint32(offset, true);
    const length = Number(view.getBigUint64(offset + 4, true));
    offset += 12;
    if (offset + length > bytes.byteLength) throw corrupt(`section ${number} is cut short`);
    if (sections.has(number)) throw corrupt(`section ${number} appears twice`);
    sections.set(number, bytes.subarray(offset, offset + length));
    offset += length;
  }
  return sections;
}

/** The bytes of one section, checked to be there. */
export function requireSection(sections: Sections, number: number, code: ZkmlErrorCode): DataView {
  const section = sections.get(number);
  if (section === undefined) {
    throw new ZkmlError(code, `section ${number} is missing; build the file again`, { number });
  }
  return new DataView(section.buffer, section.byteOffset, section.byteLength);
}

/** The inverse of `readSections`, in the order given. */
export function writeSections(
  magic: string,
  version: number,
  sections: readonly (readonly [number: number, bytes: Uint8Array])[],
): Buffer {
  const header = Buffer.alloc(12);
  header.write(magic, "latin1");
  header.writeUInt32LE(version, 4);
  header.writeUInt32LE(sections.length, 8);
  const parts: Uint8Array[] = [header];
  for (const [number, bytes] of sections) {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(number, 0);
    head.writeBigUInt64LE(BigInt(bytes.byteLength), 4);
    parts.push(head, bytes);
  }
  return Buffer.concat(parts);
}
