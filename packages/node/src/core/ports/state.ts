import type { JobId, JobProgress } from "../job.ts";
import type { Cursor } from "./chain.ts";

/** Survives restarts and crashes at any point. */
export interface ProgressStore {
  /** Everything stored; files that cannot be read are reported and left out. */
  loadAll(): Promise<readonly JobProgress[]>;
  save(progress: JobProgress): Promise<void>;
  remove(jobId: JobId): Promise<void>;
}

export interface CursorStore {
  load(): Promise<Cursor | undefined>;
  save(cursor: Cursor): Promise<void>;
}
