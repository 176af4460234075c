/** Every tensor of one run, as it was committed to. What it holds is its model's to know. */
export interface Trace {
  /** 32-byte hex. */
  readonly root: string;
}

/** Traces by their roots. */
export interface TraceStore {
  put(trace: Trace): Promise<void>;
  /** Reads a trace and recomputes its root. @throws NodeError TRACE_NOT_FOUND or TRACE_CORRUPT. */
  get(root: string): Promise<Trace>;
  has(root: string): Promise<boolean>;
  remove(root: string): Promise<void>;
}
