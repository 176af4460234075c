import { ZkmlError } from "../errors/zkml-error.ts";
import type { ValueInfo, ValueName } from "./graph.ts";
import { allocate, type IntegerTensor, sameShape } from "./tensor.ts";

/** One tensor for a model with one input, or all inputs by name. */
export type GraphInputs = IntegerTensor | Readonly<Record<ValueName, IntegerTensor>>;

/**
 * Pairs tensors with the inputs that a model declares.
 * @throws ZkmlError TENSOR_TYPE, TENSOR_SHAPE (also for a missing or unknown name).
 */
export function bindInputs(
  declared: readonly ValueInfo[],
  inputs: GraphInputs,
): ReadonlyMap<ValueName, IntegerTensor> {
  const [first] = declared;
  const named = isTensor(inputs) ? { [first?.name ?? ""]: inputs } : inputs;
  const names = declared.map(({ name }) => name);
  const given = Object.keys(named);
  if (given.length !== names.length || !names.every((name) => Object.hasOwn(named, name))) {
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `the model takes the inputs ${names.join(", ")}; got ${given.join(", ")}`,
      { expected: names, actual: given },
    );
  }
  const bound = new Map<ValueName, IntegerTensor>();
  for (const info of declared) {
    const tensor = named[info.name] as IntegerTensor;
    expectTensor(info, tensor);
    bound.set(info.name, tensor);
  }
  return bound;
}

function isTensor(inputs: GraphInputs): inputs is IntegerTensor {
  return typeof inputs.elementType === "string" && "data" in inputs;
}

function expectTensor({ name, elementType, shape }: ValueInfo, tensor: IntegerTensor): void {
  const storage = allocate(elementType, 0);
  if (tensor.elementType !== elementType || tensor.data.constructor !== storage.constructor) {
    throw new ZkmlError(
      "TENSOR_TYPE",
      `input "${name}" takes ${elementType} values; got ${tensor.elementType} in ${tensor.data.constructor.name}`,
      { input: name, expected: elementType, actual: tensor.elementType },
    );
  }
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  if (!sameShape(tensor.shape, shape) || tensor.data.length !== length) {
    throw new ZkmlError(
      "TENSOR_SHAPE",
      `input "${name}" takes shape [${shape.join(", ")}]; got [${tensor.shape.join(", ")}] with ${tensor.data.length} values`,
      { input: name, expected: shape, actual: tensor.shape },
    );
  }
}
