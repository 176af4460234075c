import { ZkmlError } from "../errors/zkml-error.ts";
import type { TranscriptEntry } from "./ceremony-transcript.ts";

/** A step as messages name it. */
export function label(i: number, { name, kind }: TranscriptEntry): string {
  return kind === "beacon" ? `beacon "${name}"` : `contribution ${i + 1} ("${name}")`;
}

export function invalid(
  message: string,
  metadata: Readonly<Record<string, string | number>>,
  cause?: unknown,
): ZkmlError {
  return new ZkmlError("CEREMONY_INVALID", message, metadata, { cause });
}
