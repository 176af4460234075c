import { createHash } from "node:crypto";
import { type AstNode, nodesOf } from "../solc/ast.ts";
import { analyse } from "../solc/compile.ts";

/** One small change of one source file, which some test should notice. */
export interface Mutant {
  /** The same for the same change of the same text: results are kept by it. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** Function or modifier that it changes. */
  readonly place: string;
  readonly original: string;
  readonly replacement: string;
  /** The whole file, changed. */
  readonly text: string;
}

/** Bytes [from, to) of the source, and what takes their place. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** What to show of the source around it; the bytes alone when undefined. */
  readonly within?: { readonly from: number; readonly to: number };
}

const SWAPS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "&&": ["||"],
  "||": ["&&"],
  "+=": ["-=", "="],
  "-=": ["+=", "="],
};

const DROPPABLE = ["ExpressionStatement", "EmitStatement"];

/** Every mutant of `file`, whose text is `source`, in the order of the text. */
export function mutantsOf(file: string, source: string, others: Record<string, string> = {}) {
  const { sources } = analyse({ ...others, [file]: source }, { "": ["ast"] });
  const bytes = Buffer.from(source);
  const places = nodesOf(sources[file]?.ast, "FunctionDefinition", "ModifierDefinition").filter(
    ({ implemented, nodeType }) => implemented === true || nodeType === "ModifierDefinition",
  );
  return places.flatMap((place) =>
    editsOf(place, bytes)
      .sort((left, right) => left.from - right.from || left.to - right.to)
      .map((edit) => mutant(file, bytes, nameOf(place), edit)),
  );
}

function mutant(file: string, bytes: Buffer, place: string, edit: Edit): Mutant {
  const { from, to, text, within = edit } = edit;
  const slice = (start: number, end: number) => bytes.subarray(start, end).toString();
  const whole = slice(0, from) + text + slice(to, bytes.length);
  const show = (value: string) => value.replaceAll(/\s+/g, " ").trim();
  return {
    id: createHash("sha256").update(`${file}\n${whole}`).digest("hex").slice(0, 12),
    file,
    line: slice(0, from).split("\n").length,
    place,
    original: show(slice(within.from, within.to)),
    replacement: show(slice(within.from, from) + text + slice(to, within.to)),
    text: whole,
  };
}

const nameOf = ({ kind, name }: AstNode) => (kind === "constructor" ? "constructor" : `${name}`);

function rangeOf({ src }: AstNode): { from: number; to: number } {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { from: start, to: start + length };
}

function editsOf(place: AstNode, bytes: Buffer): Edit[] {
  const textOf = (node: AstNode) => {
    const { from, to } = rangeOf(node);
    return bytes.subarray(from, to).toString();
  };
  return [
    ...nodesOf(place.body, "BinaryOperation", "Assignment").flatMap((node) =>
      operatorEdits(node, bytes),
    ),
    ...nodesOf(place.body, "BinaryOperation").flatMap((node) => roundingEdits(node, textOf)),
    ...nodesOf(place.body, ...DROPPABLE, "VariableDeclarationStatement", "Return").flatMap(
      (statement) =>
        nodesOf(statement, "Literal")
          .filter(({ kind }) => kind === "bool")
          .map((node) => ({
            ...rangeOf(node),
            text: node.value === "true" ? "false" : "true",
            within: rangeOf(statement),
          })),
    ),
    ...nodesOf(place.body, "UnaryOperation")
      .filter(({ operator }) => operator === "!")
      .map((node) => ({ ...rangeOf(node), text: textOf(node.subExpression as AstNode) })),
    ...nodesOf(place.body, ...DROPPABLE)
      // Assembly has no statements of these kinds; an empty block may stand wherever a statement may.
      .map((node) => ({ from: rangeOf(node).from, to: endOfStatement(node, bytes), text: "{}" })),
    ...nodesOf(place.body, "IfStatement").flatMap((node) =>
      // A check that always fails is noticed by anything; one that never does is what could hide.
      (reverts(node.trueBody) ? ["false"] : ["true", "false"]).map((text) => ({
        ...rangeOf(node.condition as AstNode),
        text,
      })),
    ),
    ...nodesOf(place.modifiers, "ModifierInvocation")
      .filter(({ kind }) => kind === "modifierInvocation")
      .map((node) => ({ ...rangeOf(node), text: "" })),
  ];
}

function reverts(body: unknown): boolean {
  const { nodeType, statements } = body as AstNode;
  if (nodeType !== "Block") return nodeType === "RevertStatement";
  return (statements as AstNode[]).every((each) => each.nodeType === "RevertStatement");
}

/** A node's range may or may not include its semicolon. */
function endOfStatement(node: AstNode, bytes: Buffer): number {
  const { to } = rangeOf(node);
  const next = /^\s*;/.exec(bytes.subarray(to, to + 20).toString());
  return bytes[to - 1] === 0x3b || !next ? to : to + next[0].length;
}

/** The operator stands between both sides, apart from brackets and blanks. */
function operatorEdits(node: AstNode, bytes: Buffer): Edit[] {
  const left = (node.leftExpression ?? node.leftHandSide) as AstNode;
  const right = (node.rightExpression ?? node.rightHandSide) as AstNode;
  const operator = String(node.operator);
  const { to } = rangeOf(left);
  const between = bytes.subarray(to, rangeOf(right).from).toString();
  const from = to + Buffer.byteLength(between.slice(0, between.indexOf(operator)));
  return (SWAPS[operator] ?? []).map((text) => ({
    from,
    to: from + operator.length,
    text,
    within: rangeOf(node),
  }));
}

/** Divisions by a rate's unit: up becomes down, down becomes up. */
function roundingEdits(node: AstNode, textOf: (node: AstNode) => string): Edit[] {
  if (node.operator !== "/") return [];
  const [dividend, unit] = [node.leftExpression, node.rightExpression].map((side) =>
    textOf(side as AstNode),
  ) as [string, string];
  if (!/PPM$/.test(unit)) return [];
  const inner = dividend.replace(/^\((.+)\)$/s, "$1");
  const floor = inner.replace(
    new RegExp(`\\s*\\+\\s*${unit.replaceAll(".", "\\.")}\\s*-\\s*1$`),
    "",
  );
  const swapped = floor === inner ? `${inner} + ${unit} - 1` : floor;
  return [{ ...rangeOf(node), text: `(${swapped}) / ${unit}` }];
}

/** A repeatable choice of `count` of the items. */
export function sample<T>(items: readonly T[], count: number, seed: string): T[] {
  const rank = (index: number) => createHash("sha256").update(`${seed} ${index}`).digest("hex");
  return items
    .map((item, index) => ({ item, index, rank: rank(index) }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .slice(0, count)
    .sort((left, right) => left.index - right.index)
    .map(({ item }) => item);
}
