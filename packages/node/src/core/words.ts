/** A field element or hash as the contracts' bytes32: 32-byte lower-case hex with 0x. */
export function toWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** True for the bytes32 that stands for none. */
export function isZeroWord(word: string): boolean {
  return BigInt(word) === 0n;
}
