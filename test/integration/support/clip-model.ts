import { GraphBuilder, writeOnnx } from "@lattice/zkml";

/** A model of one operator, whose key builds in seconds: four bytes, none above 100. */
export function clipModel(): Uint8Array {
  const builder = new GraphBuilder("clip-to-100");
  builder.addInput({ name: "x", elementType: "uint8", shape: [1, 4] });
  builder.addNode({ name: "clip", op: "Clip", inputs: ["x"], output: "y", min: 0, max: 100 });
  return writeOnnx(builder.finish(["y"]));
}
