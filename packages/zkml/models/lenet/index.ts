/** The float network that users bring: `image` float32 [1, 1, 28, 28] in [0, 1] → `logits` [1, 10]. */
export const LENET_MODEL_URL = new URL("lenet.onnx", import.meta.url);
