import type { NodeReader } from "../../onnx/operands.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { scalar } from "./float-constant.ts";
import type { FloatContext } from "./float-context.ts";
import {
  affine,
  compose,
  erf,
  gelu,
  geluTanh,
  type Pointwise,
  sigmoid,
  table,
} from "./pointwise.ts";
import type { FloatReader } from "./readers.ts";

type Make = (node: NodeReader) => Pointwise;

const RELU = affine(1, 0, 0);

const FUNCTIONS: Readonly<Record<string, Make>> = {
  Relu: () => RELU,
  LeakyRelu: (node) => {
    const alpha = node.attributeFloat("alpha", 0.01);
    return table((x) => (x < 0 ? alpha * x : x));
  },
  Elu: (node) => {
    const alpha = node.attributeFloat("alpha", 1);
    return table((x) => (x < 0 ? alpha * Math.expm1(x) : x));
  },
  HardSigmoid: (node) =>
    affine(node.attributeFloat("alpha", 0.2), node.attributeFloat("beta", 0.5), 0, 1),
  HardSwish: () => table((x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1)),
  Gelu: (node) => table(node.attributeString("approximate", "none") === "tanh" ? geluTanh : gelu),
  Softplus: () => table((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sigmoid: () => table(sigmoid),
  Tanh: () => table(Math.tanh),
  Erf: () => table(erf),
  Exp: () => table(Math.exp),
  Abs: () => table(Math.abs),
  Neg: () => affine(-1),
  Softsign: () => table((x) => x / (1 + Math.abs(x))),
  Mish: () => table((x) => x * Math.tanh(Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))),
};

export const ACTIVATION_READERS: readonly (readonly [string, FloatReader])[] = [
  ...Object.entries(FUNCTIONS).map(
    ([operator, make]) =>
      [
        operator,
        (node, context) => {
          node.expectInputs(1);
          context.real(node, 0);
          context.addPointwise(node, node.input(0), make(node));
        },
      ] satisfies [string, FloatReader],
  ),
  ["Clip", readClip],
  ["Max", (node, context) => readExtremum(node, context, (bound) => affine(1, 0, bound))],
  [
    "Min",
    (node, context) => readExtremum(node, context, (bound) => affine(1, 0, undefined, bound)),
  ],
  ["Pow", readPow],
  ["Softmax", dropSoftmax],
  ["LogSoftmax", dropSoftmax],
];

function readClip(node: NodeReader, context: FloatContext, proto: NodeProto): void {
  node.expectInputs(3);
  context.real(node, 0);
  const bound = (index: number): number | undefined => {
    const name = proto.input[index];
    if (name === undefined || name === "") return undefined;
    const value = scalar(context.constant(name));
    if (value === undefined) throw node.unsupported("its bounds must be constant single values");
    return value;
  };
  const [low, high] = [bound(1), bound(2)];
  if (low !== undefined && high !== undefined && low > high) {
    throw node.unsupported(`min ${low} is above max ${high}; swap the bounds`);
  }
  context.addPointwise(node, node.input(0), affine(1, 0, low, high));
}

function readExtremum(
  node: NodeReader,
  context: FloatContext,
  make: (bound: number) => Pointwise,
): void {
  node.expectInputs(2);
  const index = context.constant(node.input(0)) === undefined ? 0 : 1;
  const bound = scalar(context.constant(node.input(1 - index)));
  if (bound === undefined) {
    throw node.unsupported("one of its operands must be a constant single value");
  }
  context.real(node, index);
  context.addPointwise(node, node.input(index), make(bound));
}

function readPow(node: NodeReader, context: FloatContext): void {
  node.expectInputs(2);
  const exponent = scalar(context.constant(node.input(1)));
  if (exponent === undefined || !Number.isInteger(exponent) || exponent < 1 || exponent > 8) {
    throw node.unsupported("its exponent must be a constant integer from 1 to 8");
  }
  context.real(node, 0);
  context.addPointwise(
    node,
    node.input(0),
    compose(
      table((x) => x ** exponent),
      affine(1),
    ),
  );
}

/** Which class wins does not change, so a final softmax is left out. */
function dropSoftmax(node: NodeReader, context: FloatContext): void {
  node.expectInputs(1);
  const x = context.real(node, 0);
  node.attributeInt("axis", -1);
  const output = node.output();
  const harmless = new Set(["output", "ArgMax", "Identity"]);
  if (context.readersOf(output).some((reader) => !harmless.has(reader))) {
    throw node.unsupported(
      "it is not at the end of the model; only a final softmax can be dropped (no attention)",
    );
  }
  context.alias(output, x.name);
  context.notes.push(
    `${node.op} "${node.name}" was left out: the model now puts out logits, whose largest element is the same.`,
  );
}
