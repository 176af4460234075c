/** The float network that users bring: `image` float32 [1, 784] in [0, 1] → `logits` [1, 10]. */
export const MLP_MODEL_URL = new URL("mlp.onnx", import.meta.url);
