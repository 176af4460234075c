import { decodeTensorFile } from "../../onnx/decode.ts";
import { constantFromOnnx } from "../float/float-constant.ts";
import type { FloatSamples } from "./samples.ts";

/**
 * Reads a .pb file that holds one ONNX TensorProto of float32, uint8, int8, int32 or int64.
 * @returns the tensor; its first axis counts samples.
 * @throws ZkmlError MODEL_CORRUPT, MODEL_TOO_LARGE, EXTERNAL_DATA, TENSOR_TYPE, TENSOR_SHAPE,
 * TENSOR_VALUE, INVALID_SHAPE, NOT_FINITE.
 */
export function readTensorFile(bytes: Uint8Array): FloatSamples {
  const { shape, data } = constantFromOnnx(decodeTensorFile(bytes));
  return { shape, data };
}
