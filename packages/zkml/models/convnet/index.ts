import type { IntegerGraph } from "../../src/ir/graph.ts";
import shifts from "./convnet.json" with { type: "json" };
import { buildConvnet } from "./convnet.ts";

export { convnetImage } from "./convnet.ts";

/**
 * A convolutional network of 17.9 million random weights and 468 million multiplications, three of its
 * convolutions over 4,608 and 9,216 terms: `image` uint8 [1, 3, 32, 32] → `logits` int32 [1, 10]. It was not
 * trained; it is there to be run. Made on demand, the same every time.
 */
export function createConvnet(): IntegerGraph {
  const left = [...shifts.shifts];
  return buildConvnet(() => left.shift() as number);
}
