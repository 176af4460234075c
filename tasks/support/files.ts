import { readFile } from "node:fs/promises";
import { wrongUse } from "./guard.ts";

/** Text of a file of the command line. @throws NodeError USAGE. */
export async function readText(what: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUse(`cannot read ${what} ${file} (${code ?? "unknown"}); check the path`);
  }
}

/** @throws NodeError USAGE. */
export function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrongUse(`${what} is not JSON: ${cause instanceof Error ? cause.message : "unreadable"}`);
  }
}
