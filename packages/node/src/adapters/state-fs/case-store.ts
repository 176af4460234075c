import { createHash, randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ResultKey } from "../../core/dispute.ts";
import type { CaseStore, DisputeCase } from "../../core/ports/state.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { toJson } from "../../shared/json.ts";
import type { Logger } from "../../shared/logger.ts";
import { namesIn, readJson } from "./json-file.ts";

const hex = z.string().regex(/^0x([0-9a-fA-F]{2})*$/);
const word = z.string().regex(/^0x[0-9a-fA-F]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

const caseSchema = z.object({
  result: z.object({
    market: address,
    subject: word,
    claim: hex,
    hold: word,
    provider: address,
    modelVersion: word,
    inputDigest: word,
    inputRoot: word,
    outputRoot: word,
    traceRoot: word,
    collateral: z.string().regex(/^\d+$/).transform(BigInt),
    block: z.number().int().nonnegative(),
  }),
  phase: z.enum(["unchecked", "accused", "inquiring"]),
  honestRoot: word.optional(),
  accusation: z
    .object({ kind: z.enum(["step", "trace"]), evidence: hex, what: z.string(), salt: word })
    .optional(),
});

/** One JSON file a case, replaced whole at each change. */
export class DirectoryCaseStore implements CaseStore {
  readonly #directory: string;
  readonly #logger: Logger;

  constructor(
    { directory }: { readonly directory: string },
    { logger }: { readonly logger: Logger },
  ) {
    this.#directory = directory;
    this.#logger = logger;
  }

  async loadAll(): Promise<readonly DisputeCase[]> {
    const found: DisputeCase[] = [];
    for (const name of await namesIn(this.#directory, /^[0-9a-f]{32}\.json$/)) {
      const one = await readJson(join(this.#directory, name), caseSchema, this.#logger);
      if (one === undefined) continue;
      const { result, phase, honestRoot, accusation } = one;
      found.push({
        ...{ result, phase },
        ...(honestRoot === undefined ? {} : { honestRoot }),
        ...(accusation === undefined ? {} : { accusation }),
      });
    }
    return found.sort((a, b) => a.result.block - b.result.block);
  }

  async save(one: DisputeCase): Promise<void> {
    await writeFileAtomic(this.#fileOf(one.result), `${toJson(one, 2)}\n`);
  }

  async remove(key: ResultKey): Promise<void> {
    await rm(this.#fileOf(key), { force: true });
  }

  #fileOf({ market, subject }: ResultKey): string {
    const name = createHash("sha256").update(`${market}/${subject}`).digest("hex").slice(0, 32);
    return join(this.#directory, `${name}.json`);
  }
}

const SECRET_BYTES = 32;

/** What makes the choice of results to check unpredictable: made on first use, then the same. */
export async function lotterySecret(file: string): Promise<Uint8Array> {
  try {
    const secret = await readFile(file);
    if (secret.length === SECRET_BYTES) return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = randomBytes(SECRET_BYTES);
  await writeFileAtomic(file, secret, 0o600);
  return secret;
}
