import { readdir, readFile } from "node:fs/promises";
import type { z } from "zod";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";

/** The content of a JSON file, checked; undefined when there is none, or when it is unreadable, which is logged. */
export async function readJson<T extends z.ZodType>(
  file: string,
  schema: T,
  logger: Logger,
): Promise<z.output<T> | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    logger.error({ file, reason: messageOf(error) }, "unreadable file left out");
    return undefined;
  }
}

/** Names of the files of a directory that match; none when there is no directory. */
export async function namesIn(directory: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => pattern.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
