import { createTensor, GraphBuilder, type IntegerGraph } from "@lattice/zkml";
import { SeededRandom } from "../../../../packages/zkml/src/ir/random.ts";
import { modelSubject } from "../model-subject.ts";
import type { Subject } from "../subject.ts";

const [INPUTS, HIDDEN, OUTPUTS] = [784, 32, 10] as const;
const LARGEST_PIXEL = 255;
const LARGEST_WEIGHT = 63;
const LARGEST_BIAS = 5_000;
/** Sums of 784 products come down to a byte. */
const DIVISOR = 1024;
const SEED = 20_260_704;
/** A real one is random and secret; here every run has to prove the same. */
const SALT = 20_260_705n;

/** Weights are drawn, not trained: what the circuit costs depends on the architecture alone. */
function mlp(random: SeededRandom): IntegerGraph {
  const draw = (count: number, bound: number) =>
    Array.from({ length: count }, () => random.integer(-bound, bound));
  const builder = new GraphBuilder("private-mlp");
  const dense = (input: string, name: string, inner: number, columns: number): string => {
    const [weights, bias, product] = [`${name}.weights`, `${name}.bias`, `${name}.product`];
    const drawn = draw(inner * columns, LARGEST_WEIGHT);
    builder.addConstant(weights, createTensor("int8", [inner, columns], drawn));
    const zero = { aZeroPoint: 0, bZeroPoint: 0 };
    const inputs = [input, weights] as const;
    builder.addNode({ op: "MatMulInteger", name: product, inputs, output: product, ...zero });
    builder.addConstant(bias, createTensor("int32", [columns], draw(columns, LARGEST_BIAS)));
    builder.addNode({ op: "Add", name, inputs: [product, bias], output: name });
    return name;
  };
  builder.addInput({ name: "image", elementType: "uint8", shape: [1, INPUTS] });
  const [name, max] = ["clip", 256 * DIVISOR - 1] as const;
  const inputs = [dense("image", "hidden", INPUTS, HIDDEN)] as const;
  builder.addNode({ op: "Clip", name, inputs, output: "clipped", min: 0, max });
  builder.addConstant("divisor", createTensor("int32", [], [DIVISOR]));
  builder.addNode({ op: "Div", name: "div", inputs: ["clipped", "divisor"], output: "wide" });
  builder.addNode({ op: "Cast", name: "cast", inputs: ["wide"], output: "narrow", to: "uint8" });
  return builder.finish([dense("narrow", "logits", HIDDEN, OUTPUTS)]);
}

function privateMlp(name: string, what: string, jobs: number): Subject {
  return {
    name,
    what,
    build: (context) => {
      const random = new SeededRandom(SEED);
      const graph = mlp(random);
      const pixels = () => Array.from({ length: INPUTS }, () => random.integer(0, LARGEST_PIXEL));
      const inputs = Array.from({ length: jobs }, () =>
        createTensor("uint8", [1, INPUTS], pixels()),
      );
      return modelSubject({ name, graph, inputs, salt: SALT }, context);
    },
  };
}

export const privateMlpX1 = privateMlp(
  "private-mlp",
  `integer MLP ${INPUTS}-${HIDDEN}-${OUTPUTS}, private weights with a commitment`,
  1,
);

export const privateMlpX8 = privateMlp("private-mlp-x8", "eight inferences of it in one proof", 8);
