import type { Window } from "../ir/graph.ts";
import type { NodeReader } from "./operands.ts";

/** @throws ZkmlError UNSUPPORTED_ATTRIBUTE unless the window is two-dimensional with written pads. */
export function lowerWindow(node: NodeReader, kernel: readonly number[]): Window {
  const padding = node.attributeString("auto_pad", "NOTSET");
  const pads = node.attributeInts("pads") ?? [0, 0, 0, 0];
  if (padding !== "NOTSET" && padding !== "VALID") {
    throw node.unsupported(`auto_pad ${padding} is not supported; write the pads out`);
  }
  const strides = node.attributeInts("strides") ?? [1, 1];
  const dilations = node.attributeInts("dilations") ?? [1, 1];
  if ([kernel, strides, dilations].some((list) => list.length !== 2) || pads.length !== 4) {
    throw node.unsupported("only two-dimensional windows are supported");
  }
  return {
    kernel: kernel as unknown as Window["kernel"],
    strides: strides as unknown as Window["strides"],
    dilations: dilations as unknown as Window["dilations"],
    pads: (padding === "VALID" ? [0, 0, 0, 0] : pads) as unknown as Window["pads"],
  };
}
