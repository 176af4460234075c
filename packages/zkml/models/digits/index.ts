/** The digit classifier: `image` uint8 [1, 784] → `logits` int32 [1, 10]. */
export const DIGITS_MODEL_URL = new URL("digits.onnx", import.meta.url);

export {
  DIGIT_PIXELS,
  DIGIT_SIZE,
  type DigitImage,
  HELD_OUT_SEED,
  renderDigit,
} from "./render.ts";
export { digitBatches } from "./training-set.ts";
