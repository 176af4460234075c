import type { GraphNode, ValueInfo } from "../ir/graph.ts";
import type { Interval, Shape } from "../ir/tensor.ts";
import type { Chain } from "./chains.ts";
import type { CircuitWriter } from "./circuit-writer.ts";
import { assignEach, element, extremum, indexExpression } from "./emit-elementwise.ts";
import { emitWindows, poolConstraints } from "./emit-pool.ts";
import { type Decomposition, type Plan, planChain, raise } from "./plan-chain.ts";
import { digits, exactLog2 } from "./widths.ts";

/**
 * Proves a chain, and the pooling that reads it where that is cheaper at once: being monotone, the
 * chain of the largest is the largest of the chain.
 * @returns the nodes that are proven with it.
 */
export function emitChain(writer: CircuitWriter, chain: Chain): readonly GraphNode[] {
  const { output, pool, nodes } = chain;
  const x = writer.value(chain.input);
  const plan = planChain(chain, x.interval);
  const { shape } = writer.graph.values.get(output) as ValueInfo;
  if (pool !== undefined && poolFirst(writer, chain, plan)) {
    const pooled = writer.graph.values.get(pool.output) as ValueInfo;
    const count = pooled.shape.reduce((product, dimension) => product * dimension, 1);
    const array = writer.scratch(count);
    emitWindows(writer, pool, { array: x.array, shape, interval: x.interval }, { array, count });
    assignEach(writer, pool.output, expression(writer, chain, plan, `${array}[i]`, pooled.shape));
    return [...nodes, pool];
  }
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  if (plan.constraints === 0 && count === x.count) {
    writer.alias(output, x);
  } else {
    const operand = element(writer, x, shape);
    assignEach(writer, output, expression(writer, chain, plan, operand, shape));
  }
  return nodes;
}

/** Whether comparing wide values and transforming few of them takes fewer constraints. */
function poolFirst(writer: CircuitWriter, chain: Chain, plan: Plan): boolean {
  const { pool, input, output } = chain;
  if (pool === undefined) return false;
  const [x, out] = [writer.value(input), writer.graph.values.get(pool.output) as ValueInfo];
  const pooled = out.shape.reduce((product, dimension) => product * dimension, 1);
  const narrow = writer.graph.intervals.get(output) as Interval;
  const saved = (x.count - pooled) * plan.constraints;
  return poolConstraints(writer, pool, x.interval) - poolConstraints(writer, pool, narrow) < saved;
}

function expression(
  writer: CircuitWriter,
  chain: Chain,
  { decomposition, quotient, lower, upper }: Plan,
  operand: string,
  shape: Shape,
): string {
  let text = operand;
  let interval = quotient;
  if (decomposition !== undefined) {
    text = `${decomposition.template}(${parameters(writer, chain, decomposition, shape)})(${text})`;
  }
  if (lower !== undefined) {
    text = extremum("Larger", text, interval, `${lower}`, { min: lower, max: lower });
    interval = raise(interval, lower);
  }
  if (upper === undefined) return text;
  return extremum("Smaller", text, interval, `${upper}`, { min: upper, max: upper });
}

/** The same for every element, or looked up by its place. */
function parameters(
  writer: CircuitWriter,
  { divisor }: Chain,
  decomposition: Decomposition,
  shape: Shape,
): string {
  const divisors = Array.from(divisor?.data ?? [1]);
  const each = (values: readonly number[]): string => {
    if (new Set(values).size === 1) return `${values[0]}`;
    return `${writer.table(values)}[${indexExpression(writer, divisor?.shape ?? [], shape)}]`;
  };
  if (decomposition.template === "Requantise") {
    const shifts = divisors.map((value) => exactLog2(value) as number);
    return `${decomposition.width}, ${each(shifts)}, ${decomposition.outWidth}`;
  }
  const widths = divisors.map((value) => digits(decomposition.largest / BigInt(value)));
  return `${each(widths)}, ${each(divisors)}`;
}
