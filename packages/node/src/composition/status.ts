import type { ProofQueueStatus } from "../services/prover/proof-queue.ts";
import { writeFileAtomic } from "../shared/atomic-file.ts";
import { toJson } from "../shared/json.ts";
import type { Logger } from "../shared/logger.ts";
import { Loop } from "../shared/loop.ts";
import type { Service } from "../shared/supervisor.ts";
import type { Foundation } from "./foundation.ts";
import type { Services } from "./services.ts";
import { statusFile } from "./status-file.ts";

/** A provider process at one moment; counters start at zero with the process. */
export interface ProviderStatus {
  readonly address: string;
  readonly chainId: number;
  readonly pid: number;
  readonly startedAt: string;
  readonly writtenAt: string;
  /** Newest block seen, and the last one whose events were all handled. */
  readonly head: number | undefined;
  readonly handled: number | undefined;
  readonly jobs: { readonly open: number; readonly own: number };
  readonly proofs: ProofQueueStatus;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const WRITE_MS = 5_000;

/** Reads the status of running services. */
export function statusReader(
  { connection, submitter }: Foundation,
  { metrics, clock, scheduler, watcher, prover }: Services,
): () => ProviderStatus {
  const startedAt = new Date().toISOString();
  return () => ({
    address: submitter.address,
    chainId: connection.lattice.addresses.chainId,
    pid: process.pid,
    startedAt,
    writtenAt: new Date().toISOString(),
    head: clock.head?.number,
    handled: watcher.position,
    jobs: scheduler.counts,
    proofs: prover.queue,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([service, counters]) => [service, counters.snapshot()]),
    ),
  });
}

/** Writes the status next to the process's data, every few seconds and when it closes. */
export function statusWriter(dataDir: string, read: () => unknown, logger: Logger): Service {
  const write = () => writeFileAtomic(statusFile(dataDir), `${toJson(read(), 2)}\n`);
  const loop = new Loop({ name: "status", intervalMs: WRITE_MS }, write, logger);
  return {
    name: "status",
    start: () => loop.start(),
    close: async () => {
      await loop.close();
      await write();
    },
  };
}
