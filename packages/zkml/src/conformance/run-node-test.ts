import { ZkmlError } from "../errors/zkml-error.ts";
import { interpret } from "../interpreter/interpret.ts";
import type { IntegerGraph } from "../ir/graph.ts";
import type { IntegerTensor } from "../ir/tensor.ts";
import type { TensorProto } from "../onnx/proto.ts";
import { readOnnx } from "../onnx/read.ts";
import { tensorFromOnnx } from "../onnx/tensors.ts";
import { OnnxRunner } from "../runtime/onnx-runner.ts";
import { assertSameBits } from "../runtime/same-bits.ts";
import { bindParameters, type DataSet, type NodeTest, readNodeTest } from "./node-test.ts";

export type NodeTestOutcome = "passed" | "failed" | "unsupported";

export interface NodeTestResult {
  readonly name: string;
  readonly outcome: NodeTestOutcome;
  /** Why it failed or is not supported; empty when it passed. */
  readonly reason: string;
  /** Whether ONNX Runtime loaded the same model and gave the same bits; undefined without it. */
  readonly runtime: "same bits" | "did not load" | undefined;
}

type Tensors = ReadonlyMap<string, IntegerTensor>;

export interface NodeTestOptions {
  /** Runs ONNX Runtime beside the interpreter. */
  readonly runtime: boolean;
}

/**
 * Runs one test of ONNX's format: the interpreter has to give the expected outputs bit for bit.
 * What the integer form does not hold is unsupported, with the reader's reason; anything else that
 * goes wrong is a failure.
 */
export async function runNodeTest(
  directory: string,
  name: string,
  options: NodeTestOptions,
): Promise<NodeTestResult> {
  let test: NodeTest;
  try {
    test = await readNodeTest(directory, name);
  } catch (error) {
    return result(name, isRefusal(error) ? "unsupported" : "failed", reasonOf(error));
  }
  let runtime: NodeTestResult["runtime"];
  for (const dataSet of test.dataSets) {
    let graph: IntegerGraph;
    const bound = bindParameters(test.model, dataSet);
    try {
      graph = readOnnx(bound.bytes, { roundScales: true });
    } catch (error) {
      return result(name, isRefusal(error) ? "unsupported" : "failed", reasonOf(error));
    }
    try {
      const inputs = tensors(bound.inputs);
      const { outputs } = interpret(graph, inputs);
      if (options.runtime) runtime = await compareRuntime(bound.bytes, inputs, outputs);
      const difference = differenceFrom(expectedOutputs(graph, dataSet), outputs);
      if (difference === undefined) continue;
      return result(name, "failed", `${dataSet.name}: ${difference}`, runtime);
    } catch (error) {
      return result(name, "failed", `${dataSet.name}: ${reasonOf(error)}`, runtime);
    }
  }
  return result(name, "passed", "", runtime);
}

function result(
  name: string,
  outcome: NodeTestOutcome,
  reason: string,
  runtime?: NodeTestResult["runtime"],
): NodeTestResult {
  return { name, outcome, reason, runtime };
}

function tensors(protos: ReadonlyMap<string, TensorProto>): Record<string, IntegerTensor> {
  return Object.fromEntries([...protos].map(([name, proto]) => [name, tensorFromOnnx(proto)]));
}

function expectedOutputs(graph: IntegerGraph, { outputs }: DataSet) {
  if (outputs.length !== graph.outputs.length) {
    throw new Error(`the data set has ${outputs.length} outputs, not ${graph.outputs.length}`);
  }
  return new Map(
    graph.outputs.map(({ name }, index) => [name, tensorFromOnnx(outputs[index] as TensorProto)]),
  );
}

function differenceFrom(expected: Tensors, outputs: Tensors): string | undefined {
  try {
    assertSameBits(expected, outputs);
    return undefined;
  } catch (error) {
    if (!(error instanceof ZkmlError) || error.code !== "BITS_DIFFER") throw error;
    const { output, index, expected: wanted, actual } = error.metadata;
    if (index === undefined) return `output "${output}" has another type or shape than expected`;
    return `output "${output}" is ${actual} at index ${index}; expected ${wanted}`;
  }
}

/** A model that the runtime does not load says nothing about the interpreter. */
async function compareRuntime(
  bytes: Uint8Array,
  inputs: Record<string, IntegerTensor>,
  expected: Tensors,
): Promise<NodeTestResult["runtime"]> {
  let runner: OnnxRunner;
  try {
    runner = await OnnxRunner.create(bytes);
  } catch (error) {
    if (error instanceof ZkmlError && error.code === "RUNTIME_LOAD_FAILED") return "did not load";
    throw error;
  }
  try {
    assertSameBits(expected, (await runner.run(inputs)).outputs);
    return "same bits";
  } finally {
    await runner.release();
  }
}

/** Codes with which the reader refuses a well-formed model. */
const REFUSALS: ReadonlySet<string> = new Set([
  "EXTERNAL_DATA",
  "INVALID_GRAPH",
  "INVALID_SHAPE",
  "MODEL_TOO_LARGE",
  "NOT_INTEGER_FORM",
  "RANGE_OVERFLOW",
  "SATURATION_POSSIBLE",
  "TENSOR_TYPE",
  "UNSUPPORTED_ATTRIBUTE",
  "UNSUPPORTED_OPERATOR",
  "UNSUPPORTED_OPSET",
]);

function isRefusal(error: unknown): boolean {
  return error instanceof ZkmlError && REFUSALS.has(error.code);
}

function reasonOf(error: unknown): string {
  if (error instanceof ZkmlError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
