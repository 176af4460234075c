import { ZkmlError } from "../errors/zkml-error.ts";
import type { ValueName } from "../ir/graph.ts";
import { type IntegerTensor, sameShape } from "../ir/tensor.ts";

type Outputs = ReadonlyMap<ValueName, IntegerTensor>;

/**
 * Compares a run with the reference interpreter's run of the same input.
 * @throws ZkmlError BITS_DIFFER naming the first difference. Do not commit such a result: on this
 * machine the runtime does not compute the model exactly.
 */
export function assertSameBits(reference: Outputs, run: Outputs): void {
  for (const [name, expected] of reference) {
    const actual = run.get(name);
    if (actual === undefined) throw differ(name, "is missing", {});
    if (actual.elementType !== expected.elementType || !sameShape(actual.shape, expected.shape)) {
      throw differ(name, `is ${describe(actual)}; expected ${describe(expected)}`, {});
    }
    const index = expected.data.findIndex((value, i) => value !== actual.data[i]);
    if (index >= 0) {
      const [wanted, got] = [expected.data[index] as number, actual.data[index] as number];
      throw differ(name, `is ${got} at index ${index}; expected ${wanted}`, {
        index,
        expected: wanted,
        actual: got,
      });
    }
  }
}

function describe({ elementType, shape }: IntegerTensor): string {
  return `${elementType} [${shape.join(", ")}]`;
}

function differ(output: string, problem: string, metadata: Record<string, number>): ZkmlError {
  return new ZkmlError(
    "BITS_DIFFER",
    `output "${output}" ${problem}; the runtime on this machine is not exact for this model`,
    { output, ...metadata },
  );
}
