import type { ElementType } from "../ir/tensor.ts";

/** Numbers of ONNX TensorProto.DataType; tensor commitments bind them. */
export const ELEMENT_TYPE_CODES: { readonly [E in ElementType]: number } = {
  uint8: 2,
  int8: 3,
  int32: 6,
};
