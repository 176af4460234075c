import type { ElementType, IntegerTensor } from "../../ir/tensor.ts";
import {
  type AttributeProto,
  DATA_TYPES,
  type NodeProto,
  type TensorProto,
} from "../../onnx/proto.ts";
import { tensorProto, tensorToOnnx } from "../../onnx/write.ts";

/** A half-open range along an axis. */
export type AxisRange = readonly [axis: number, from: number, to: number];

/** ONNX nodes and constants that are made as they are needed; values between them get names of their own. */
export class OnnxNodes {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #taken: (name: string) => boolean;
  #made = 0;

  /** @param taken Names that the model has already. */
  constructor(taken: (name: string) => boolean) {
    this.#taken = taken;
  }

  /** Adds a node and gives the name of its value, which is `output` when that is given. */
  add(
    opType: string,
    input: readonly string[],
    { output = this.#name(), attributes = [] }: { output?: string; attributes?: AttributeProto[] },
  ): string {
    const names = { input: [...input], output: [output] };
    this.nodes.push({ name: `${output}/node`, opType, domain: "", ...names, attributes });
    return output;
  }

  constant(tensor: IntegerTensor): string {
    const name = this.#name();
    this.initializers.push(tensorToOnnx(name, tensor));
    return name;
  }

  scalar(elementType: ElementType, value: number): string {
    const data =
      elementType === "int32"
        ? Int32Array.of(value)
        : elementType === "int8"
          ? Int8Array.of(value)
          : Uint8Array.of(value);
    return this.constant({ elementType, shape: [], data });
  }

  int64List(values: readonly number[]): string {
    const name = this.#name();
    const bytes = new Uint8Array(8 * values.length);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of values.entries()) view.setBigInt64(8 * i, BigInt(value), true);
    this.initializers.push(tensorProto(name, [values.length], DATA_TYPES.int64, bytes));
    return name;
  }

  slice(value: string, ranges: readonly AxisRange[]): string {
    const lists = [1, 2, 0].map((i) => this.int64List(ranges.map((range) => range[i] as number)));
    return this.add("Slice", [value, ...lists], {});
  }

  reshape(value: string, shape: readonly number[], output?: string): string {
    const named = output === undefined ? {} : { output };
    return this.add("Reshape", [value, this.int64List(shape)], named);
  }

  #name(): string {
    let name: string;
    do name = `part.${this.#made++}`;
    while (this.#taken(name));
    return name;
  }
}
