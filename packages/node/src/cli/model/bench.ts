import { stat } from "node:fs/promises";
import { type IntegerTensor, interpret, loadModel, OnnxRunner } from "@lattice/zkml";
import { openProver } from "../../adapters/models/open-prover.ts";
import { singleTensors } from "../../adapters/models/single-tensors.ts";
import { decodeTensor } from "../../adapters/models/tensor-bytes.ts";
import { type Output, printRecord } from "../output.ts";
import type { BenchOptions } from "./commands.ts";
import { circuitWithProgress, grouped, inputOf, mib } from "./support.ts";

interface Times {
  readonly median: number;
  readonly least: number;
}

/** `lattice model bench`: times are of this machine and moment. */
export async function bench(file: string, options: BenchOptions, output: Output): Promise<void> {
  const prover = await openProver(options.prover);
  try {
    const model = await loadModel(file);
    const info = singleTensors(model).input;
    const bytes =
      options.input === undefined
        ? Uint8Array.from({ length: info.byteLength }, (_, i) => (i * 37) % 256)
        : await inputOf(model, options.input, options);
    const input = decodeTensor(info, bytes);
    const runtime = await timeRuntime(model.bytes, input, options.runs);
    const interpreter = await timed(options.runs, async () => {
      interpret(model.graph, input);
    });
    const circuit = await circuitWithProgress(model, options, output);
    const witness: number[] = [];
    const proofs: number[] = [];
    let peakMemoryBytes = 0;
    for (let i = 0; i < options.proofs; i++) {
      output.note?.(`proof ${i + 1} of ${options.proofs}`);
      const result = await prover.prove({ circuit, context: BigInt(i), input });
      witness.push(result.witnessSeconds);
      proofs.push(result.proveSeconds);
      peakMemoryBytes = Math.max(peakMemoryBytes, result.peakMemoryBytes);
    }
    const { size: keyBytes } = await stat(circuit.zkeyPath);
    const { constraints, keyStatus, seconds } = circuit;
    const record = {
      name: model.graph.name,
      prover: options.prover,
      ...{ constraints, keyStatus, keyBytes, build: seconds },
      runs: options.runs,
      runtimeSeconds: runtime,
      interpreterSeconds: interpreter,
      proofs: options.proofs,
      witnessSeconds: summarise(witness),
      proveSeconds: summarise(proofs),
      peakMemoryBytes,
    };
    printRecord(options.json, output, record, [
      ["model", model.graph.name],
      ["ONNX Runtime", milliseconds(runtime)],
      ["interpreter", milliseconds(interpreter)],
      ["constraints", grouped(constraints)],
      ["key", `${mib(keyBytes)} MiB, ${keyStatus}`],
      ["built in", `${seconds.compile} s for the circuit, ${seconds.key} s for the key`],
      ["witness", `${record.witnessSeconds.median.toFixed(2)} s`],
      ["proof", `${record.proveSeconds.median.toFixed(2)} s with ${options.prover}`],
      ["peak memory", `${mib(peakMemoryBytes)} MiB`],
    ]);
  } finally {
    await prover.close();
  }
}

async function timeRuntime(model: Uint8Array, input: IntegerTensor, runs: number): Promise<Times> {
  const runner = await OnnxRunner.create(model);
  try {
    return await timed(runs, async () => {
      await runner.run(input);
    });
  } finally {
    await runner.release();
  }
}

/** Seconds of each of several runs, after one that warms up. */
async function timed(runs: number, action: () => Promise<void>): Promise<Times> {
  await action();
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await action();
    seconds.push((performance.now() - started) / 1000);
  }
  return summarise(seconds);
}

function summarise(seconds: readonly number[]): Times {
  const sorted = [...seconds].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, least: sorted[0] ?? 0 };
}

function milliseconds({ median, least }: Times): string {
  return `${(median * 1000).toFixed(2)} ms, at best ${(least * 1000).toFixed(2)} ms`;
}
