import type { IntegerTensor } from "../ir/tensor.ts";
import { decodeTensorFile } from "./decode.ts";
import { tensorFromOnnx } from "./tensors.ts";

/**
 * Reads a serialised TensorProto (.pb) of type uint8, int8 or int32.
 * @throws ZkmlError MODEL_CORRUPT and what `tensorFromOnnx` refuses.
 */
export function readTensorProto(bytes: Uint8Array): IntegerTensor {
  return tensorFromOnnx(decodeTensorFile(bytes));
}
