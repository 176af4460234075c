import type { CommittedTrace } from "@lattice/zkml";
import type { Trace } from "../../core/ports/traces.ts";

/** A trace of a zkml run. */
export class ZkmlTrace implements Trace {
  readonly committed: CommittedTrace;

  constructor(committed: CommittedTrace) {
    this.committed = committed;
  }

  get root(): string {
    return this.committed.root;
  }
}

/** @throws TypeError for a trace of anything else. */
export function committedOf(trace: Trace): CommittedTrace {
  if (trace instanceof ZkmlTrace) return trace.committed;
  throw new TypeError(`the trace ${trace.root} is none of this runtime`);
}
