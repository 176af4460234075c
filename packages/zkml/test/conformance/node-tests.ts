import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IntegerTensor } from "../../src/ir/tensor.ts";
import { encodeTensorFile } from "../../src/onnx/encode.ts";
import { DATA_TYPES, type TensorProto } from "../../src/onnx/proto.ts";
import { tensor } from "../helpers/protos.ts";

/** A tensor as a test's file stores it. */
export function stored({ elementType, shape, data }: IntegerTensor): TensorProto {
  return tensor("", DATA_TYPES[elementType], [...shape], { int32Data: [...data] });
}

export interface Fixture {
  readonly model: Uint8Array;
  readonly inputs: readonly TensorProto[];
  readonly outputs: readonly TensorProto[];
}

/** Writes a test in the format of ONNX's backend tests. */
export async function writeNodeTest(
  directory: string,
  name: string,
  { model, inputs, outputs }: Fixture,
): Promise<void> {
  const set = join(directory, name, "test_data_set_0");
  await mkdir(set, { recursive: true });
  await writeFile(join(directory, name, "model.onnx"), model);
  for (const [role, tensors] of Object.entries({ input: inputs, output: outputs })) {
    for (const [index, proto] of tensors.entries()) {
      await writeFile(join(set, `${role}_${index}.pb`), encodeTensorFile(proto));
    }
  }
}
