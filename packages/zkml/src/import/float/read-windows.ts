import type { Window } from "../../ir/graph.ts";
import type { Shape } from "../../ir/tensor.ts";
import type { NodeReader } from "../../onnx/operands.ts";

type Pair = readonly [number, number];

/**
 * Window attributes of Conv and the pools, with auto_pad and ceil_mode resolved to pads.
 * @param shape [N, C, H, W] of the input.
 */
export function readWindow(node: NodeReader, shape: Shape, weights?: Shape): Window {
  const kernel = node.attributeInts("kernel_shape") ?? weights?.slice(2);
  const strides = node.attributeInts("strides") ?? [1, 1];
  const dilations = node.attributeInts("dilations") ?? [1, 1];
  const given = node.attributeInts("pads");
  const padding = node.attributeString("auto_pad", "NOTSET");
  const lists = [kernel, strides, dilations];
  if (shape.length !== 4 || lists.some((list) => list?.length !== 2)) {
    throw node.unsupported(
      "only two-dimensional windows over [N, C, H, W] are supported; add an axis of one to sequences",
    );
  }
  if (given !== undefined && given.length !== 4) throw node.unsupported("it needs four pads");
  const sizes = [...(lists.flat() as number[]), ...(given ?? [])];
  if (sizes.some((size) => !Number.isInteger(size) || size < 0 || size > 65_535)) {
    throw node.unsupported("its window is negative or too large");
  }
  const window = {
    kernel: kernel as unknown as Pair,
    strides: strides as unknown as Pair,
    dilations: dilations as unknown as Pair,
  };
  if (strides.includes(0)) throw node.unsupported("its strides must be at least 1");
  const pads = autoPads(node, padding, window, shape) ?? given ?? [0, 0, 0, 0];
  return { ...window, pads: pads as unknown as Window["pads"] };
}

function autoPads(
  node: NodeReader,
  padding: string,
  { kernel, strides, dilations }: Omit<Window, "pads">,
  shape: Shape,
): readonly number[] | undefined {
  if (padding === "NOTSET") return undefined;
  if (padding === "VALID") return [0, 0, 0, 0];
  if (padding !== "SAME_UPPER" && padding !== "SAME_LOWER") {
    throw node.unsupported(`auto_pad ${padding} is not known; write the pads out`);
  }
  const totals = ([0, 1] as const).map((axis) => {
    const extent = shape[axis + 2] as number;
    const outputs = Math.ceil(extent / strides[axis]);
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    return Math.max((outputs - 1) * strides[axis] + reach - extent, 0);
  });
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  return padding === "SAME_UPPER" ? [...small, ...large] : [...large, ...small];
}

/** With ceil_mode, pads at the end that make rounding down give as many outputs as rounding up. */
export function withCeilMode(window: Window, shape: Shape): Window {
  const { kernel, strides, dilations, pads } = window;
  const extended = [...pads];
  for (const axis of [0, 1] as const) {
    const extent = shape[axis + 2] as number;
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const padded = extent + pads[axis] + pads[(axis + 2) as 2 | 3];
    let outputs = Math.ceil((padded - reach) / strides[axis]) + 1;
    // A last window that would start in the end padding is left out.
    if ((outputs - 1) * strides[axis] >= extent + pads[axis]) outputs--;
    const missing = (outputs - 1) * strides[axis] + reach - padded;
    if (missing > 0) extended[axis + 2] = (extended[axis + 2] as number) + missing;
  }
  return { ...window, pads: extended as unknown as Window["pads"] };
}
