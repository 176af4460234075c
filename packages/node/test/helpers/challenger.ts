import { memoryCases } from "../../src/adapters/state-fs/memory.ts";
import type { BondedResult } from "../../src/core/dispute.ts";
import type { CaseStore, DisputeCase } from "../../src/core/ports/state.ts";
import type { ContractCall, Submission, SubmitOptions } from "../../src/core/ports/transactions.ts";
import type { WatchEvent } from "../../src/core/watch-events.ts";
import { createChallengerMetrics } from "../../src/services/challenger/metrics.ts";
import {
  type ChallengerOptions,
  ChallengerService,
} from "../../src/services/challenger/service.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { FakeDisputes, MARKET, UNTIL } from "./disputes.ts";
import { MODEL, OTHER, SELF, word } from "./jobs.ts";
import { memoryLogger } from "./logger.ts";
import { FakeSubmitter } from "./market.ts";
import { MemoryArtifacts } from "./model.ts";
import { FakeTracedModel, MemoryTraces, rootOf } from "./traces.ts";

const INPUT = word(8);
const signal = new AbortController().signal;

/** A result for the input 3, 4, which the model turns into 6, 8. */
export const result = (changes: Partial<BondedResult> = {}): BondedResult => ({
  market: MARKET,
  subject: word(1),
  hold: word(1),
  claim: "0xc1",
  provider: OTHER,
  modelVersion: MODEL,
  inputDigest: INPUT,
  inputRoot: word(507),
  outputRoot: word(0),
  traceRoot: rootOf(6, 9),
  collateral: 1_000n * 10n ** 18n,
  block: 5,
  ...changes,
});

const OPTIONS: ChallengerOptions = {
  tickMs: 60_000,
  sample: 1,
  secret: new Uint8Array(32),
  latPrice: undefined,
  dryRun: false,
};

/** Copies what it keeps, as a file does: what was not saved is lost. */
function durableCases(): CaseStore {
  const store = memoryCases();
  const copy = (one: DisputeCase): DisputeCase => structuredClone(one);
  return {
    loadAll: async () => (await store.loadAll()).map(copy),
    save: (one) => store.save(copy(one)),
    remove: store.remove,
  };
}

/** A challenger, and the world around it; `restart` keeps the world. */
export class ChallengerWorld {
  readonly disputes = new FakeDisputes();
  readonly submitter = new FakeSubmitter();
  readonly artifacts = new MemoryArtifacts();
  readonly model = new FakeTracedModel();
  readonly traces = new MemoryTraces();
  readonly cases = durableCases();
  readonly events: WatchEvent[] = [];
  metrics = createChallengerMetrics();
  failsToOpen: NodeError | undefined;
  gas = 300_000n;
  /** Called around each transaction; throwing plays a crash. */
  beforeSubmit: (call: ContractCall) => void = () => undefined;
  afterSubmit: (call: ContractCall) => void = () => undefined;
  wallMs = 0;
  service: ChallengerService;
  readonly #options: ChallengerOptions;

  constructor(options: Partial<ChallengerOptions> = {}) {
    this.#options = { ...OPTIONS, ...options };
    this.artifacts.hold(INPUT, 3, 4);
    this.submitter.onSubmit = (call, how) => this.#submit(call, how);
    this.service = this.#create();
  }

  async track(of: BondedResult): Promise<void> {
    this.disputes.open ??= { result: of, challengeableUntil: UNTIL };
    await this.service.track(of);
  }

  /** Ticks until nothing moves any more. */
  async settle(): Promise<void> {
    while ((await this.service.tick(signal)) > 0);
  }

  tick(): Promise<number> {
    return this.service.tick(signal);
  }

  /** A new process on the same directory. */
  async restart(): Promise<void> {
    this.service = this.#create();
    await this.service.load();
  }

  get outcomes(): string[] {
    return this.events.flatMap((event) => (event.event === "done" ? [event.outcome] : []));
  }

  get told(): string[] {
    return this.events.map(({ event }) => event);
  }

  #create(): ChallengerService {
    this.metrics = createChallengerMetrics();
    return new ChallengerService(this.#options, {
      self: SELF,
      disputes: this.disputes,
      submitter: this.submitter,
      costs: {
        estimateGas: async () => this.gas,
        fees: async () => ({ maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 1n }),
      },
      cases: this.cases,
      artifacts: this.artifacts,
      models: {
        open: async () => {
          if (this.failsToOpen) throw this.failsToOpen;
          return this.model;
        },
      },
      traces: this.traces,
      now: () => this.disputes.now,
      isReady: () => true,
      emit: (event) => {
        this.events.push(event);
      },
      logger: memoryLogger().logger,
      metrics: this.metrics,
      wall: { now: () => this.wallMs },
    });
  }

  async #submit(call: ContractCall, { isDone }: SubmitOptions): Promise<Submission> {
    this.beforeSubmit(call);
    try {
      const submission = this.disputes.apply(call);
      this.afterSubmit(call);
      return submission;
    } catch (error) {
      if (error instanceof NodeError && (await isDone?.())) return { outcome: "alreadyDone" };
      throw error;
    }
  }
}

/** A world with a wrong result whose trace is there. */
export async function accused(...options: ConstructorParameters<typeof ChallengerWorld>) {
  const world = new ChallengerWorld(...options);
  await world.traces.put({ root: rootOf(6, 9) });
  await world.track(result());
  return world;
}
