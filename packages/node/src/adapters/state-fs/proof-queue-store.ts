import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { ProofQueueStore, QueuedProof } from "../../core/ports/state.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { messageOf } from "../../shared/errors.ts";
import { toJson } from "../../shared/json.ts";
import type { Logger } from "../../shared/logger.ts";

const milliseconds = z.number().nonnegative();

const queueSchema = z.array(
  z.object({
    jobId: z.string().regex(/^\d+$/).transform(BigInt),
    since: milliseconds,
    attempts: z.number().int().nonnegative(),
    running: z.boolean(),
    retryAt: milliseconds,
    lastError: z.string().optional(),
  }),
);

/**
 * The proof queue in one JSON file, which each change replaces whole and on disk. It holds the few
 * dozen proofs that one node owes, so a list in a file is as durable as a database and has nothing
 * to set up.
 */
export class FileProofQueueStore implements ProofQueueStore {
  readonly #file: string;
  readonly #logger: Logger;

  constructor({ file }: { readonly file: string }, { logger }: { readonly logger: Logger }) {
    this.#file = file;
    this.#logger = logger;
  }

  async load(): Promise<readonly QueuedProof[]> {
    let text: string;
    try {
      text = await readFile(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
    try {
      return queueSchema
        .parse(JSON.parse(text))
        .map(({ lastError, ...proof }) =>
          lastError === undefined ? proof : { ...proof, lastError },
        );
    } catch (error) {
      // Jobs are stored by themselves: what is lost is the order and the count of attempts.
      this.#logger.error({ file: this.#file, reason: messageOf(error) }, "unreadable proof queue");
      return [];
    }
  }

  async save(proofs: readonly QueuedProof[]): Promise<void> {
    await writeFileAtomic(this.#file, `${toJson(proofs, 2)}\n`);
  }
}
