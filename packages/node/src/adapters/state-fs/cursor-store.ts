import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Cursor } from "../../core/ports/chain.ts";
import type { CursorStore } from "../../core/ports/state.ts";
import { writeFileAtomic } from "../../shared/atomic-file.ts";
import { messageOf, NodeError } from "../../shared/errors.ts";

const cursorSchema = z.object({
  block: z.number().int().nonnegative(),
  hash: z.string().regex(/^0x[0-9a-f]{64}$/),
});

/** The watcher's position in one JSON file. */
export class FileCursorStore implements CursorStore {
  readonly #file: string;

  constructor({ file }: { readonly file: string }) {
    this.#file = file;
  }

  async load(): Promise<Cursor | undefined> {
    let text: string;
    try {
      text = await readFile(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return cursorSchema.parse(JSON.parse(text));
    } catch (error) {
      throw new NodeError(
        "STATE_CORRUPT",
        `${this.#file} is not readable (${messageOf(error)}); remove it to read the chain's events again`,
        { file: this.#file },
      );
    }
  }

  async save(cursor: Cursor): Promise<void> {
    await writeFileAtomic(this.#file, `${JSON.stringify(cursor)}\n`);
  }
}
