import { readFile, stat } from "node:fs/promises";
import { ZkmlError } from "../errors/zkml-error.ts";
import { DEFAULT_MAX_MODEL_BYTES } from "./read.ts";

/**
 * Reads a model file, checking its size before its content.
 * @throws ZkmlError MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_TOO_LARGE.
 */
export async function readModelFile(
  path: string | URL,
  maxBytes: number = DEFAULT_MAX_MODEL_BYTES,
): Promise<Uint8Array> {
  const shown = String(path);
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new ZkmlError(
        "MODEL_TOO_LARGE",
        `model file ${shown} has ${size} bytes; at most ${maxBytes} are accepted`,
        { path: shown, bytes: size, limit: maxBytes },
      );
    }
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof ZkmlError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    if (reason === "ENOENT" || reason === "ENOTDIR") {
      throw new ZkmlError(
        "MODEL_NOT_FOUND",
        `there is no model file at ${shown}; check the path`,
        { path: shown },
        { cause },
      );
    }
    throw new ZkmlError(
      "MODEL_UNREADABLE",
      `model file ${shown} could not be read (${reason}); check that it is a file you may read`,
      { path: shown, reason },
      { cause },
    );
  }
}
