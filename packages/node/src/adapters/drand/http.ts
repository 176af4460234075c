import { drand } from "@lattice/sdk";
import { z } from "zod";
import type { DrandPort } from "../../core/ports/drand.ts";
import { messageOf, NodeError } from "../../shared/errors.ts";

const TIMEOUT_MS = 5_000;
/** What relays answer for a round that is still to come. */
const NOT_PUBLISHED = new Set([404, 425]);

const answerSchema = z.object({
  round: z.number().int(),
  signature: z.string().regex(/^[0-9a-f]{96}$/),
});

/** Rounds of quicknet from an HTTP relay of the network. A relay cannot lie: signatures are verified. */
export function httpDrand(relay: string): DrandPort {
  const base = `${relay.replace(/\/+$/, "")}/${drand.QUICKNET.chainHash}/public`;
  return {
    async signatureOf(round, signal) {
      const failure = (reason: string, cause?: unknown) =>
        new NodeError(
          "DRAND_UNREACHABLE",
          `the drand relay gave no valid round ${round}: ${reason}`,
          { round },
          { cause },
        );
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const answer = await ask(`${base}/${round}`, limit).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw failure(messageOf(cause), cause);
      });
      if (NOT_PUBLISHED.has(answer.status)) return undefined;
      if (answer.status !== 200) throw failure(`status ${answer.status}`);
      const parsed = answerSchema.safeParse(answer.body);
      if (!parsed.success) throw failure("the answer has another form", parsed.error);
      const { signature } = parsed.data;
      if (BigInt(parsed.data.round) !== round || !isValid(round, signature)) {
        throw failure("the signature is not the network's");
      }
      return drand.decodeSignature(signature);
    },
  };
}

async function ask(url: string, signal: AbortSignal) {
  const response = await fetch(url, { signal, redirect: "error" });
  return { status: response.status, body: response.ok ? await response.json() : undefined };
}

/** Decoding throws for bytes that are no point. */
function isValid(round: bigint, signature: string): boolean {
  try {
    return drand.verify(round, signature);
  } catch {
    return false;
  }
}
