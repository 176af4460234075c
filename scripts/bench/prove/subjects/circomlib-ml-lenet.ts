import { buildPeerCircuit } from "../peer/circomlib-ml.ts";
import type { BuildContext, Subject } from "../subject.ts";

/** One unit of a layer, and how many of them LeNet has. */
const UNITS = [
  {
    name: "relu",
    include: "ReLU.circom",
    template: "ReLU()",
    count: 6 * 24 * 24 + 16 * 8 * 8 + 120 + 84,
  },
  {
    name: "max",
    include: "MaxPooling2D.circom",
    template: "MaxPooling2D(2, 2, 1, 2, 2)",
    count: 6 * 12 * 12 + 16 * 4 * 4,
  },
] as const;

/** Every product of a value and a weight is a constraint: convolutions, then dense layers. */
const PRODUCTS = 6 * 24 * 24 * 25 + 16 * 8 * 8 * 6 * 25 + 256 * 120 + 120 * 84 + 84 * 10;

async function countConstraints(context: BuildContext): Promise<number> {
  let total = PRODUCTS;
  for (const { name, include, template, count } of UNITS) {
    const source = `pragma circom 2.0.0;\ninclude "${include}";\ncomponent main = ${template};\n`;
    const { constraints } = await buildPeerCircuit(`circomlib-ml-${name}`, source, context);
    total += constraints * count;
  }
  return total;
}

export const circomlibMlLenet: Subject = {
  name: "circomlib-ml-lenet",
  what: "the same layers of circomlib-ml's Conv2D, ReLU, MaxPooling2D and Dense",
  beside: "lenet",
  build: async (context) => {
    const constraints = await countConstraints(context);
    return {
      constraints,
      skipped:
        "counted, not proven: one compiled unit of each layer times the number of units, and a constraint for every product; " +
        "key and proof of this size need more than the memory and minutes that this benchmark allows itself",
    };
  },
};
