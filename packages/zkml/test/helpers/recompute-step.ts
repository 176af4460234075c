import type { OpenedNode, OpenedTensor } from "./opened-evidence.ts";

/** Codes of parts, and those of the operators that they are parts of. */
const WHOLE = new Map([
  [18, 1],
  [19, 2],
  [20, 16],
  [21, 13],
]);

/** What the node computes as the output element at these coordinates; not for ArgMax. */
export function recompute(
  { op, parameters }: OpenedNode,
  operands: readonly OpenedTensor[],
  output: OpenedTensor,
  at: readonly number[],
): number {
  const [a, b] = operands as [OpenedTensor, OpenedTensor];
  const [first, second] = parameters as [number, number];
  const pair = () => [aligned(a, at), aligned(b, at)] as const;
  const partial = WHOLE.has(op);
  const [from = 0, to = Number.POSITIVE_INFINITY] = partial ? parameters.slice(-2) : [];
  const before = from > 0 ? (operands.at(-1) as OpenedTensor).at(...at) : undefined;
  const terms = { from, to, before };
  switch (WHOLE.get(op) ?? op) {
    case 1:
      return product(a, b, [first, second], at, terms);
    case 2:
      return convolution(a, b, parameters, at, terms);
    case 3:
    case 4:
      return aligned(a, at) + (op === 3 ? 1 : -1) * aligned(b, at);
    case 5:
      return Math.imul(...pair());
    case 6:
      return Math.trunc(aligned(a, at) / aligned(b, at));
    case 7:
    case 8:
      return op === 7 ? Math.max(...pair()) : Math.min(...pair());
    case 9:
      return Math.min(Math.max(a.at(...at), first), second);
    case 10:
      return a.at(...at);
    case 11:
      return a.at(...unflatten(a.shape, flatten(output.shape, at)));
    case 12:
      return a.at(...at.map((_, axis) => at[parameters.indexOf(axis)] as number));
    case 13:
      return largest(a, parameters, at, terms);
    case 14:
      return joined(operands, first, at);
    case 15:
      return b.at(a.at(...at));
    case 16:
      return sum(a, partial ? parameters.slice(0, -2) : parameters, at, terms);
    default:
      throw new Error(`no operator has code ${op}`);
  }
}

interface Terms {
  readonly from: number;
  readonly to: number;
  readonly before: number | undefined;
}

const inRange = ({ from, to }: Terms, r: number) => r >= from && r < to;

function aligned(tensor: OpenedTensor, at: readonly number[]): number {
  const last = at.slice(at.length - tensor.shape.length);
  return tensor.at(...tensor.shape.map((d, axis) => (d === 1 ? 0 : (last[axis] as number))));
}

function product(
  a: OpenedTensor,
  b: OpenedTensor,
  zeroPoints: readonly [number, number],
  at: readonly number[],
  terms: Terms,
): number {
  const [row, column] = at.slice(-2) as [number, number];
  const batch = at.slice(0, -2);
  const leading = ({ shape }: OpenedTensor) => {
    const dimensions = shape.slice(0, -2);
    const last = batch.slice(batch.length - dimensions.length);
    return dimensions.map((d, axis) => (d === 1 ? 0 : (last[axis] as number)));
  };
  let total = terms.before ?? 0;
  for (let k = 0; k < (a.shape.at(-1) as number); k++) {
    if (!inRange(terms, k)) continue;
    const left = a.at(...leading(a), row, k) - zeroPoints[0];
    total += left * (b.at(...leading(b), k, column) - zeroPoints[1]);
  }
  return total;
}

interface Tap {
  readonly r: number;
  readonly row: number;
  readonly column: number;
  readonly ky: number;
  readonly kx: number;
}

/** Taps of a window inside the image; `window` is kernel, strides, dilations, pads. */
function taps(window: readonly number[], shape: readonly number[], at: readonly number[]): Tap[] {
  const [kh, kw, sh, sw, dh, dw, top, left] = window as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [, , outRow, outColumn] = at as [number, number, number, number];
  const found: Tap[] = [];
  for (let ky = 0; ky < kh; ky++) {
    for (let kx = 0; kx < kw; kx++) {
      const [row, column] = [outRow * sh + ky * dh - top, outColumn * sw + kx * dw - left];
      const inside =
        row >= 0 && row < (shape[2] as number) && column >= 0 && column < (shape[3] as number);
      if (inside) found.push({ r: ky * kw + kx, row, column, ky, kx });
    }
  }
  return found;
}

function convolution(
  x: OpenedTensor,
  w: OpenedTensor,
  [xZero, wZero, groups, ...window]: readonly number[],
  at: readonly number[],
  terms: Terms,
): number {
  const [image, filter] = at as [number, number];
  const [filters, perGroup] = w.shape as [number, number];
  const channel = Math.floor((filter * (groups as number)) / filters) * perGroup;
  let total = terms.before ?? 0;
  for (const { r, row, column, ky, kx } of taps(window, x.shape, at)) {
    for (let c = 0; c < perGroup; c++) {
      if (!inRange(terms, r * perGroup + c)) continue;
      const pixel = x.at(image, channel + c, row, column) - (xZero as number);
      total += pixel * (w.at(filter, c, ky, kx) - (wZero as number));
    }
  }
  return total;
}

function largest(
  x: OpenedTensor,
  window: readonly number[],
  at: readonly number[],
  terms: Terms,
): number {
  const [image, channel] = at as [number, number];
  const least = x.type === 1 ? 0 : -128;
  return taps(window, x.shape, at)
    .filter(({ r }) => inRange(terms, r))
    .map(({ row, column }) => x.at(image, channel, row, column))
    .reduce((most, value) => Math.max(most, value), terms.before ?? least);
}

function joined(operands: readonly OpenedTensor[], axis: number, at: readonly number[]): number {
  let place = at[axis] as number;
  for (const operand of operands) {
    const extent = operand.shape[axis] as number;
    if (place < extent) return operand.at(...at.with(axis, place));
    place -= extent;
  }
  throw new Error("no operand has the element");
}

function sum(
  x: OpenedTensor,
  [keepDims, ...axes]: readonly number[],
  at: readonly number[],
  terms: Terms,
): number {
  const extents = axes.map((axis) => x.shape[axis] as number);
  const count = extents.reduce((product, extent) => product * extent, 1);
  let total = terms.before ?? 0;
  for (let r = 0; r < count; r++) {
    if (!inRange(terms, r)) continue;
    const inner = unflatten(extents, r);
    const kept = [...at];
    const coordinates = x.shape.map((_, axis) => {
      const reduced = axes.indexOf(axis);
      if (keepDims === 1) {
        const own = kept[axis] as number;
        return reduced < 0 ? own : (inner[reduced] as number);
      }
      return reduced < 0 ? (kept.shift() as number) : (inner[reduced] as number);
    });
    total += x.at(...coordinates);
  }
  return total;
}

function flatten(shape: readonly number[], at: readonly number[]): number {
  return shape.reduce((index, dimension, axis) => index * dimension + (at[axis] as number), 0);
}

function unflatten(shape: readonly number[], index: number): number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((dimension) => {
      const at = rest % dimension;
      rest = Math.floor(rest / dimension);
      return at;
    })
    .reverse();
}
