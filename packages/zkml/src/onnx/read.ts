import { ZkmlError } from "../errors/zkml-error.ts";
import { GraphBuilder } from "../ir/builder.ts";
import type { IntegerGraph, ValueInfo } from "../ir/graph.ts";
import { unsupportedOperator } from "./advice.ts";
import { decodeModel } from "./decode.ts";
import { LOWERINGS } from "./lower.ts";
import { NodeReader } from "./operands.ts";
import { PendingIndices } from "./pending-indices.ts";
import {
  floatingTypeName,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./proto.ts";
import { elementTypeFromOnnx, notIntegerForm, tensorFromOnnx } from "./tensors.ts";
import { corrupt } from "./wire-reader.ts";

export const MIN_OPSET = 13;
export const MAX_OPSET = 21;
export const DEFAULT_MAX_MODEL_BYTES = 256 * 2 ** 20;

/** Operators that `readOnnx` accepts. */
export const SUPPORTED_OPERATORS: readonly string[] = [...LOWERINGS.keys(), "Constant"];

export interface ReadOnnxOptions {
  /** Largest accepted file in bytes; 256 MiB unless told. */
  readonly maxBytes?: number;
}

/**
 * Reads an ONNX model in integer form. Constants that no node reads are left out.
 * @throws ZkmlError for anything but a well-formed, exact, fixed-shape integer graph; the code
 * says which: see `ZKML_ERROR_CODES`.
 */
export function readOnnx(bytes: Uint8Array, options: ReadOnnxOptions = {}): IntegerGraph {
  assertSize(bytes, options.maxBytes);
  const model = decodeModel(bytes);
  const opset = defaultOpset(model);
  refuseFloatingPoint(model.graph);
  return new GraphReader(model.graph, opset).read();
}

/** @throws ZkmlError MODEL_TOO_LARGE, or MODEL_CORRUPT without any bytes. */
export function assertSize(bytes: Uint8Array, limit: number = DEFAULT_MAX_MODEL_BYTES): void {
  if (bytes.length > limit) {
    throw new ZkmlError(
      "MODEL_TOO_LARGE",
      `the model has ${bytes.length} bytes; at most ${limit} are accepted`,
      { bytes: bytes.length, limit },
    );
  }
  if (bytes.length === 0) throw corrupt("the file is empty");
}

/**
 * Version of the ONNX operators that a model uses.
 * @throws ZkmlError UNSUPPORTED_OPSET outside 13 to 21.
 */
export function defaultOpset(model: ModelProto): number {
  const versions = model.opsets
    .filter(({ domain }) => isDefaultDomain(domain))
    .map(({ version }) => version);
  const [version] = versions;
  if (
    version === undefined ||
    versions.length > 1 ||
    !(version >= MIN_OPSET && version <= MAX_OPSET)
  ) {
    const found = versions.length === 0 ? "none" : versions.join(", ");
    throw new ZkmlError(
      "UNSUPPORTED_OPSET",
      `the model declares opset ${found}; export it with one opset from ${MIN_OPSET} to ${MAX_OPSET}`,
      { opsets: versions, min: MIN_OPSET, max: MAX_OPSET },
    );
  }
  return version;
}

function refuseFloatingPoint(graph: GraphProto): void {
  const typed = [
    ...graph.inputs.map(({ name, elementType }) => ({ what: `input "${name}"`, elementType })),
    ...graph.initializers.map(({ name, dataType }) => ({
      what: `tensor "${name}"`,
      elementType: dataType,
    })),
  ];
  for (const { what, elementType } of typed) {
    const floating = floatingTypeName(elementType);
    if (floating === undefined) continue;
    const foreign = new Set(graph.nodes.map(({ opType }) => opType));
    for (const supported of SUPPORTED_OPERATORS) foreign.delete(supported);
    const also = foreign.size === 0 ? "" : ` (and uses ${[...foreign].slice(0, 8).join(", ")})`;
    throw notIntegerForm(`${what} is ${floating}${also}`);
  }
}

function isDefaultDomain(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

class GraphReader {
  readonly #graph: GraphProto;
  readonly #opset: number;
  readonly #builder: GraphBuilder;
  readonly #constants = new Map<string, TensorProto>();
  readonly #indices = new PendingIndices();

  constructor(graph: GraphProto, opset: number) {
    this.#graph = graph;
    this.#opset = opset;
    this.#builder = new GraphBuilder(graph.name);
  }

  read(): IntegerGraph {
    for (const tensor of this.#graph.initializers) this.#defineConstant(tensor.name, tensor);
    for (const input of this.#graph.inputs) {
      // Before IR version 4 every initializer was listed as an input too.
      if (!this.#constants.has(input.name)) this.#builder.addInput(declaredInput(input));
    }
    for (const [index, node] of this.#graph.nodes.entries()) this.#readNode(node, index);
    this.#indices.finish();
    const outputs = this.#graph.outputs.map(({ name }) => name);
    for (const output of outputs) this.#refusePending(output);
    const graph = this.#builder.finish(outputs);
    for (const output of this.#graph.outputs) expectDeclared(output, graph);
    return graph;
  }

  #readNode(proto: NodeProto, index: number): void {
    const name = proto.name === "" ? `${proto.opType}_${index}` : proto.name;
    const lower = LOWERINGS.get(proto.opType);
    const known = lower !== undefined || proto.opType === "Constant";
    if (!known || !isDefaultDomain(proto.domain)) {
      const operator = isDefaultDomain(proto.domain)
        ? proto.opType
        : `${proto.domain}.${proto.opType}`;
      throw unsupportedOperator(operator, name, SUPPORTED_OPERATORS);
    }
    const reader = new NodeReader(proto, name, {
      info: (value, by) => this.#info(value, by),
      constant: (value) => this.#constants.get(value),
    });
    if (lower === undefined) {
      this.#defineConstant(reader.output(), reader.attributeTensor("value"));
      reader.finish();
      return;
    }
    const cast = proto.opType === "Cast" ? reader.input(0) : "";
    const node = this.#indices.has(cast)
      ? this.#indices.pair(cast, reader.attributeInt("to"), reader.output())
      : lower(reader, this.#opset);
    reader.finish();
    for (const value of node.inputs) this.#refusePending(value);
    if (node.op === "ArgMax" && proto.opType === "ArgMax") {
      this.#expectFree(node.output);
      this.#indices.add(node);
      return;
    }
    for (const value of node.inputs) this.#useConstant(value);
    this.#builder.addNode(node);
    if (this.#constants.has(node.output)) throw definedTwice(node.output);
  }

  #refusePending(value: string): void {
    if (this.#indices.has(value)) throw this.#indices.refusal(value);
  }

  #expectFree(name: string): void {
    const taken = this.#constants.has(name) || this.#builder.has(name) || this.#indices.has(name);
    if (name === "" || taken) throw definedTwice(name);
  }

  #defineConstant(name: string, tensor: TensorProto): void {
    this.#expectFree(name);
    this.#constants.set(name, { ...tensor, name });
  }

  /** Adds a constant to the graph the first time that a node reads it. */
  #useConstant(value: string): void {
    const tensor = this.#constants.get(value);
    if (tensor !== undefined && !this.#builder.has(value)) {
      this.#builder.addConstant(value, tensorFromOnnx(tensor));
    }
  }

  #info(value: string, reader: string): ValueInfo {
    const tensor = this.#constants.get(value);
    this.#refusePending(value);
    if (tensor === undefined) return this.#builder.info(value, reader);
    const elementType = elementTypeFromOnnx(tensor.dataType, `tensor "${value}"`);
    return { name: value, elementType, shape: tensor.dims };
  }
}

function declaredInput(input: ValueInfoProto): ValueInfo {
  const elementType = elementTypeFromOnnx(input.elementType, `input "${input.name}"`);
  const shape = input.shape?.map((dimension) => {
    if (typeof dimension === "number") return dimension;
    throw new ZkmlError(
      "INVALID_SHAPE",
      `input "${input.name}" has a dynamic dimension "${dimension}"; export it with a fixed shape`,
      { input: input.name, dimension },
    );
  });
  if (shape === undefined) {
    throw new ZkmlError("INVALID_SHAPE", `input "${input.name}" declares no shape`, {
      input: input.name,
    });
  }
  return { name: input.name, elementType, shape };
}

/** A declared output must be what the graph computes, or readers of the file are misled. */
function expectDeclared(declared: ValueInfoProto, graph: IntegerGraph): void {
  const { name, elementType, shape } = graph.values.get(declared.name) as ValueInfo;
  if (elementTypeFromOnnx(declared.elementType, `output "${name}"`) !== elementType) {
    throw new ZkmlError("TENSOR_TYPE", `output "${name}" is ${elementType}, not as declared`, {
      output: name,
    });
  }
  const fits = declared.shape?.every((d, axis) => typeof d === "string" || d === shape[axis]);
  if (declared.shape !== undefined && (!fits || declared.shape.length !== shape.length)) {
    throw new ZkmlError(
      "INVALID_SHAPE",
      `output "${name}" has shape [${shape.join(", ")}], declared [${declared.shape.join(", ")}]`,
      { output: name, shape, declared: declared.shape },
    );
  }
}

function definedTwice(value: string): ZkmlError {
  return new ZkmlError("INVALID_GRAPH", `value "${value}" is defined twice or has no name`, {
    value,
  });
}
