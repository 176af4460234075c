import { type Hex, readTraceFile, writeTraceFile } from "@lattice/zkml";
import { DirectoryTraceStore, type TraceFiles } from "../traces-fs/store.ts";
import { committedOf, ZkmlTrace } from "./zkml-trace.ts";

/** Traces in the file format of zkml. */
const traceFiles: TraceFiles = {
  write: (file, trace) => writeTraceFile(file, committedOf(trace)),
  read: async (file, root) => new ZkmlTrace(await readTraceFile(file, root as Hex)),
};

/** The traces beside the artifacts of this directory. */
export function openTraceStore(artifacts: string): DirectoryTraceStore {
  return new DirectoryTraceStore(artifacts, traceFiles);
}
