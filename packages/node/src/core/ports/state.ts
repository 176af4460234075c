import type { Accusation, BondedResult, ResultKey } from "../dispute.ts";
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

/** An inquiry into, or a demand on, a result of this provider. */
export interface OpenQuestion extends ResultKey {
  readonly kind: "inquiry" | "demand";
  /** The inquirer, or who demands. */
  readonly asker: string;
  /** Block of its opening. */
  readonly block: number;
}

/** What a provider is asked and has not seen the end of. Survives restarts and crashes at any point. */
export interface QuestionStore {
  load(): Promise<readonly OpenQuestion[]>;
  save(questions: readonly OpenQuestion[]): Promise<void>;
}

/** A bonded result that a challenger has not finished with. */
export interface DisputeCase {
  readonly result: BondedResult;
  /** How far it came: the chain tells the rest. */
  readonly phase: "unchecked" | "accused" | "inquiring";
  /** Root of the trace as it should be; once the interpreter confirmed it. */
  readonly honestRoot?: string;
  /** What was found, and the salt of the commitment to it. */
  readonly accusation?: Accusation & { readonly salt: string };
}

/** What a challenger works on. Survives restarts and crashes at any point. */
export interface CaseStore {
  /** Everything stored; files that cannot be read are reported and left out. */
  loadAll(): Promise<readonly DisputeCase[]>;
  save(one: DisputeCase): Promise<void>;
  remove(key: ResultKey): Promise<void>;
}
