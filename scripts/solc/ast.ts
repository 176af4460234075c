/** A node of the compiler's syntax tree; the fields that readers here use. */
export interface AstNode {
  readonly id: number;
  readonly nodeType: string;
  readonly src: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && "nodeType" in value;
}

/** All nodes of the given types at and below `root`. */
export function nodesOf(root: unknown, ...types: string[]): AstNode[] {
  if (Array.isArray(root)) return root.flatMap((each) => nodesOf(each, ...types));
  if (typeof root !== "object" || root === null) return [];
  const below = Object.values(root).flatMap((each) =>
    typeof each === "object" ? nodesOf(each, ...types) : [],
  );
  return isNode(root) && types.includes(root.nodeType) ? [root, ...below] : below;
}
