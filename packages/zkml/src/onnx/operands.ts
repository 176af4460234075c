import { ZkmlError } from "../errors/zkml-error.ts";
import type { ValueInfo } from "../ir/graph.ts";
import { type ElementType, elementCount, type IntegerTensor } from "../ir/tensor.ts";
import { ATTRIBUTE_TYPES, type AttributeProto, type NodeProto, type TensorProto } from "./proto.ts";
import { int64ListFromOnnx, tensorFromOnnx } from "./tensors.ts";

/** What the surrounding graph knows. */
export interface GraphContext {
  info(value: string, reader: string): ValueInfo;
  constant(value: string): TensorProto | undefined;
}

/** One ONNX node with typed access to its operands and attributes; errors name the node. */
export class NodeReader {
  readonly name: string;
  readonly op: string;
  readonly #proto: NodeProto;
  readonly #context: GraphContext;
  readonly #attributes = new Map<string, AttributeProto>();

  constructor(proto: NodeProto, name: string, context: GraphContext) {
    this.#proto = proto;
    this.#context = context;
    this.name = name;
    this.op = proto.opType;
    for (const attribute of proto.attributes) {
      if (this.#attributes.has(attribute.name)) {
        throw this.#refuse(`attribute ${attribute.name} is given twice`);
      }
      this.#attributes.set(attribute.name, attribute);
    }
  }

  /** Name of a required input. */
  input(index: number): string {
    const name = this.#proto.input[index];
    if (name !== undefined && name !== "") return name;
    throw new ZkmlError(
      "INVALID_GRAPH",
      `node "${this.name}" (${this.op}) lacks its input ${index}`,
      { node: this.name, operator: this.op, input: index },
    );
  }

  /** Name of the only output. */
  output(): string {
    const [output, ...others] = this.#proto.output;
    if (output === undefined || others.some((name) => name !== "")) {
      throw this.#refuse("only the first output is supported");
    }
    return output;
  }

  get inputCount(): number {
    return this.#proto.input.length;
  }

  /** Refuses inputs beyond `count`. */
  expectInputs(count: number): void {
    if (this.#proto.input.length > count) {
      throw this.#refuse(`takes at most ${count} inputs, got ${this.#proto.input.length}`);
    }
  }

  info(index: number): ValueInfo {
    const reader = `node "${this.name}" (${this.op})`;
    return this.#context.info(this.input(index), reader);
  }

  /** A constant scalar input, or `fallback` when it is absent. */
  scalar(index: number, elementType: ElementType, fallback: number): number {
    const tensor = this.#optionalConstant(index, tensorFromOnnx);
    if (tensor === undefined) return fallback;
    if (tensor.elementType !== elementType) {
      throw this.#refuse(`input ${index} is ${tensor.elementType}; expected ${elementType}`);
    }
    return this.#single(tensor, index);
  }

  /** A constant list of int64. */
  int64List(index: number): number[] {
    this.input(index);
    return this.#optionalConstant(index, int64ListFromOnnx) as number[];
  }

  /** A constant list of int64, or undefined when the input is absent. */
  optionalInt64List(index: number): number[] | undefined {
    return this.#optionalConstant(index, int64ListFromOnnx);
  }

  attributeInt(name: string, fallback?: number): number {
    const attribute = this.#attribute(name, ATTRIBUTE_TYPES.int);
    if (attribute !== undefined) return attribute.i;
    if (fallback !== undefined) return fallback;
    throw this.#refuse(`attribute ${name} is missing`);
  }

  attributeFloat(name: string, fallback: number): number {
    return this.#attribute(name, ATTRIBUTE_TYPES.float)?.f ?? fallback;
  }

  /** Little-endian float32 values. */
  attributeFloats(name: string): Uint8Array {
    return this.#attribute(name, ATTRIBUTE_TYPES.floats)?.floats ?? new Uint8Array();
  }

  /** Whether an attribute is given and has not been read yet. */
  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  attributeInts(name: string): number[] | undefined {
    return this.#attribute(name, ATTRIBUTE_TYPES.ints)?.ints;
  }

  attributeString(name: string, fallback: string): string {
    return this.#attribute(name, ATTRIBUTE_TYPES.string)?.s ?? fallback;
  }

  attributeTensor(name: string): TensorProto {
    const tensor = this.#attribute(name, ATTRIBUTE_TYPES.tensor)?.t;
    if (tensor === undefined) throw this.#refuse(`attribute ${name} is missing`);
    return tensor;
  }

  /** Refuses attributes that nothing read: ignoring one could change the meaning. */
  finish(): void {
    const [unread] = this.#attributes.keys();
    if (unread !== undefined) throw this.#refuse(`attribute ${unread} is not supported`);
  }

  unsupported(problem: string): ZkmlError {
    return this.#refuse(problem);
  }

  #attribute(name: string, type: number): AttributeProto | undefined {
    const attribute = this.#attributes.get(name);
    if (attribute !== undefined && attribute.type !== type) {
      throw this.#refuse(`attribute ${name} has the wrong type`);
    }
    this.#attributes.delete(name);
    return attribute;
  }

  #optionalConstant<T>(index: number, convert: (proto: TensorProto) => T): T | undefined {
    const name = this.#proto.input[index];
    if (name === undefined || name === "") return undefined;
    const proto = this.#context.constant(name);
    if (proto === undefined) {
      throw this.#refuse(`input ${index} ("${name}") must be a constant; fold constants first`);
    }
    return convert(proto);
  }

  #single(tensor: IntegerTensor, index: number): number {
    if (elementCount(tensor.shape) !== 1) {
      throw this.#refuse(`input ${index} must be a single value; per-channel is not supported`);
    }
    return tensor.data[0] as number;
  }

  #refuse(problem: string): ZkmlError {
    return new ZkmlError("UNSUPPORTED_ATTRIBUTE", `node "${this.name}" (${this.op}): ${problem}`, {
      node: this.name,
      operator: this.op,
    });
  }
}
