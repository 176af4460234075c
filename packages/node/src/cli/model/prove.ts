import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assertSameBits,
  type IntegerTensor,
  interpret,
  type LoadedModel,
  loadModel,
  OnnxRunner,
  type ProofResult,
  snarkjsProof,
} from "@lattice/zkml";
import { openProver } from "../../adapters/models/open-prover.ts";
import { singleTensors } from "../../adapters/models/single-tensors.ts";
import { decodeTensor, encodeTensor } from "../../adapters/models/tensor-bytes.ts";
import { type Output, printRecord } from "../output.ts";
import type { ProveOptions } from "./commands.ts";
import { circuitWithProgress, grouped, inputOf, mib } from "./support.ts";

/** `lattice model prove` */
export async function prove(file: string, options: ProveOptions, output: Output): Promise<void> {
  const { context, out, json } = options;
  const prover = await openProver(options.prover);
  try {
    const model = await loadModel(file);
    const bytes = await inputOf(model, options.input, options);
    const input = decodeTensor(singleTensors(model).input, bytes);
    const circuit = await circuitWithProgress(model, options, output);
    const run = await execute(model, input);
    output.note?.(`proving, ${grouped(circuit.constraints)} constraints`);
    const result = await prover.prove({ circuit, context, input, output: run.output });
    await writeProof(out, bytes, run.output, result);
    const { witnessSeconds, proveSeconds, peakMemoryBytes, publicSignals } = result;
    const { constraints, keyStatus, zkeyHash, seconds } = circuit;
    const values = Array.from(run.output.data);
    const record = {
      directory: out,
      ...{ keyStatus, constraints, zkeyHash, publicSignals },
      output: { ...run.output, data: values },
      inferenceSeconds: run.seconds,
      ...{ witnessSeconds, proveSeconds, peakMemoryBytes },
      build: seconds,
    };
    printRecord(json, output, record, [
      ["proof", join(out, "proof.json")],
      ["output", preview(values)],
      ["context", `${publicSignals[0]}`],
      ["input commitment", `${publicSignals[1]}`],
      ["output commitment", `${publicSignals[2]}`],
      ["key", keyStatus === "ceremony" ? "of a ceremony" : "for development: anyone can forge"],
      ["constraints", grouped(constraints)],
      ["inference", `${(run.seconds * 1000).toFixed(2)} ms, the same bits in the interpreter`],
      ["witness", `${witnessSeconds.toFixed(2)} s`],
      ["proof took", `${proveSeconds.toFixed(2)} s`],
      ["peak memory", `${mib(peakMemoryBytes)} MiB`],
    ]);
  } finally {
    await prover.close();
  }
}

/** One run in ONNX Runtime, which must have the interpreter's bits. */
async function execute(
  { bytes, graph }: LoadedModel,
  input: IntegerTensor,
): Promise<{ readonly output: IntegerTensor; readonly seconds: number }> {
  const runner = await OnnxRunner.create(bytes);
  try {
    const started = performance.now();
    const { output, outputs } = await runner.run(input);
    const seconds = (performance.now() - started) / 1000;
    assertSameBits(interpret(graph, input).outputs, outputs);
    return { output, seconds };
  } finally {
    await runner.release();
  }
}

async function writeProof(
  directory: string,
  input: Uint8Array,
  output: IntegerTensor,
  { proof, publicSignals }: ProofResult,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { pi_a, pi_b, pi_c, ...rest } = snarkjsProof(proof);
  const [ax, ay, ...others] = proof.map(word);
  const [bx1, bx0, by1, by0, cx, cy] = others;
  const inputs = publicSignals.map(word);
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ["proof.json", json({ pi_a, pi_b, pi_c, ...rest })],
    ["public.json", json(publicSignals.map(String))],
    [
      "calldata.json",
      json({
        proof: proof.map(word),
        publicInputs: inputs,
        verifyProof: [
          [ax, ay],
          [
            [bx1, bx0],
            [by1, by0],
          ],
          [cx, cy],
          inputs,
        ],
      }),
    ],
    ["input.bin", input],
    ["output.bin", encodeTensor(output)],
  ];
  for (const [name, content] of files) await writeFile(join(directory, name), content);
}

function word(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function preview(values: readonly number[]): string {
  const shown = values.slice(0, 12).join(" ");
  return values.length > 12 ? `${shown} … (${values.length} values)` : shown;
}
