import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { ZkmlError, type ZkmlErrorCode } from "../errors/zkml-error.ts";

interface Section {
  readonly offset: number;
  readonly length: number;
}

/** Where the sections of an iden3 binary file lie, for files that are too large to be read whole. */
export interface FileSections {
  readonly sections: ReadonlyMap<number, Section>;
  /** @throws ZkmlError when the section is missing, or longer than `limit` bytes. */
  read(section: number, limit: number): Promise<Buffer>;
}

/**
 * Opens an iden3 binary file and finds its sections.
 * @throws ZkmlError with `code` when it is not well-formed; what the file system throws.
 */
export async function withSections<T>(
  path: string,
  magic: string,
  code: ZkmlErrorCode,
  action: (file: FileSections) => Promise<T>,
): Promise<T> {
  const handle = await open(path, "r");
  try {
    const sections = await findSections(handle, path, magic, code);
    const read = async (number: number, limit: number): Promise<Buffer> => {
      const section = sections.get(number);
      if (section === undefined || section.length > limit) {
        const problem = section === undefined ? "is missing" : `has ${section.length} bytes`;
        throw new ZkmlError(code, `section ${number} of ${path} ${problem}; get the file again`, {
          path,
          number,
        });
      }
      return await readExactly(handle, section.offset, section.length);
    };
    return await action({ sections, read });
  } finally {
    await handle.close();
  }
}

async function findSections(
  handle: FileHandle,
  path: string,
  magic: string,
  code: ZkmlErrorCode,
): Promise<Map<number, Section>> {
  const corrupt = (detail: string): ZkmlError =>
    new ZkmlError(code, `${path} is no well-formed ${magic} file: ${detail}; get it again`, {
      path,
    });
  const { size } = await handle.stat();
  if (size < 12) throw corrupt(`only ${size} bytes`);
  const header = await readExactly(handle, 0, 12);
  if (header.toString("latin1", 0, 4) !== magic) throw corrupt("wrong magic");
  const sections = new Map<number, Section>();
  let offset = 12;
  for (let left = header.readUInt32LE(8); left > 0; left--) {
    if (offset + 12 > size) throw corrupt("it ends inside a section header");
    const head = await readExactly(handle, offset, 12);
    const [number, length] = [head.readUInt32LE(0), Number(head.readBigUInt64LE(4))];
    offset += 12;
    if (offset + length > size) throw corrupt(`section ${number} is cut short`);
    if (sections.has(number)) throw corrupt(`section ${number} appears twice`);
    sections.set(number, { offset, length });
    offset += length;
  }
  return sections;
}

async function readExactly(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new RangeError("the file became shorter while it was read");
    done += bytesRead;
  }
  return bytes;
}

/** Hash of a file of any size, hex. */
export async function hashFile(path: string, algorithm: "sha256" | "blake2b512"): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
