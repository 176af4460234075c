import { randomBytes } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Trace, TraceStore } from "../../core/ports/traces.ts";
import { messageOf, NodeError } from "../../shared/errors.ts";

/** How a trace is a file. */
export interface TraceFiles {
  write(file: string, trace: Trace): Promise<void>;
  /** Recomputes the root. @throws when the file cannot be read, or is not that trace. */
  read(file: string, root: string): Promise<Trace>;
}

const ROOT = /^0x[0-9a-f]{64}$/;

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * Traces as files named by their roots, beside the artifacts: `traces/<root>.trace`. Whoever reads
 * one recomputes its root, so the directory may be shared.
 */
export class DirectoryTraceStore implements TraceStore {
  readonly #directory: string;
  readonly #files: TraceFiles;

  /** @param artifacts Directory of the artifacts. */
  constructor(artifacts: string, files: TraceFiles) {
    this.#directory = join(artifacts, "traces");
    this.#files = files;
  }

  async put(trace: Trace): Promise<void> {
    if (await this.has(trace.root)) return;
    const file = this.#fileOf(trace.root);
    await mkdir(this.#directory, { recursive: true });
    // Processes that share the directory may write the same trace at once: the last rename wins.
    const own = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
    try {
      await this.#files.write(own, trace);
      await rename(own, file);
    } finally {
      await rm(own, { force: true });
    }
  }

  async get(root: string): Promise<Trace> {
    const file = this.#fileOf(root);
    let trace: Trace;
    try {
      trace = await this.#files.read(file, root);
    } catch (error) {
      if (isMissing(error)) {
        const message = `the trace ${root} is not in ${this.#directory}`;
        throw new NodeError("TRACE_NOT_FOUND", message, { root });
      }
      const reason = messageOf(error);
      const message = `the stored trace ${root} cannot be used: ${reason}`;
      throw new NodeError("TRACE_CORRUPT", message, { root, reason }, { cause: error });
    }
    if (trace.root === root) return trace;
    const message = `the stored trace ${root} has root ${trace.root}`;
    throw new NodeError("TRACE_CORRUPT", message, { root, actual: trace.root });
  }

  async has(root: string): Promise<boolean> {
    try {
      await access(this.#fileOf(root));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async remove(root: string): Promise<void> {
    await rm(this.#fileOf(root), { force: true });
  }

  /** Roots come from the chain: anything else must not become a path. */
  #fileOf(root: string): string {
    if (!ROOT.test(root)) throw new RangeError(`"${root}" is not a trace root`);
    return join(this.#directory, `${root}.trace`);
  }
}
