import type { Job, JobId, JobProgress } from "../../src/core/job.ts";
import { AssignmentMode, type Order } from "../../src/core/order.ts";
import type { ChainEvent, MarketPort } from "../../src/core/ports/market.ts";
import type { ProgressStore, ProofQueueStore, QueuedProof } from "../../src/core/ports/state.ts";
import type {
  ContractCall,
  Submission,
  SubmitOptions,
  Submitter,
} from "../../src/core/ports/transactions.ts";
import { toJson } from "../../src/shared/json.ts";
import { job, SELF } from "./jobs.ts";

/** Jobs in memory; calls carry their arguments as JSON. */
export class FakeMarket implements MarketPort {
  readonly jobs = new Map<JobId, Job>();
  readonly orders = new Map<JobId, Order>();
  expected: string | undefined = SELF;
  reads = 0;

  put(jobId: JobId, order: Order, changes: Partial<Job> = {}): Job {
    const state = job(changes);
    this.jobs.set(jobId, state);
    this.orders.set(jobId, order);
    return state;
  }

  change(jobId: JobId, changes: Partial<Job>): void {
    const order = this.orders.get(jobId);
    if (!order) throw new Error(`no job ${jobId}`);
    this.put(jobId, order, { ...this.jobs.get(jobId), ...changes });
  }

  async job(jobId: JobId): Promise<Job> {
    this.reads++;
    const found = this.jobs.get(jobId);
    if (!found) throw new Error(`no job ${jobId}`);
    return found;
  }

  async order(jobId: JobId): Promise<Order> {
    const found = this.orders.get(jobId);
    if (!found) throw new Error(`no order of job ${jobId}`);
    return found;
  }

  proofContext(order: Order, provider: string): bigint {
    return (order.nonce + 1n) * 1_000n + BigInt(provider.length);
  }

  async expectedProvider(_jobId: JobId, _job: Job, order: Order): Promise<string | undefined> {
    return order.mode === AssignmentMode.Direct ? order.provider : this.expected;
  }

  decode(): readonly ChainEvent[] {
    return [];
  }

  readonly calls = {
    assign: (...of: unknown[]) => fakeCall("assign", of),
    accept: (...of: unknown[]) => fakeCall("accept", of),
    commit: (...of: unknown[]) => fakeCall("commit", of),
    prove: (...of: unknown[]) => fakeCall("prove", of),
    settle: (...of: unknown[]) => fakeCall("settle", of),
    decline: (...of: unknown[]) => fakeCall("decline", of),
    timeOut: (...of: unknown[]) => fakeCall("timeOut", of),
    refund: (...of: unknown[]) => fakeCall("refund", of),
  };
}

export function fakeCall(label: string, values: readonly unknown[]): ContractCall {
  return { to: SELF, label, data: toJson(values) };
}

export function argumentsOf({ data }: ContractCall): unknown[] {
  return JSON.parse(data);
}

export const LANDED: Submission = {
  outcome: "landed",
  receipt: { transaction: "0xaa", blockNumber: 1, succeeded: true, gasUsed: 21_000n, logs: [] },
};

/** Records what is submitted; `onSubmit` plays the chain. */
export class FakeSubmitter implements Submitter {
  readonly address = SELF;
  readonly submitted: ContractCall[] = [];
  onSubmit: (call: ContractCall, options: SubmitOptions) => Promise<Submission> = async () =>
    LANDED;

  async submit(call: ContractCall, options: SubmitOptions = {}): Promise<Submission> {
    this.submitted.push(call);
    return await this.onSubmit(call, options);
  }

  get labels(): string[] {
    return this.submitted.map(({ label }) => label);
  }
}

export class MemoryProofQueue implements ProofQueueStore {
  saved: readonly QueuedProof[] = [];

  load = async (): Promise<readonly QueuedProof[]> => this.saved;
  save = async (proofs: readonly QueuedProof[]): Promise<void> => {
    this.saved = proofs;
  };
}

export class MemoryProgress implements ProgressStore {
  readonly saved = new Map<JobId, JobProgress>();

  async loadAll(): Promise<readonly JobProgress[]> {
    return [...this.saved.values()];
  }

  async save(progress: JobProgress): Promise<void> {
    this.saved.set(progress.jobId, progress);
  }

  async remove(jobId: JobId): Promise<void> {
    this.saved.delete(jobId);
  }
}
