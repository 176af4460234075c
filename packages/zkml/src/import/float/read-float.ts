import { ZkmlError } from "../../errors/zkml-error.ts";
import type { ValueName } from "../../ir/graph.ts";
import { elementCount, type Shape } from "../../ir/tensor.ts";
import { NodeReader } from "../../onnx/operands.ts";
import type { ModelProto, NodeProto, ValueInfoProto } from "../../onnx/proto.ts";
import { constantFromOnnx, constantType } from "./float-constant.ts";
import { FloatContext } from "./float-context.ts";
import type { FloatGraph, FloatNode, FloatValue } from "./float-graph.ts";
import { FOLDS } from "./fold.ts";
import { readConstant, readShape } from "./read-constant.ts";
import { READERS, refuseOperator } from "./readers.ts";

export interface ReadFloatOptions {
  /** Replaces a first dimension that is dynamic; 1 unless told. */
  readonly batch?: number;
  /** Which output to keep when there are several. */
  readonly output?: ValueName;
}

export const MAX_NODES = 2 ** 13;
const MAX_VALUES = 2 ** 27;

/**
 * Reads a decoded float32 or quantised model.
 * @throws ZkmlError UNSUPPORTED_OPERATOR, UNSUPPORTED_ATTRIBUTE, INVALID_GRAPH, INVALID_SHAPE,
 * INVALID_SCALE, NOT_FINITE, EXTERNAL_DATA, TENSOR_TYPE, MODEL_TOO_LARGE, naming what is at fault.
 */
export function readFloatGraph(model: ModelProto, options: ReadFloatOptions = {}): FloatGraph {
  const { graph } = model;
  if (graph.nodes.length > MAX_NODES) {
    throw new ZkmlError(
      "MODEL_TOO_LARGE",
      `the model has ${graph.nodes.length} nodes; at most ${MAX_NODES} are accepted`,
      { limit: MAX_NODES },
    );
  }
  const context = new FloatContext(graph);
  for (const tensor of graph.initializers) {
    context.defineConstant(tensor.name, constantFromOnnx(tensor));
  }
  const input = defineInput(context, graph.inputs, options.batch);
  for (const [index, node] of graph.nodes.entries()) readNode(context, node, index);
  const outputName = chooseOutput(graph.outputs, options.output);
  const output = context.resolve(outputName);
  context.value(output, "the output list");
  const nodes = context.nodesFor(output);
  if (nodes.length === 0) {
    throw new ZkmlError("INVALID_GRAPH", `output "${output}" does not depend on the input`, {
      output,
    });
  }
  const { values, notes } = context;
  refuseHuge(nodes, values);
  return { name: graph.name, input, output, outputName, nodes, values, notes };
}

/** Calibration holds all values of one inference at once. */
function refuseHuge(nodes: readonly FloatNode[], values: ReadonlyMap<ValueName, FloatValue>): void {
  const sizes = nodes.map(({ output }) => elementCount(values.get(output)?.shape ?? []));
  const elements = sizes.reduce((sum, size) => sum + size, 0);
  if (elements <= MAX_VALUES) return;
  throw new ZkmlError(
    "MODEL_TOO_LARGE",
    `one inference makes ${elements} values; at most ${MAX_VALUES} are supported, so import a smaller model or batch`,
    { elements, limit: MAX_VALUES },
  );
}

function defineInput(
  context: FloatContext,
  declared: readonly ValueInfoProto[],
  batch: number | undefined,
): ValueName {
  // Before IR version 4 every initializer was listed as an input too.
  const inputs = declared.filter(({ name }) => context.constant(name) === undefined);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new ZkmlError(
      "INVALID_GRAPH",
      `the model takes ${inputs.length} inputs (${inputs.map(({ name }) => name).join(", ")}); export it with exactly one`,
      { inputs: inputs.map(({ name }) => name) },
    );
  }
  const type = constantType(input.elementType, `input "${input.name}"`);
  if (type !== "float32" && type !== "uint8" && type !== "int8") {
    throw new ZkmlError("TENSOR_TYPE", `input "${input.name}" is ${type}; use float32`, {
      input: input.name,
    });
  }
  context.defineValue(input.name, inputShape(input, batch), { tensor: input.name });
  if (type !== "float32") context.markStored(input.name);
  return input.name;
}

function inputShape({ name, shape }: ValueInfoProto, batch: number | undefined): Shape {
  const refuse = (problem: string): ZkmlError =>
    new ZkmlError("INVALID_SHAPE", `input "${name}" ${problem}`, { input: name });
  if (shape === undefined) throw refuse("declares no shape; export it with a fixed one");
  return shape.map((dimension, axis) => {
    if (typeof dimension === "string") {
      if (axis === 0) return batch ?? 1;
      throw refuse(
        `has a dynamic dimension "${dimension}" at axis ${axis}; export the model with fixed sizes (only the batch, at axis 0, may be dynamic)`,
      );
    }
    if (axis === 0 && batch !== undefined && batch !== dimension) {
      throw refuse(`has the fixed batch ${dimension}, not ${batch}; export it with a dynamic one`);
    }
    return dimension;
  });
}

function chooseOutput(outputs: readonly ValueInfoProto[], wanted: string | undefined): ValueName {
  const names = outputs.map(({ name }) => name);
  const found = wanted === undefined ? names : names.filter((name) => name === wanted);
  const [output] = found;
  if (output === undefined || found.length > 1) {
    throw new ZkmlError(
      "INVALID_GRAPH",
      `the model puts out ${names.join(", ")}; choose exactly one of them`,
      { outputs: names },
    );
  }
  return output;
}

function readNode(context: FloatContext, proto: NodeProto, index: number): void {
  const name = proto.name === "" ? `${proto.opType}_${index}` : proto.name;
  const node = new NodeReader(proto, name, {
    info: (value) => {
      throw new ZkmlError("INVALID_GRAPH", `"${value}" is not an integer value`, { value });
    },
    constant: () => undefined,
  });
  if (proto.domain !== "" && proto.domain !== "ai.onnx") {
    throw refuseOperator(`${proto.domain}.${proto.opType}`, name);
  }
  const given = proto.input.filter((input) => input !== "");
  const fold = FOLDS.get(proto.opType);
  if (proto.opType === "Constant") {
    context.defineConstant(node.output(), readConstant(node));
  } else if (proto.opType === "Shape") {
    context.defineConstant(node.output(), readShape(node, context));
  } else if (fold !== undefined && given.every((input) => context.constant(input))) {
    const inputs = proto.input.map((input) => context.constant(input));
    context.defineConstant(node.output(), fold(node, inputs));
  } else {
    const read = READERS.get(proto.opType);
    if (read === undefined) throw refuseOperator(proto.opType, name);
    read(node, context, proto);
  }
  node.finish();
}
