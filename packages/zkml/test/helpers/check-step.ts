import type { StepEvidence, TensorOpening } from "../../src/disputes/evidence-types.ts";
import {
  type CheckedRoots,
  expectSame,
  hashLeaf,
  type OpenedNode,
  type OpenedProgram,
  OpenedTensor,
  openProgram,
  readNode,
  rootFrom,
  traceRootOf,
  weightsRootOf,
} from "./opened-evidence.ts";
import { recompute } from "./recompute-step.ts";

/**
 * Judges a step from its evidence alone, as a contract does.
 * @returns True when the output is not what the node computes.
 * @throws Error when the evidence does not open the roots, or opens too little or too much.
 */
export function isWrongStep(evidence: StepEvidence, roots: CheckedRoots): boolean {
  const program = openProgram(evidence.program, roots.program);
  if (traceRootOf(program.inputs + program.nodes, evidence.traceTree) !== roots.trace) {
    throw new Error("another trace");
  }
  if (weightsRootOf(program.constants, evidence.weightsTree) !== roots.weights) {
    throw new Error("other weights");
  }
  const leaf = hashLeaf(evidence.node);
  const { nodeIndex, nodeSiblings } = evidence;
  const tree = rootFrom(leaf, nodeIndex, program.nodes, nodeSiblings);
  expectSame(tree, evidence.program.nodes, "the node");
  const node = readNode(evidence.node);
  const output = openTensor(evidence, program, node.output, evidence.output);
  const operands = evidence.operands.map((opening, i) =>
    openTensor(evidence, program, node.operands[i] as number, opening),
  );
  if (operands.length !== node.operands.length) throw new Error("wrong number of operands");
  const wrong = judge(node, operands, output, evidence);
  for (const tensor of [output, ...operands]) {
    if (tensor.unread().length > 0) throw new Error(`chunks ${tensor.unread()} are not read`);
  }
  return wrong;
}

function openTensor(
  evidence: StepEvidence,
  program: OpenedProgram,
  id: number,
  opening: TensorOpening,
): OpenedTensor {
  const { header, headerSiblings, siblings } = opening;
  const headers = rootFrom(hashLeaf(header), id, program.values, headerSiblings);
  expectSame(headers, evidence.program.values, "a header");
  const tensor = new OpenedTensor(opening);
  if (opening.chunkIndices.length === 0) {
    const rest = [opening.siblings, opening.chunks, opening.chunkProof];
    if (rest.some(({ length }) => length > 0)) throw new Error("a closed tensor has members");
    return tensor;
  }
  tensor.checkChunks();
  const constant = id >= program.inputs && id < program.inputs + program.constants;
  const leaf = hashLeaf(tensor.root);
  if (constant) {
    const tree = rootFrom(leaf, id - program.inputs, program.constants, siblings);
    expectSame(tree, evidence.weightsTree, "a constant");
  } else {
    const entry = id < program.inputs ? id : id - program.constants;
    const tree = rootFrom(leaf, entry, program.inputs + program.nodes, siblings);
    expectSame(tree, evidence.traceTree, "a tensor");
  }
  return tensor;
}

const ARG_MAX = 17;

function judge(
  node: OpenedNode,
  operands: readonly OpenedTensor[],
  output: OpenedTensor,
  { element, hint }: StepEvidence,
): boolean {
  const claimed = output.packed(element);
  const at = output.coordinates(element);
  if (node.op !== ARG_MAX) return claimed !== recompute(node, operands, output, at);
  const [x] = operands as [OpenedTensor];
  const [axis, keepDims] = node.parameters as [number, number];
  if (claimed < 0 || claimed >= (x.shape[axis] as number)) return true;
  const valueAt = (place: number) =>
    x.at(...(keepDims === 1 ? at.with(axis, place) : at.toSpliced(axis, 0, place)));
  const [stated, other] = [valueAt(claimed), valueAt(hint)];
  return other > stated || (other === stated && hint < claimed);
}
