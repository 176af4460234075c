import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { JobId, JobProgress, Proof } from "../../core/job.ts";
import { AssignmentMode, Tier } from "../../core/order.ts";
import type { ProgressStore } from "../../core/ports/state.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { messageOf } from "../../shared/errors.ts";
import { toJson } from "../../shared/json.ts";
import type { Logger } from "../../shared/logger.ts";
import { namesIn } from "./json-file.ts";

const amount = z.string().regex(/^\d+$/).transform(BigInt);
const word = z.string().regex(/^0x[0-9a-fA-F]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const seconds = z.number().int().nonnegative();

const progressSchema = z.object({
  jobId: amount,
  order: z.object({
    requester: address,
    sponsor: address,
    nonce: amount,
    validUntil: seconds,
    modelVersion: word,
    inputCommitment: word,
    inputDigest: word,
    paymentToken: address,
    maxPrice: amount,
    collateral: amount,
    tier: z.literal(Object.values(Tier)),
    mode: z.literal(Object.values(AssignmentMode)),
    provider: address,
    epoch: amount,
    redundancy: seconds,
    bidSeconds: seconds,
    assignSeconds: seconds,
    commitSeconds: seconds,
    proveSeconds: seconds,
    challengeSeconds: seconds,
  }),
  result: z.object({ outputCommitment: word, outputDigest: word }).optional(),
  proof: z.array(amount).length(8).optional(),
});

function parseProgress(text: string): JobProgress {
  const { jobId, order, result, proof } = progressSchema.parse(JSON.parse(text));
  return {
    jobId,
    order,
    ...(result ? { result } : {}),
    ...(proof ? { proof: proof as unknown as Proof } : {}),
  };
}

/** One JSON file a job, replaced whole at each change. */
export class DirectoryProgressStore implements ProgressStore {
  readonly #directory: string;
  readonly #logger: Logger;

  constructor(
    { directory }: { readonly directory: string },
    { logger }: { readonly logger: Logger },
  ) {
    this.#directory = directory;
    this.#logger = logger;
  }

  async loadAll(): Promise<readonly JobProgress[]> {
    const found: JobProgress[] = [];
    for (const name of await namesIn(this.#directory, /^\d+\.json$/)) {
      try {
        found.push(parseProgress(await readFile(join(this.#directory, name), "utf8")));
      } catch (error) {
        // The chain still knows the job: what is lost is only the work done so far.
        this.#logger.error(
          { file: name, reason: messageOf(error) },
          "unreadable job file left out",
        );
      }
    }
    return found.sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
  }

  async save(progress: JobProgress): Promise<void> {
    await writeFileAtomic(this.#fileOf(progress.jobId), `${toJson(progress, 2)}\n`);
  }

  async remove(jobId: JobId): Promise<void> {
    await rm(this.#fileOf(jobId), { force: true });
  }

  #fileOf(jobId: JobId): string {
    return join(this.#directory, `${jobId}.json`);
  }
}
