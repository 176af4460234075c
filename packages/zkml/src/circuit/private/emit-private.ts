import { ZkmlError } from "../../errors/zkml-error.ts";
import type { CircuitValue, CircuitWriter } from "../circuit-writer.ts";
import type { LinearPlan } from "./plan.ts";
import type { LinearNode } from "./private-constants.ts";

/** Products whose sums the model's template claims and the proof's template checks. */
export interface Identity {
  /** Number of the identity; it ends the names of its signals. */
  readonly index: number;
  readonly input: CircuitValue;
  readonly weights: CircuitValue;
  readonly claim: CircuitValue;
  /** Instance of the template that checks the claims of so many jobs. */
  readonly check: (jobs: number) => string;
  /** Emits the digest, once the value that bounds the claim is there. */
  readonly emitDigest: () => void;
}

/** Every product of a linear node by a constraint of its own. */
export function emitProducts(writer: CircuitWriter, node: LinearNode): void {
  const { input, weights, parameters } = operands(writer, node);
  const out = writer.declare(node.output);
  const template = node.op === "MatMulInteger" ? "MatMulPrivate" : "ConvPrivate";
  writer.statement(
    `${out.array} <== ${template}(${parameters(1)})(${input.array}, ${weights.array});`,
  );
}

/** The sums of a linear node as claims, bounded so that their digest binds them. */
export function emitClaim(writer: CircuitWriter, plan: LinearPlan, index: number): Identity {
  const { node, bound } = plan;
  const { input, weights, parameters } = operands(writer, node);
  const claim = writer.declare(node.output);
  const kind = node.op === "MatMulInteger" ? "MatMul" : "Conv";
  writer.statement(
    `${claim.array} <== ${kind}Claim(${parameters(1)})(${input.array}, ${weights.array});`,
  );
  if (!bound.checked) {
    const check = `_ <== SignedBits(${bound.width})(${claim.array}[i]);`;
    writer.statement(`for (var i = 0; i < ${claim.count}; i++) { ${check} }`);
  }
  const emitDigest = (): void => {
    const { array, count } = writer.value(bound.value);
    writer.comment(`Claims ${index}, for the challenge and the check outside.`);
    writer.statement(`claimDigest${index} <== ClaimDigest(${bound.width}, ${count})(${array});`);
    writer.statement(`claimInput${index} <== ${input.array};`);
    writer.statement(`claim${index} <== ${claim.array};`);
  };
  const check = (jobs: number) => `${kind}Check(${parameters(jobs)})`;
  return { index, input, weights, claim, check, emitDigest };
}

interface Operands {
  readonly input: CircuitValue;
  readonly weights: CircuitValue;
  /** Template parameters for the rows, or images, of so many jobs. */
  readonly parameters: (jobs: number) => string;
}

function operands(writer: CircuitWriter, node: LinearNode): Operands {
  const [input, weights] = [writer.value(node.inputs[0]), writer.value(node.inputs[1])];
  const { shape } = weights.info;
  if (node.op === "MatMulInteger") {
    const [inner = 1, columns = 1] = shape;
    if (shape.length !== 2 || !writer.graph.inputs.includes(weights.info)) {
      throw new ZkmlError(
        "UNSUPPORTED_ATTRIBUTE",
        `node "${node.name}" (${node.op}) cannot be proven: its second operand has shape ` +
          `[${shape.join(", ")}]; use a constant of rank 2`,
        { node: node.name, operator: node.op },
      );
    }
    const rows = input.count / inner;
    const parameters = (jobs: number) =>
      `${jobs * rows}, ${inner}, ${columns}, ${node.aZeroPoint}, ${node.bZeroPoint}`;
    return { input, weights, parameters };
  }
  const { kernel, strides, dilations, pads } = node.window;
  const [batch = 1, ...image] = input.info.shape;
  const [, ...out] = (writer.graph.values.get(node.output)?.shape ?? []).values();
  const window = [...kernel, ...strides, ...dilations, pads[0], pads[1]];
  const parameters = (jobs: number) =>
    `[${[jobs * batch, ...image]}], [${[...out, node.groups]}], [${window}], ` +
    `${node.xZeroPoint}, ${node.wZeroPoint}`;
  return { input, weights, parameters };
}
