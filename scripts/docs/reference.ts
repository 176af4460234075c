import { Fragment, id } from "ethers";
import type { AstNode } from "../solc/ast.ts";
import type { AbiItem, AbiParameter, NatSpec, SolcDocs } from "../solc/compile.ts";
import { contractNamed, type Declared, functionsOf, isOurs, type Program } from "./program.ts";
import { type Reverts, revertsOf } from "./reverts.ts";

/** A function, event or error with its NatSpec on one line. */
export interface Entry {
  readonly name: string;
  /** Name, parameters with their types and, for functions, what it returns. */
  readonly signature: string;
  readonly notice: string;
  /** What `@dev` says; empty for most. */
  readonly details: string;
}

export interface FunctionEntry extends Entry {
  readonly readOnly: boolean;
  /** True when access is managed: governance, or whom it gave the role. */
  readonly restricted: boolean;
  readonly reverts: Reverts;
}

/** A value fixed in a contract's code: a constant with its expression, or one set at deployment. */
export interface FixedValue {
  readonly name: string;
  readonly type: string;
  readonly value: string | undefined;
  readonly notice: string;
}

/** All that a contract of ours shows to the outside, apart from what packages bring. */
export interface Reference {
  readonly contract: Declared;
  readonly functions: readonly FunctionEntry[];
  readonly events: readonly Entry[];
  readonly errors: readonly Entry[];
  readonly fixed: readonly FixedValue[];
  /** Signatures of functions that packages bring. */
  readonly inherited: readonly string[];
}

const oneLine = (text: string | undefined) => (text ?? "").replaceAll(/\s+/g, " ").trim();

/** Reads a contract's reference out of the compiler's output. */
export function referenceOf(program: Program, name: string): Reference {
  const contract = contractNamed(program, name);
  const abi = contract.compiled?.abi ?? [];
  const implemented = new Map(
    functionsOf(program, contract)
      .reverse()
      .map((node) => [`0x${String(node.functionSelector)}`, node]),
  );
  const ours = (node: AstNode | undefined) => {
    const owner = node && program.owners.get(node.id);
    return node !== undefined && owner !== undefined && isOurs(owner) ? node : undefined;
  };
  const functions: FunctionEntry[] = [];
  const inherited: string[] = [];
  const fixed = fixedValues(program, contract);
  for (const item of abi.filter(({ type }) => type === "function")) {
    const node = ours(implemented.get(id(canonical(item)).slice(0, 10)));
    if (node) functions.push(functionEntry(program, contract, item, node));
    else if (!fixed.some(({ name }) => name === item.name)) inherited.push(item.name ?? "");
  }
  return {
    contract,
    functions,
    events: declared(program, contract, "usedEvents", abi),
    errors: declared(program, contract, "usedErrors", abi),
    fixed,
    inherited: [...new Set(inherited)].sort(),
  };
}

function functionEntry(
  program: Program,
  contract: Declared,
  item: AbiItem,
  node: AstNode,
): FunctionEntry {
  const modifiers = (node.modifiers ?? []) as { modifierName: AstNode }[];
  return {
    ...entry(
      item,
      docsOf(contract, (docs) => docs.methods?.[canonical(item)]),
    ),
    readOnly: item.stateMutability === "view" || item.stateMutability === "pure",
    restricted: modifiers.some(({ modifierName }) => modifierName.name === "restricted"),
    reverts: revertsOf(program, contract, node),
  };
}

/** Events or errors that the contract uses and that are declared here, by name. */
function declared(
  program: Program,
  contract: Declared,
  used: "usedEvents" | "usedErrors",
  abi: readonly AbiItem[],
): Entry[] {
  const names = new Set(
    (contract.node[used] as number[])
      .filter((id) => {
        const owner = program.owners.get(id);
        return owner === undefined || isOurs(owner);
      })
      .map((id) => program.nodes.get(id)?.name),
  );
  const kind = used === "usedEvents" ? "event" : "error";
  return abi
    .filter(({ type, name }) => type === kind && names.has(name))
    .map((item) =>
      entry(
        item,
        docsOf(contract, ({ events, errors }) =>
          kind === "event" ? events?.[canonical(item)] : errors?.[canonical(item)]?.[0],
        ),
      ),
    );
}

function docsOf(contract: Declared, pick: (docs: SolcDocs) => NatSpec | undefined): NatSpec {
  const { userdoc, devdoc } = contract.compiled ?? {};
  return { ...(devdoc && pick(devdoc)), ...(userdoc && pick(userdoc)) };
}

function fixedValues(program: Program, contract: Declared): FixedValue[] {
  return contract.bases
    .toReversed()
    .map((id) => program.contracts.get(id))
    .filter((base) => base !== undefined && isOurs(base))
    .flatMap((base) => (base?.node.nodes ?? []) as AstNode[])
    .filter(
      ({ nodeType, visibility, mutability, constant }) =>
        nodeType === "VariableDeclaration" &&
        visibility === "public" &&
        (constant === true || mutability === "immutable"),
    )
    .map((node) => ({
      name: node.name ?? "",
      type: typeName((node.typeDescriptions as { typeString: string }).typeString),
      value: node.constant === true ? sourceOf(program, node.value as AstNode, node) : undefined,
      notice: oneLine(
        (node.documentation as { text?: string } | undefined)?.text?.replaceAll(/@\w+ /g, ""),
      ),
    }));
}

function sourceOf(program: Program, value: AstNode, variable: AstNode): string {
  const [start = 0, length = 0] = value.src.split(":").map(Number);
  const file = program.owners.get(variable.id)?.file ?? "";
  // Offsets count bytes.
  const bytes = Buffer.from(program.sources.get(file) ?? "");
  return bytes.subarray(start, start + length).toString("utf8");
}

function entry(item: AbiItem, { notice, details }: NatSpec): Entry {
  const returns =
    item.outputs && item.outputs.length > 0 ? ` → ${item.outputs.map(parameter).join(", ")}` : "";
  return {
    name: item.name ?? "",
    signature: `${item.name}(${(item.inputs ?? []).map(parameter).join(", ")})${returns}`,
    notice: oneLine(notice),
    details: oneLine(details),
  };
}

/** Signature as selectors and NatSpec know it. */
const canonical = (item: AbiItem) => Fragment.from(item).format("sighash");

function parameter({ type, internalType, name }: AbiParameter): string {
  const shown = typeName(internalType ?? type);
  return name === "" ? shown : `${shown} ${name}`;
}

const typeName = (type: string) =>
  type.replace(/^(struct|enum|contract) /, "").replace(/^\w+\./, "");
