import type { JobId, JobProgress } from "../job.ts";
import type { Cursor } from "./chain.ts";

/** Survives restarts and crashes at any point. */
export interface ProgressStore {
  /** Everything stored; files that cannot be read are reported and left out. */
  loadAll(): Promise<readonly JobProgress[]>;
  save(progress: JobProgress): Promise<void>;
  remove(jobId: JobId): Promise<void>;
}

/** A proof that is owed. */
export interface QueuedProof {
  readonly jobId: JobId;
  /** Milliseconds since the Unix epoch at which it was asked for. */
  readonly since: number;
  /** Attempts that were begun. */
  readonly attempts: number;
  readonly running: boolean;
  /** Earliest next attempt, milliseconds since the Unix epoch. */
  readonly retryAt: number;
  /** Code and message of the last failure. */
  readonly lastError?: string;
}

/** The proofs that are owed, in order. Survives restarts and crashes at any point. */
export interface ProofQueueStore {
  /** What was saved last; nothing when that cannot be read, which is reported. */
  load(): Promise<readonly QueuedProof[]>;
  save(proofs: readonly QueuedProof[]): Promise<void>;
}

export interface CursorStore {
  load(): Promise<Cursor | undefined>;
  save(cursor: Cursor): Promise<void>;
}
