import type { ArithmeticNode, DivNode, GraphNode, ValueName } from "../ir/graph.ts";
import type { ElementType, IntegerTensor } from "../ir/tensor.ts";
import type { NodeReader } from "./operands.ts";

/** The nodes that one ONNX node becomes; values between them are named after the node. */
export class NodeSteps {
  readonly node: NodeReader;
  readonly nodes: GraphNode[] = [];

  constructor(node: NodeReader) {
    this.node = node;
  }

  /** Adds a node and returns the name of its value. */
  add(role: string, make: (parts: { name: string; output: string }) => GraphNode): ValueName {
    const name = `${this.node.name}.${role}`;
    this.nodes.push(make({ name, output: name }));
    return name;
  }

  /** Adds the last node, which gives the ONNX node's own output. */
  finish(make: (parts: { name: string; output: string }) => GraphNode): void {
    this.nodes.push(make({ name: this.node.name, output: this.node.output() }));
  }

  binary(
    op: (ArithmeticNode | DivNode)["op"],
    role: string,
    a: ValueName,
    b: ValueName | IntegerTensor,
  ): ValueName {
    const other = typeof b === "string" ? b : this.node.addConstant(`${role}.with`, b);
    return this.add(role, (parts) => ({ op, ...parts, inputs: [a, other] }));
  }

  clip(role: string, x: ValueName, min: number, max: number): ValueName {
    return this.add(role, (parts) => ({ op: "Clip", ...parts, inputs: [x], min, max }));
  }

  cast(role: string, x: ValueName, to: ElementType): ValueName {
    return this.add(role, (parts) => ({ op: "Cast", ...parts, inputs: [x], to }));
  }
}
