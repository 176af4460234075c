import type { SeededRandom } from "../../src/ir/random.ts";

/** One of several ways to damage a file: flipped, cut, repeated, removed or overwritten bytes. */
export function mutate(original: Uint8Array, random: SeededRandom): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let round = 0; round < random.integer(1, 4); round++) {
    const at = random.integer(0, bytes.length - 1);
    const length = random.integer(1, 8);
    const part = bytes.subarray(at, at + length);
    switch (random.integer(0, 5)) {
      case 0:
        bytes[at] = (bytes[at] as number) ^ (1 << random.integer(0, 7));
        break;
      case 1:
        bytes.fill(random.pick([0, 0x7f, 0x80, 0xff]), at, at + length);
        break;
      case 2:
        if (random.unit() < 0.2) bytes = bytes.slice(0, Math.max(at, 1));
        break;
      case 3:
        bytes = join(bytes.subarray(0, at), part, bytes.subarray(at));
        break;
      case 4:
        bytes = join(bytes.subarray(0, at), bytes.subarray(at + length));
        if (bytes.length === 0) return original;
        break;
      default:
        bytes[at] = random.integer(0, 255);
    }
  }
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}
