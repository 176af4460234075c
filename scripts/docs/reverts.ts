import { type AstNode, nodesOf } from "../solc/ast.ts";
import { type Declared, functionsOf, isOurs, type Program } from "./program.ts";

/** Why a function may revert, by errors that this repository declares. */
export interface Reverts {
  /** Names of errors that the contract itself throws, in the order of the code. */
  readonly own: readonly string[];
  /** Functions of other contracts whose errors come through, as "Contract.function". */
  readonly through: readonly string[];
}

interface Walk {
  readonly program: Program;
  readonly contract: Declared;
  readonly seen: Set<number>;
  readonly own: Set<string>;
  readonly external: Set<AstNode>;
}

/** What the code reachable from `entry`, as part of `contract`, may revert with. */
export function revertsOf(program: Program, contract: Declared, entry: AstNode): Reverts {
  const walk = walkFrom(program, contract, entry);
  const through = [...walk.external]
    .flatMap((called) => implementations(program, called))
    .filter((each) => each.contract !== contract)
    .filter((each) => fails(program, each.contract, each.node, new Set()))
    .map((each) => `${each.contract.name}.${each.node.name}`);
  return { own: [...walk.own], through: [...new Set(through)] };
}

function walkFrom(program: Program, contract: Declared, entry: AstNode): Walk {
  const walk = { program, contract, seen: new Set<number>(), own: new Set<string>() };
  const full: Walk = { ...walk, external: new Set() };
  visit(full, entry);
  return full;
}

function visit(walk: Walk, definition: AstNode): void {
  if (walk.seen.has(definition.id)) return;
  walk.seen.add(definition.id);
  for (const { modifierName } of (definition.modifiers ?? []) as { modifierName: AstNode }[]) {
    const modifier = walk.program.nodes.get(Number(modifierName.referencedDeclaration));
    if (modifier) visit(walk, modifier);
  }
  // What a try statement calls cannot make it revert.
  const tried = new Set(nodesOf(definition.body, "TryStatement").map((each) => each.externalCall));
  for (const call of nodesOf(definition.body, "FunctionCall")) {
    if (!tried.has(call)) follow(walk, call.expression as AstNode);
  }
}

function follow(walk: Walk, expression: AstNode): void {
  // Options such as {gas: …} wrap what is called.
  const callee = (
    expression.nodeType === "FunctionCallOptions" ? expression.expression : expression
  ) as AstNode;
  const target = walk.program.nodes.get(Number(callee.referencedDeclaration));
  const owner = target && walk.program.owners.get(target.id);
  if (target?.nodeType === "ErrorDefinition") {
    if (!owner || isOurs(owner)) walk.own.add(target.name ?? "");
  }
  if (target?.nodeType !== "FunctionDefinition" || !owner) return;
  const isMember = callee.nodeType === "MemberAccess" && !isSuper(callee.expression as AstNode);
  if (owner.node.contractKind === "library") visit(walk, target);
  else if (isMember && !isBaseName(walk, callee)) walk.external.add(target);
  else visit(walk, inForce(walk, target));
}

const isSuper = (expression: AstNode) => expression.name === "super";

/** True for `Base.function(…)`: a call of inherited code by the base's name. */
function isBaseName(walk: Walk, callee: AstNode): boolean {
  const { referencedDeclaration } = callee.expression as AstNode;
  return walk.program.contracts.has(Number(referencedDeclaration));
}

/** The most derived override of an inherited function. */
function inForce(walk: Walk, target: AstNode): AstNode {
  const overrides = (node: AstNode): boolean =>
    node.id === target.id ||
    ((node.baseFunctions ?? []) as number[]).some((id) => {
      const base = walk.program.nodes.get(id);
      return base !== undefined && overrides(base);
    });
  return functionsOf(walk.program, walk.contract).find(overrides) ?? target;
}

/** The deployed contracts that answer a call of an interface's function. */
function implementations(program: Program, called: AstNode) {
  const owner = program.owners.get(called.id);
  if (!owner || !isOurs(owner)) return [];
  return [...program.contracts.values()]
    .filter(({ node }) => node.contractKind === "contract" && node.abstract !== true)
    .filter(({ bases }) => bases.includes(owner.node.id))
    .flatMap((contract) => {
      const node = functionsOf(program, contract).find(
        (each) => each.functionSelector === called.functionSelector,
      );
      return node ? [{ contract, node }] : [];
    });
}

function fails(program: Program, contract: Declared, node: AstNode, seen: Set<number>): boolean {
  if (seen.has(node.id)) return false;
  seen.add(node.id);
  const walk = walkFrom(program, contract, node);
  if (walk.own.size > 0) return true;
  return [...walk.external]
    .flatMap((called) => implementations(program, called))
    .some((found) => fails(program, found.contract, found.node, seen));
}
