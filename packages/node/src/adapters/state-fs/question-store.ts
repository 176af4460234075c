import { z } from "zod";
import type { OpenQuestion, QuestionStore } from "../../core/ports/state.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { toJson } from "../../shared/json.ts";
import type { Logger } from "../../shared/logger.ts";
import { readJson } from "./json-file.ts";

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

const questionsSchema = z.array(
  z.object({
    kind: z.enum(["inquiry", "demand"]),
    market: address,
    subject: z.string().regex(/^0x[0-9a-f]{64}$/),
    asker: address,
    block: z.number().int().nonnegative(),
  }),
);

/** What a provider is asked, in one JSON file. */
export class FileQuestionStore implements QuestionStore {
  readonly #file: string;
  readonly #logger: Logger;

  constructor({ file }: { readonly file: string }, { logger }: { readonly logger: Logger }) {
    this.#file = file;
    this.#logger = logger;
  }

  async load(): Promise<readonly OpenQuestion[]> {
    return (await readJson(this.#file, questionsSchema, this.#logger)) ?? [];
  }

  async save(questions: readonly OpenQuestion[]): Promise<void> {
    await writeFileAtomic(this.#file, `${toJson(questions, 2)}\n`);
  }
}
