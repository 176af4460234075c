import { id, keccak256, toBeHex } from "ethers";
import { type AstNode, nodesOf } from "../solc/ast.ts";
import type { SolcOutput } from "../solc/compile.ts";

/** A struct that ERC-7201 gives its own place in storage. */
export interface Namespace {
  /** As after `erc7201:` in the annotation. */
  readonly id: string;
  /** The struct's name from outside its contract, such as `ProviderPools.PoolsStorage`. */
  readonly struct: string;
  readonly file: string;
  /** The contract or library that declares it; undefined when it stands outside of them. */
  readonly declaredBy: number | undefined;
}

/** The slot at which ERC-7201 puts a namespace. */
export function namespaceSlot(namespace: string): string {
  const outer = keccak256(toBeHex(BigInt(id(namespace)) - 1n, 32));
  return toBeHex(BigInt(outer) & ~0xffn, 32);
}

/** Every annotated struct of the sources. */
export function namespacesOf({ sources }: SolcOutput): Namespace[] {
  return Object.entries(sources).flatMap(([file, { ast }]) => {
    const declaring = new Map(
      nodesOf(ast, "ContractDefinition").flatMap((contract) =>
        nodesOf(contract, "StructDefinition").map((struct) => [struct.id, contract.id]),
      ),
    );
    return nodesOf(ast, "StructDefinition").flatMap((struct) => {
      const annotation = annotationOf(struct);
      if (annotation === undefined) return [];
      const declaredBy = declaring.get(struct.id);
      return [{ id: annotation, struct: String(struct.canonicalName), file, declaredBy }];
    });
  });
}

function annotationOf(struct: AstNode): string | undefined {
  const { documentation } = struct as { documentation?: { text: string } | null };
  return /@custom:storage-location erc7201:(\S+)/.exec(documentation?.text ?? "")?.[1];
}

/**
 * Compares the slots that a file's assembly points storage at with those of the namespaces declared in it: they must
 * be the same set. Returns what is wrong, one line each.
 */
export function slotFaults({ sources }: SolcOutput, namespaces: readonly Namespace[]): string[] {
  return Object.entries(sources).flatMap(([file, { ast }]) => {
    const declared = new Map(
      namespaces
        .filter((namespace) => namespace.file === file)
        .map((namespace) => [namespaceSlot(namespace.id), namespace.id]),
    );
    const used = usedSlots(ast);
    const unknown = used
      .filter(({ slot }) => slot === undefined || !declared.has(slot))
      .map(
        ({ text, slot }) =>
          `${file}: storage is read at ${text}${slot && slot !== text ? ` (${slot})` : ""}, which is the ERC-7201 slot of no namespace declared in this file. Slots: ${[...declared].map(([value, name]) => `${name} ${value}`).join(", ") || "none"}.`,
      );
    const unused = [...declared]
      .filter(([slot]) => !used.some((each) => each.slot === slot))
      .map(
        ([slot, name]) =>
          `${file}: no assembly points at the namespace ${name}. Its slot is ${slot}.`,
      );
    return [...unknown, ...unused];
  });
}

interface UsedSlot {
  readonly text: string;
  /** Undefined when the value is known only when the code runs. */
  readonly slot: string | undefined;
}

interface ExternalReference {
  readonly declaration: number;
  readonly src: string;
  readonly isSlot?: boolean;
}

/** Values assigned to `x.slot` in assembly. */
function usedSlots(ast: unknown): UsedSlot[] {
  const constants = new Map(
    nodesOf(ast, "VariableDeclaration").map((variable) => [variable.id, variable]),
  );
  return nodesOf(ast, "InlineAssembly").flatMap((assembly) => {
    const references = assembly.externalReferences as readonly ExternalReference[];
    return nodesOf(assembly.AST, "YulAssignment")
      .filter(({ variableNames }) =>
        (variableNames as AstNode[]).some(({ name }) => name?.endsWith(".slot")),
      )
      .map(({ value }) => {
        const node = value as AstNode & { value?: string };
        const reference = references.find(({ src }) => src === node.src);
        const constant = reference && constants.get(reference.declaration);
        const literal = constant
          ? (constant.value as { value?: string } | null)?.value
          : node.value;
        const text = node.name ?? node.value ?? node.nodeType;
        return { text, slot: literal === undefined ? undefined : toBeHex(BigInt(literal), 32) };
      });
  });
}
