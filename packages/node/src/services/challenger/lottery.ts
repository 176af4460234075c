import { createHmac } from "node:crypto";

const BITS = 48;

/**
 * Decides which results are checked: each with probability `share`, the same at every asking, and
 * unpredictable without the secret.
 * @param share Between 0 and 1.
 */
export function isDrawn(secret: Uint8Array, market: string, subject: string, share: number) {
  if (share >= 1) return true;
  const digest = createHmac("sha256", secret).update(`${market}/${subject}`).digest();
  return digest.readUIntBE(0, BITS / 8) < share * 2 ** BITS;
}
