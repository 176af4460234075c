import type { BondedResult, Exchange, Move, OutputOpening, Reply } from "../../src/core/dispute.ts";
import type { TracedModel } from "../../src/core/ports/model.ts";
import type { Trace, TraceStore } from "../../src/core/ports/traces.ts";
import { NodeError } from "../../src/shared/errors.ts";
import { MODEL, word } from "./jobs.ts";

export const EVIDENCE = "0xee";
/** Answers after which an inquiry of these tests has its evidence. */
export const ROUNDS = 3;

const sum = (bytes: Uint8Array) => BigInt(bytes.reduce((total, byte) => total + byte, 0));

/** Root of the trace of a run with this output. */
export const rootOf = (...output: number[]) => word(10_000n + sum(Uint8Array.from(output)));

/** A model that doubles bytes; a tensor root is 500 and the sum of its bytes, a trace root that of the output. */
export class FakeTracedModel implements TracedModel {
  readonly modelVersion = MODEL;
  readonly input = { name: "in", elementType: "uint8" as const, shape: [2], byteLength: 2 };
  runs = 0;
  replays = 0;

  inputChunks = 2;

  unpackInput(chunks: readonly Uint8Array[]): Uint8Array {
    return Uint8Array.from(chunks, (chunk) => chunk[0] ?? 0);
  }

  inputRoot(bytes: Uint8Array): string {
    return word(500n + sum(bytes));
  }

  async run(input: Uint8Array) {
    this.runs++;
    const output = input.map((byte) => byte * 2);
    return { output, trace: { root: rootOf(...output) } };
  }

  async replay(input: Uint8Array) {
    this.replays++;
    const output = input.map((byte) => byte * 2);
    return { output, trace: { root: rootOf(...output) } };
  }

  findFault(honest: Trace, suspect: Trace, _result: BondedResult) {
    if (honest.root === suspect.root) return undefined;
    return { kind: "step" as const, evidence: EVIDENCE, what: "an element" };
  }

  nextMove(_honest: Trace, exchanges: readonly Exchange[]): Move | undefined {
    if (exchanges.length < ROUNDS)
      return { ask: exchanges.length, nodes: exchanges.at(-1)?.nodes ?? [] };
    return { accuse: { kind: "trace", evidence: EVIDENCE, what: "a leaf" } };
  }

  answer(trace: Trace, exchanges: readonly Exchange[]): Reply {
    return { nodes: [trace.root, word(exchanges.length)], data: "0x" };
  }

  openOutput(trace: Trace, firstChunk: number, chunkCount: number): OutputOpening {
    const program = { header: "0x", values: word(1), nodes: word(2) };
    const output = {
      header: "0x",
      headerSiblings: [],
      chunkRoot: word(3),
      siblings: [],
      chunkIndices: Array.from({ length: chunkCount }, (_, i) => firstChunk + i),
      chunks: "0x",
      chunkProof: [],
    };
    return { program, traceTree: trace.root, output };
  }
}

export class MemoryTraces implements TraceStore {
  readonly held = new Map<string, Trace>();

  async put(trace: Trace): Promise<void> {
    this.held.set(trace.root, trace);
  }

  async get(root: string): Promise<Trace> {
    const trace = this.held.get(root);
    if (trace) return trace;
    throw new NodeError("TRACE_NOT_FOUND", `no ${root}`, { root });
  }

  async has(root: string): Promise<boolean> {
    return this.held.has(root);
  }

  async remove(root: string): Promise<void> {
    this.held.delete(root);
  }
}
