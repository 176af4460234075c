import { type AstNode, nodesOf } from "../solc/ast.ts";
import { analyse, protocolSources, type SolcContract, type Sources } from "../solc/compile.ts";

/** A contract, interface or library of the analysed sources. */
export interface Declared {
  readonly node: AstNode;
  readonly name: string;
  readonly file: string;
  /** Itself and all it inherits, most derived first. */
  readonly bases: readonly number[];
  readonly compiled: SolcContract | undefined;
}

/** All declarations of the protocol's sources and their imports, by the compiler's ids. */
export interface Program {
  readonly nodes: ReadonlyMap<number, AstNode>;
  readonly contracts: ReadonlyMap<number, Declared>;
  /** The contract in which a function, modifier, event or error is declared. */
  readonly owners: ReadonlyMap<number, Declared>;
  readonly sources: ReadonlyMap<string, string>;
}

const MEMBERS = [
  "FunctionDefinition",
  "ModifierDefinition",
  "EventDefinition",
  "ErrorDefinition",
  "VariableDeclaration",
];

/** True for what this repository declares, as opposed to what it imports from packages. */
export const isOurs = (declared: Declared) => declared.file.startsWith("contracts/");

/** Analyses the contracts, which takes some seconds. Throws SolcError when they do not compile. */
export function readProgram(sources: Sources = protocolSources()): Program {
  const output = analyse(sources, {
    "": ["ast"],
    "*": ["abi", "userdoc", "devdoc", "evm.methodIdentifiers"],
  });
  const nodes = new Map<number, AstNode>();
  const contracts = new Map<number, Declared>();
  const owners = new Map<number, Declared>();
  for (const [file, { ast }] of Object.entries(output.sources)) {
    for (const node of nodesOf(ast, ...MEMBERS)) nodes.set(node.id, node);
    for (const node of nodesOf(ast, "ContractDefinition")) {
      const name = node.name ?? "";
      const declared: Declared = {
        node,
        name,
        file,
        bases: node.linearizedBaseContracts as number[],
        compiled: output.contracts?.[file]?.[name],
      };
      contracts.set(node.id, declared);
      for (const member of node.nodes as AstNode[]) owners.set(member.id, declared);
    }
  }
  return { nodes, contracts, owners, sources: new Map(Object.entries(sources)) };
}

/** The deployable contract of this name. Throws when there is none. */
export function contractNamed(program: Program, name: string): Declared {
  const found = [...program.contracts.values()].find(
    (each) => each.name === name && each.node.contractKind === "contract" && isOurs(each),
  );
  if (!found) throw new Error(`There is no contract ${name}.`);
  return found;
}

/** Functions of `contract` that are in force, most derived first; abstract declarations are left out. */
export function functionsOf(program: Program, contract: Declared): AstNode[] {
  return contract.bases.flatMap((id) =>
    ((program.contracts.get(id)?.node.nodes ?? []) as AstNode[]).filter(
      ({ nodeType, implemented }) => nodeType === "FunctionDefinition" && implemented === true,
    ),
  );
}
